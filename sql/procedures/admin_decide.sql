-- SPDX-License-Identifier: Apache-2.0
-- A second person does or refuses what one asked for (price: of finance or an administrator; all else: an administrator); who
-- asked may take it back. in_enrolment_digest: of a fresh token, used where an account is set up. Safe to call again: the same
-- decision of the same person answers as it did. Outcomes: done, refused, unauthenticated, forbidden, request_unknown,
-- request_decided, request_expired, decider_same, and what admin_ask and price_ask refuse: what was possible may not be any more.
create or replace function xuqi.admin_decide(
    in_token_digest bytea, in_request_id bigint, in_approve boolean, in_enrolment_digest bytea, in_enrolment_s bigint,
    out outcome text, out kind text, out subject text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    it     admin_request;
    wanted text := case when in_approve then 'done' else 'refused' end;
begin
    select * into it from admin_request where id = in_request_id;
    select * into caller from session_of(in_token_digest, case when it.kind = 'price' then array['administrator', 'finance']
                                                               else array['administrator'] end);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    if it.kind like 'staff%' then
        perform pg_advisory_xact_lock(hashtextextended('staff:' || it.subject, 0));
        perform from staff where name = it.subject for update; -- the account first, as staff_stop does
    end if;
    select * into it from admin_request where id = in_request_id for update;
    kind := it.kind;
    subject := it.subject;
    outcome := case when it.id is null then 'request_unknown'
                    when it.state = wanted and it.decided_by = caller.staff_id then wanted
                    when it.state <> 'asked' then 'request_decided'
                    when in_approve and it.expires_at <= clock_timestamp() then 'request_expired'
                    when in_approve and it.asked_by = caller.staff_id then 'decider_same'
                    when in_approve then admin_refusal(it.kind, it.subject, it.subject_version, it.roles, it.platforms,
                                                       caller.staff_id) end;
    if outcome is not null then
        return;
    end if;
    outcome := case when in_approve then admin_do(it, 'staff:' || caller.name, in_enrolment_digest, in_enrolment_s) end;
    if outcome is not null then -- a price: nothing was written
        return;
    end if;
    outcome := wanted;
    update admin_request set state = wanted, decided_by = caller.staff_id, decided_at = clock_timestamp() where id = it.id;
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'admin.' || it.kind || '.' || wanted, 'admin_request:' || it.id,
            it.subject || ': ' || it.was || ' -> ' || it.becomes);
end
$$;
