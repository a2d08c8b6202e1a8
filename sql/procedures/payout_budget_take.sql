-- SPDX-License-Identifier: Apache-2.0
-- Takes an amount out of the day's budget (Beijing) of a purpose, unless that is exhausted: then the audit trail says so, once a
-- day. Internal.
create or replace function xuqi.payout_budget_take(in_purpose text, in_amount_fen bigint, in_budget_fen bigint) returns boolean
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    today date := beijing(clock_timestamp())::date;
begin
    insert into payout_budget (day, purpose, budget_fen) values (today, in_purpose, in_budget_fen)
        on conflict (day, purpose) do update set budget_fen = greatest(excluded.budget_fen, payout_budget.used_fen);
    update payout_budget set used_fen = used_fen + in_amount_fen
     where day = today and purpose = in_purpose and used_fen + in_amount_fen <= budget_fen;
    if found then
        return true;
    end if;
    update payout_budget set refused_at = clock_timestamp()
     where day = today and purpose = in_purpose and refused_at is null;
    if found then
        insert into audit_event (actor, action, object, detail)
        values ('jobs', 'payout.budget', today::text, format('%s exhausted at %s fen', in_purpose, in_budget_fen));
    end if;
    return false;
end
$$;
