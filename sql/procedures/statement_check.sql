-- SPDX-License-Identifier: Apache-2.0
-- Holds statement lines against the books: every credit was booked, every reversal left them again, once. Internal, for
-- ledger_check.
create or replace function xuqi.statement_check() returns table (invariant text, detail text)
language plpgsql stable set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    with booked as (
        select split_part(p.event_key, ':', 2)::bigint as import_id, split_part(p.event_key, ':', 3)::date as booked_on,
               t.debit_id as account_id, sum(t.amount)::bigint as amount_fen
          from posting as p join transfer as t on t.posting_id = p.id
         where p.event_type = 'statement' group by 1, 2, 3),
    credited as (
        select l.import_id, l.booked_on, a.account_id, sum(l.amount_fen)::bigint as amount_fen
          from statement_line as l join collecting_account as a on a.id = l.collecting_account_id
         where l.direction = 'credit' group by 1, 2, 3)
    select 'a statement''s credits are booked', format('import %s, %s', import_id, booked_on)
      from booked as b full join credited as c using (import_id, booked_on, account_id)
     where b.amount_fen is distinct from c.amount_fen
    union all
    select 'a credit taken back has left the books', format('statement line %s', coalesce(l.id::text, p.event_key))
      from (select r.id, c.amount_fen
              from statement_line as r join statement_line as c on c.id in (r.reverses_line, r.replaces_line)
             where c.direction = 'credit') as l
      full join (select * from posting where event_type = 'statement_reversal') as p on p.event_key = l.id::text
      left join transfer as t on t.posting_id = p.id
     where l.amount_fen is distinct from t.amount
    union all
    select 'a line and its reversal know each other', format('statement line %s', l.id)
      from statement_line as l
     where (l.reversed_by is not null
            and not exists (select from statement_line as r where r.id = l.reversed_by and l.id in (r.reverses_line, r.replaces_line)))
        or (coalesce(l.reverses_line, l.replaces_line) is not null
            and not exists (select from statement_line as c where c.id in (l.reverses_line, l.replaces_line) and c.reversed_by = l.id));
end
$$;
