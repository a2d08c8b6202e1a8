-- SPDX-License-Identifier: Apache-2.0
-- Reconciles a clearing day of a rail: joins statement and books both ways, raises each difference once with its class and
-- what is done about it, books the fees. in_fee_permyriad: the rate agreed with the gateway in 1/10000; negative: not
-- compared. Safe to call again, also at the same time: nothing is raised or booked twice.
-- Outcomes: matched, bill_missing (there is no bill of that day, or it is missing).
create or replace function xuqi.match_run(
    in_rail text, in_day text, in_fee_permyriad bigint,
    out outcome text, out payments bigint, out even bigint, out raised bigint, out waiting bigint, out opened bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    of_day date := in_day::date;
    held   bill_day;
begin
    perform pg_advisory_xact_lock(hashtextextended('match:' || in_rail, 0));
    select * into held from bill_day where rail = in_rail and day = of_day for update;
    if held.state is null or held.state not in ('loaded', 'empty') then
        outcome := 'bill_missing';
        return;
    end if;
    if held.runs = 0 then
        analyze bill_row, match_difference; -- so that the joins are planned for what has just been loaded
    end if;
    perform match_sweep(in_rail);
    perform match_carry(in_rail, of_day);
    even := match_theirs(in_rail, of_day, in_fee_permyriad);
    perform match_missing(in_rail, of_day);
    perform match_refunds(in_rail, of_day);
    perform match_act(in_rail, of_day);
    perform match_fee(in_rail, of_day);
    update bill_day set runs = runs + 1, matched_at = now(), even = match_run.even
     where rail = in_rail and day = of_day;
    outcome := 'matched';
    payments := held.payments;
    select count(*), count(*) filter (where state = 'waiting'), count(*) filter (where state = 'open')
      into raised, waiting, opened from match_difference where rail = in_rail and day = of_day;
    insert into audit_event (actor, action, object, detail)
    values ('jobs', 'match.run', in_rail || ':' || in_day,
            format('%s payments, %s even, %s differences', payments, even, raised));
end
$$;
