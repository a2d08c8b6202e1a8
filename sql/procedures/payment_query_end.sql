-- SPDX-License-Identifier: Apache-2.0
-- A gateway was asked about an attempt. What it says is paid has been booked by payment_settle before, and comes here as the word
-- "paid" with the gateway's number. Records its word, with the differences of reconciliation that the question was about
-- (match_answered), and asks again at in_next_at, or at once where somebody wanted it meanwhile. in_final: "not found" and "not
-- paid" are the last word; "closed" is it as well for an attempt that we wanted closed.
-- Only the holder of the outbox row's current token may say so.
-- Outcomes: later, closed (never paid, by the gateway's word), settled (it is booked), denied (it is booked, and the gateway says
-- that it is not paid), person (nothing more to ask and no last word, or one that contradicts a notice: kept for a person), stale
-- (somebody else holds the row).
create or replace function xuqi.payment_query_end(
    in_id bigint, in_lease_token bigint, in_attempt_no text, in_word text, in_said text, in_read_at timestamptz,
    in_next_at timestamptz, in_final boolean, in_gateway_txn text default '', out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    task       outbox;
    attempt    payment_attempt;
    closing    boolean;
    difference record;
    verdict    text := '';
begin
    select * into difference from match_free(in_attempt_no);
    perform from renewal as r
       join "order" as o on o.renewal_no = r.renewal_no
       join payment_attempt as a on a.order_no = o.order_no
      where a.attempt_no = in_attempt_no for update of r;
    select * into task from outbox where id = in_id and lease_token = in_lease_token and state = 'leased' for update;
    if task.id is null or task.event <> in_attempt_no then
        outcome := 'stale';
        return;
    end if;
    select * into strict attempt from payment_attempt where attempt_no = in_attempt_no;
    if not difference.free then
        verdict := 'again';
    elsif difference.asked then
        verdict := match_answered(in_attempt_no, '', in_word, in_said, in_gateway_txn, in_read_at);
    end if;
    closing := in_final and in_word in ('not_found', 'not_paid', 'closed')
               or in_word = 'closed' and attempt.close_at is not null;
    outcome := case when attempt.state in ('paid', 'surplus')
                         then case verdict when 'again' then 'later' when 'denied' then 'denied' else 'settled' end
                    when attempt.wanted_at > in_read_at then 'later'
                    when closing and exists (select from payment_notice as n
                                              where n.attempt_no = in_attempt_no and n.verdict = 'asked') then 'person'
                    when closing and verdict <> 'again' then 'closed'
                    when in_next_at is null and verdict <> 'again' then 'person'
                    else 'later' end;
    update payment_attempt
       set asked = asked + 1, asked_at = now(), last_word = left(trim(in_word || ' ' || in_said), 100),
           state = case when state in ('paid', 'surplus') then state
                        when outcome = 'closed' then 'closed'
                        when outcome = 'person' or in_word = 'pending' then 'unknown'
                        when in_word in ('not_found', 'not_paid', 'closed') and state <> 'closed' then 'open'
                        else state end
     where attempt_no = in_attempt_no;
    if outcome = 'later' then
        update outbox
           set state = 'ready', lease_until = null, attempts = 0, last_error = in_word,
               run_at = case when attempt.wanted_at > in_read_at then now() + interval '1 second'
                             when not difference.free then now() + interval '5 seconds'
                             else coalesce(in_next_at, now() + interval '10 minutes') end
         where id = in_id;
    elsif outcome = 'person' then
        update outbox set state = 'dead', lease_until = null, last_error = in_word || ' ' || in_said where id = in_id;
        insert into audit_event (actor, action, object, detail)
        values ('jobs', 'payment.unknown', in_attempt_no, in_word || ' ' || in_said);
    else
        perform outbox_finish(in_id, in_lease_token, in_word);
        if outcome = 'closed' and attempt.state <> 'closed' then
            insert into audit_event (actor, action, object, detail)
            values ('gateway:' || attempt.gateway, 'payment.close', in_attempt_no, in_word || ' ' || in_said);
        end if;
    end if;
end
$$;
