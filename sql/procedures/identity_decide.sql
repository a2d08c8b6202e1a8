-- SPDX-License-Identifier: Apache-2.0
-- What the provider said of an open check: passed, failed, manual (it cannot judge) or void (no verdict). After in_failures
-- failures of one person the reviewer judges. Once the applicant has submitted, what comes late is void: it is not part of what was
-- submitted. Only the holder of the current lease. Outcomes: decided, stale.
create or replace function xuqi.identity_decide(
    in_check_id bigint, in_lease_token bigint, in_provider text, in_result text, in_reason text, in_similarity bigint,
    in_reference text, in_answer_sealed bytea, in_failures bigint, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    r       renewal;
    decided identity_check;
begin
    select * into r from renewal
     where renewal_no = (select c.renewal_no from identity_check as c where c.id = in_check_id) for update;
    update identity_check
       set state = case when r.status in ('draft', 'returned') then in_result else 'void' end,
           reason = case when r.status in ('draft', 'returned') then in_reason else 'late' end,
           provider = in_provider, similarity = in_similarity, reference = in_reference,
           answer_sealed = in_answer_sealed, decided_at = clock_timestamp(), next_look_at = null, lease_until = null,
           token_sealed = null, url_sealed = null
     where id = in_check_id and lease_token = in_lease_token and state = 'open'
    returning * into decided;
    outcome := case when found then 'decided' else 'stale' end;
    if outcome = 'stale' then
        return;
    end if;
    insert into audit_event (actor, action, object, detail)
    values ('jobs', 'identity.decide', decided.renewal_no,
            concat_ws(' ', decided.kind, decided.provider, decided.state, nullif(decided.reason, '')));
    if decided.state = 'failed'
       and (select count(*) from identity_check
             where renewal_no = decided.renewal_no and kind = decided.kind and person = decided.person
                and state = 'failed') >= in_failures then
        insert into identity_check (renewal_no, kind, state, provider, reason, decided_at)
        values (decided.renewal_no, decided.kind, 'manual', 'none', 'attempts', clock_timestamp());
    end if;
end
$$;
