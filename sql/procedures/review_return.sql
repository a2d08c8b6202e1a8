-- SPDX-License-Identifier: Apache-2.0
-- Gives a renewal back to the applicant with what is to be corrected: fields ("agent.mobile") and materials
-- ("materials.agent_id", also of a kind that was not asked for), each with its reason. Approvals of before are void, the
-- payment stays. What cannot be corrected alone is named as well, for the same reason: the number with the type of a
-- document, a branch's code with its name, and a block that was left empty (the recipient, say) as a whole. Safe to call again: the same return of the same
-- content answers as it did.
-- Outcomes: returned, unauthenticated, forbidden, platform_forbidden, renewal_unknown, renewal_state, case_claimed, case_not_claimed,
-- case_changed (with who changed what when, if it is known), reviewer_same, reviewer_own, reviewer_account, key_reused, rate_limited (returns end at 99).
create or replace function xuqi.review_return(
    in_token_digest bytea, in_renewal_no text, in_content_hash bytea, in_names text[], in_reason_codes text[],
    in_reason_texts text[], in_version bigint default 0, in_key text default '', out outcome text, out status text,
    out version bigint, out changed_by text, out changed_at timestamptz, out changed text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    caller record;
    r      renewal;
    now_no bigint;
begin
    select * into caller from review_enter(in_token_digest, in_renewal_no, 'return', in_key, in_version);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    r := caller.r;
    status := r.status::text;
    version := r.version;
    if exists (select from renewal_return as e
                where e.renewal_no = in_renewal_no and e.staff_id = caller.staff_id and e.content_hash = in_content_hash
                  and not exists (
                      select from unnest(in_names, in_reason_codes, in_reason_texts) as given (name, code, said)
                       where not exists (select from return_item as i
                                          where i.renewal_no = e.renewal_no and i.round = e.round and i.name = given.name
                                            and i.reason_code = given.code and i.reason_text = given.said))) then
        outcome := 'returned';
        return;
    end if;
    select caller.changed_by, caller.changed_at, caller.changed into changed_by, changed_at, changed;
    outcome := case when caller.repeated = 'key_reused' then 'key_reused'
                    when r.renewal_no is null then 'renewal_unknown'
                    when changed_at is not null then 'case_changed'
                    else coalesce(review_refusal(r, caller.staff_id),
                                  case when in_content_hash is distinct from renewal_content_hash(in_renewal_no)
                                       then 'case_changed'
                                       when r.returns >= 99 then 'rate_limited' end) end;
    if outcome is not null then
        return;
    end if;

    update approval set voided_at = now() where renewal_no = in_renewal_no and voided_at is null;
    update renewal
       set status = 'returned', returns = returns + 1, reviews_done = 0, remind_at = now() + interval '7 days',
           reminders = 0, claimed_by = null, claimed_at = null, claimed_until = null
     where renewal_no = in_renewal_no
    returning renewal.status::text, returns into status, now_no;
    insert into renewal_return (renewal_no, round, staff_id, content_hash)
    values (in_renewal_no, now_no, caller.staff_id, in_content_hash);
    insert into return_item (renewal_no, round, name, reason_code, reason_text)
    select in_renewal_no, now_no, given.name, given.code, given.said
      from unnest(in_names, in_reason_codes, in_reason_texts) as given (name, code, said);
    if not found then
        raise exception 'renewal %: returned without naming anything', in_renewal_no using errcode = '23514';
    end if;
    -- A document's number with its type, a branch's code with its name.
    insert into return_item (renewal_no, round, name, reason_code, reason_text)
    select in_renewal_no, now_no, pair.other, i.reason_code, i.reason_text
      from (values ('agent.id_type', 'agent.id_number'), ('organisation.id_type', 'organisation.id_number'),
                   ('legal_person.id_type', 'legal_person.id_number'),
                   ('basic_account.bank_name', 'basic_account.bank_code'),
                   ('basic_account.bank_code', 'basic_account.bank_name')) as pair (name, other)
      join return_item as i on i.renewal_no = in_renewal_no and i.round = now_no and i.name = pair.name
        on conflict do nothing;
    -- A block that was left empty as a whole.
    insert into return_item (renewal_no, round, name, reason_code, reason_text)
    select in_renewal_no, now_no, member.name, i.reason_code, i.reason_text
      from renewal_personal(in_renewal_no) as p,
           (values ('recipient', array['recipient.name', 'recipient.mobile', 'recipient.address']),
                   ('organisation', array['organisation.name', 'organisation.id_type', 'organisation.id_number']),
                   ('legal_person', array['legal_person.name', 'legal_person.id_number', 'legal_person.mobile']),
                   ('basic_account', array['basic_account.name', 'basic_account.bank_name', 'basic_account.bank_code',
                                           'basic_account.number'])) as block (name, members),
           unnest(block.members) as member (name),
           lateral (select reason_code, reason_text from return_item
                     where renewal_no = in_renewal_no and round = now_no and name like block.name || '.%'
                     order by name limit 1) as i
     where case block.name when 'recipient' then p.recipient_masked = ''
                           else not exists (select from unnest(p.form_fields) as field (name)
                                             where field.name like block.name || '.%') end
        on conflict do nothing;
    version := review_step_add(r, caller.staff_id, 'return', in_key);
    perform enqueue('message', 'returned', in_renewal_no, now_no::text);
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'review.return', in_renewal_no, array_to_string(in_names, ' '));
    outcome := 'returned';
end
$$;
