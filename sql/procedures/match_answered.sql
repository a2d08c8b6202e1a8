-- SPDX-License-Identifier: Apache-2.0
-- A gateway's answer about an attempt, or with in_refund_no about a refund of it, that its bill and the books do not agree about:
-- it is kept with the difference, which is closed by it or becomes a person's. in_word, in_said: as of payment_query_end and
-- refund_end; in_gateway_txn: under which number it is paid; in_read_at: what is asked for later is not answered by it. Answers
-- "again" when it is no answer yet, "denied" when the gateway does not know what is booked here or billed there, otherwise "".
-- The caller holds the renewal's lock and the rail's (match_free). Internal.
create or replace function xuqi.match_answered(
    in_attempt_no text, in_refund_no text, in_word text, in_said text, in_gateway_txn text, in_read_at timestamptz) returns text
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    x       match_difference;
    word    text;
    verdict text := '';
begin
    for x in
        select * from match_difference as d
         where d.attempt_no = in_attempt_no and d.kind = case in_refund_no when '' then 'payment' else 'refund' end
           and (in_refund_no = '' or d.refund_no = in_refund_no) and d.state = 'open' and d.asked_at is not null
         order by d.id for update
    loop
        if x.asked_at > in_read_at then
            verdict := 'again';
            continue;
        end if;
        word := case when in_word = 'paid' and in_gateway_txn <> x.gateway_id then 'paid_otherwise' else in_word end;
        update match_difference
           set answer = word, answer_said = left(in_said, 100), answered_at = clock_timestamp(),
               action = case when word in ('pending', 'no_answer') and x.asked_at > now() - interval '1 day' then 'query'
                             -- a second payment, when the bill has both: match_act books it
                             when word = 'paid_otherwise' and x.class = 'long'
                                  and exists (select from bill_row as b where b.rail = x.rail and b.day = x.day and b.kind = 'payment'
                                                 and b.gateway_id = in_gateway_txn) then 'query'
                             else 'person' end,
               note = case when word = 'paid_otherwise' then left('paid under ' || in_gateway_txn, 500) else x.note end
         where id = x.id;
        perform match_sweep(x.rail, x.id);
        if word in ('pending', 'no_answer') and x.asked_at > now() - interval '1 day' then
            verdict := 'again';
        elsif word in ('not_paid', 'not_found', 'closed', 'mismatch', 'refused', 'failed')
              -- Alipay calls closed what has wholly gone back
              and not (word = 'closed' and exists (select from refund as f where f.attempt_no = in_attempt_no and f.state = 'done')) then
            verdict := 'denied';
            insert into audit_event (actor, action, object, detail)
            values ('gateway:' || x.rail, 'match.denied', x.gateway_id, left(format('%s of %s: %s %s', x.class, x.day, word, in_said), 500));
        end if;
    end loop;
    return verdict;
end
$$;
