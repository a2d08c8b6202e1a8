-- SPDX-License-Identifier: Apache-2.0
-- Acts on money that the statements up to a day have and we have not. Of an attempt of ours that is not paid the gateway is asked,
-- and its answer is booked as every other (paid late: surplus, to be refunded). Of one that has been paid it is a second
-- payment, and the statement's word is booked: surplus. Of no attempt of ours it goes to suspense, for a person. Internal;
-- safe to call again.
create or replace function xuqi.match_act(in_rail text, in_day date) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    strange record;
    booked  text;
begin
    for strange in
        select x.*, a.gateway as attempt_rail, a.queried, a.state as attempt_state
          from match_difference as x left join payment_attempt as a on a.attempt_no = x.attempt_no
         where x.rail = in_rail and x.day <= in_day and x.class = 'long' and x.kind = 'payment' and x.state = 'open'
           and x.booked_fen = 0 and x.action = 'query'
         order by x.renewal_no, x.id
    loop
        perform from renewal where renewal_no = strange.renewal_no for update;
        if strange.attempt_rail = in_rail and strange.attempt_state in ('paid', 'surplus') then
            select s.outcome into booked
              from bill_row as b, payment_settle(in_rail, strange.attempt_no, strange.gateway_id, strange.theirs_fen, b.at, '',
                   convert_to(format('statement %s of %s, line %s of file %s', in_rail, b.day, b.line, b.file_id), 'UTF8'),
                   'statement') as s
             where b.rail = in_rail and b.day = strange.day and b.kind = 'payment' and b.gateway_id = strange.gateway_id;
            continue when booked in ('surplus', 'settled', 'replayed');
        elsif strange.attempt_rail = in_rail and strange.queried then
            perform payment_ask(strange.attempt_no, now());
            update match_difference set asked_at = clock_timestamp() where id = strange.id and asked_at is null;
            continue;
        end if;
        perform match_post('statement_long', in_rail || ':' || strange.gateway_id, in_rail, strange.day, strange.theirs_fen,
                           'gateway:' || in_rail);
        update match_difference
           set action = 'person', booked_fen = strange.theirs_fen,
               note = case when strange.attempt_rail is null then 'no such attempt'
                           when strange.attempt_rail <> in_rail then 'attempt of another rail'
                           when booked is not null then 'a second payment of another amount'
                           else 'the gateway is not asked about this attempt' end
         where id = strange.id;
        insert into audit_event (actor, action, object, detail)
        values ('gateway:' || in_rail, 'match.long', strange.gateway_id, strange.theirs_fen::text);
    end loop;
    perform match_sweep(in_rail);
end
$$;
