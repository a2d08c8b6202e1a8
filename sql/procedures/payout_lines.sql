-- SPDX-License-Identifier: Apache-2.0
-- Lines of an import that may be payouts of ours: money that left in the amount of one that has no line yet, and money that came
-- back (退汇). After the one given. Who knows the key of sealed accounts looks closer (payout_line). Reads only.
create or replace function xuqi.payout_lines(in_import_id bigint, in_after bigint, in_batch bigint)
returns table (line_id bigint, account_digits text, remark text)
language sql stable security definer set search_path = xuqi, pg_temp as $$
    select l.id, l.payer_account_digits, l.remark
      from statement_line as l
     where l.import_id = in_import_id and l.id > in_after and l.reversed_by is null
       and (l.kind = 'returned' and l.direction = 'credit' and l.taken_fen = 0
            or l.kind = 'ordinary' and l.direction = 'debit'
               and exists (select from payout as p
                            where p.amount_fen = l.amount_fen and p.line_id is null and p.state in ('sent', 'paid', 'returned')))
     order by l.id limit in_batch
$$;
