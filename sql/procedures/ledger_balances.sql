-- SPDX-License-Identifier: Apache-2.0
-- The chart of accounts over some days (since 1970-01-01, both counted): what each account stood at before (opening), what it
-- was debited and credited with, and what it stood at afterwards; a debit balance is positive. Accounts of banks and rails
-- stand alone, those of orders, payers, refunds and verifications together. From the last closed month on only the transfers
-- since are added up. in_rail: only that rail's accounts. in_platform: only postings about that platform's renewals; no
-- account is kept by platform, so there is no opening and no closing then. For finance and auditors.
-- Outcomes: ok in every row, or one row: empty, unauthenticated, forbidden. Reads only.
create or replace function xuqi.ledger_balances(
    in_token_digest bytea, in_from_day bigint, in_to_day bigint, in_platform text, in_rail text)
returns table (outcome text, kind text, owner text, normal_side text, name_zh text, name_en text, meaning_zh text,
               meaning_en text, opening_fen bigint, debit_fen bigint, credit_fen bigint, closing_fen bigint)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    starts timestamptz := day_begin(in_from_day);
    ends   timestamptz := day_begin(in_to_day + 1);
    closed date := (select max(p.month) from period as p where period_end(p.month) <= starts);
    since  timestamptz := case when in_platform <> '' then starts else coalesce(period_end(closed), '-infinity') end;
begin
    outcome := match_refusal(in_token_digest);
    if outcome is not null then
        return next;
        return;
    end if;
    return query
    with moved as (
        select t.debit_id, t.credit_id, p.event_at >= starts as inside, sum(t.amount)::bigint as fen
          from posting as p join transfer as t on t.posting_id = p.id
         where p.event_at >= since and p.event_at < ends and (in_platform = '' or posting_platform(p) = in_platform)
         group by t.debit_id, t.credit_id, p.event_at >= starts),
    sides as (
        select b.account_id, b.debits - b.credits as before, 0::bigint as debit, 0::bigint as credit
          from period_balance as b where b.month = closed and in_platform = ''
        union all
        select m.debit_id, case when m.inside then 0 else m.fen end, case when m.inside then m.fen else 0 end, 0 from moved as m
        union all
        select m.credit_id, case when m.inside then 0 else -m.fen end, 0, case when m.inside then m.fen else 0 end from moved as m),
    sums as (
        select a.kind, case when c.owner in ('bank_account', 'gateway') then a.owner_key else '' end as owner,
               sum(s.before)::bigint as before, sum(s.debit)::bigint as debit, sum(s.credit)::bigint as credit
          from sides as s join account as a on a.id = s.account_id join account_chart as c on c.kind = a.kind
         where in_rail = '' or a.owner_key = in_rail
         group by 1, 2)
    select 'ok', c.kind::text, coalesce(s.owner, ''), c.normal_side, c.name_zh, c.name_en, c.meaning_zh, c.meaning_en,
           case when in_platform = '' then coalesce(s.before, 0) end, coalesce(s.debit, 0), coalesce(s.credit, 0),
           case when in_platform = '' then coalesce(s.before + s.debit - s.credit, 0) end
      from account_chart as c left join sums as s on s.kind = c.kind
     where in_rail = '' or s.kind is not null
     order by c.kind, 3;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
