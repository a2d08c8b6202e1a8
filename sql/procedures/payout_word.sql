-- SPDX-License-Identifier: Apache-2.0
-- What the bank said of a payout, or that it said nothing. in_word: pending (accepted, under way, unknown, no answer:
-- asked again in in_after_s seconds, with the same number), refused (the same; with a class in in_failure, kept until the
-- bank confirms it), paid, failed (with its class). in_last: the
-- quick looks are over; once the payout is in_unknown_days working days old as well, it is a person's (audit event
-- payout.unknown), and stays sent. in_asked: this was an answer to a question of ours.
-- Only whoever holds the row's current token may say so. Outcomes: later, paid, failed, person, stale.
create or replace function xuqi.payout_word(
    in_id bigint, in_lease_token bigint, in_client_id text, in_word text, in_failure text, in_said text,
    in_asked bigint, in_after_s bigint, in_last bigint, in_unknown_days bigint, in_code_days bigint,
    in_success_days bigint, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    it payout := payout_task(in_id, in_lease_token, in_client_id);
begin
    if it.client_id is null then
        outcome := 'stale';
        return;
    end if;
    update payout
       set asked = asked + in_asked, word = left(in_said, 100),
           asked_at = case in_asked when 0 then asked_at else clock_timestamp() end,
           failure = case in_word when 'refused' then in_failure else failure end
     where client_id = in_client_id;
    outcome := case when in_word in ('paid', 'failed') then in_word
                    when in_last <> 0 and it.sent_at is not null
                         and working_days_after(it.sent_at, in_unknown_days) <= clock_timestamp() then 'person'
                    else 'later' end;
    if outcome = 'later' then
        perform payout_later(in_id, clock_timestamp() + make_interval(secs => in_after_s), in_said);
    elsif outcome = 'person' then
        update outbox set state = 'dead', lease_until = null, last_error = left(in_said, 100) where id = in_id;
        insert into audit_event (actor, action, object, detail)
        values ('jobs', 'payout.unknown', payout_subject(it), in_client_id);
    else
        perform payout_end(in_client_id, outcome, case outcome when 'failed' then in_failure else '' end, in_said,
                           in_code_days, in_success_days);
    end if;
end
$$;
