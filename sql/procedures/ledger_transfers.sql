-- SPDX-License-Identifier: Apache-2.0
-- What moved an account within some days, newest first, before the transfer given (0: from the newest): of one account, or
-- with in_owner '' of all of its kind. debit_fen and credit_fen are this account's sides; the other account stands beside
-- it. For finance and auditors.
-- Outcomes: ok in every row, or one row: empty (also of a kind that is not in the chart), unauthenticated, forbidden. Reads only.
create or replace function xuqi.ledger_transfers(
    in_token_digest bytea, in_kind text, in_owner text, in_from_day bigint, in_to_day bigint, in_platform text,
    in_before bigint, in_size bigint)
returns table (outcome text, transfer_id bigint, posting_id bigint, event_type text, event_key text, event_at timestamptz,
               posted_by text, owner text, debit_fen bigint, credit_fen bigint, other_kind text, other_owner text,
               reverses bigint)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    wanted account_kind := (select c.kind from account_chart as c where c.kind::text = in_kind);
    ids    bigint[];
begin
    outcome := match_refusal(in_token_digest);
    if outcome is not null then
        return next;
        return;
    end if;
    ids := ledger_legs_of(wanted, in_owner, day_begin(in_from_day), day_begin(in_to_day + 1), in_platform, in_before, in_size);
    return query
    select 'ok'::text, t.id, p.id, p.event_type, p.event_key, p.event_at, p.actor, case when it.debit then d.owner_key else c.owner_key end,
           case when it.debit then t.amount end, case when it.credit then t.amount end,
           case when it.debit then c.kind else d.kind end::text, case when it.debit then c.owner_key else d.owner_key end,
           p.reverses
      from transfer as t
      join posting as p on p.id = t.posting_id
      join account as d on d.id = t.debit_id
      join account as c on c.id = t.credit_id
      cross join lateral (select d.kind = wanted and (in_owner = '' or d.owner_key = in_owner) as debit,
                                 c.kind = wanted and (in_owner = '' or c.owner_key = in_owner) as credit) as it
     where t.id = any (ids)
     order by p.event_at desc, t.id desc;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
