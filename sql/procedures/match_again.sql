-- SPDX-License-Identifier: Apache-2.0
-- Finance wants a day fetched, where there is no bill yet, and reconciled once more. Safe to call again. Outcomes: asked,
-- unauthenticated, forbidden, bill_missing (the day is not over).
create or replace function xuqi.match_again(in_token_digest bytea, in_rail text, in_day text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
begin
    select * into caller from session_finance(in_token_digest);
    outcome := case when caller.outcome <> 'ok' then caller.outcome
                    when in_day::date > bill_day_of(in_rail, now()) then 'bill_missing'
                    else 'asked' end;
    if outcome = 'asked' then
        perform bill_ask(in_rail, in_day::date);
        insert into audit_event (actor, action, object)
        values ('staff:' || caller.name, 'match.ask', in_rail || ':' || in_day);
    end if;
end
$$;
