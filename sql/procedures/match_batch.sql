-- SPDX-License-Identifier: Apache-2.0
-- The next lines of an import for a phase of matching: those that it can be about, told cheaply as they are read in a row, whatever is
-- known of the table; the last one, and how many were looked at. Sums are about payers who are known and owe: by their name, or
-- by an account that they have paid from. Reads only. Internal.
create or replace function xuqi.match_batch(
    in_import_id bigint, in_phase text, in_after bigint, in_batch bigint, in_until bigint,
    out lines bigint[], out last_line bigint, out looked bigint)
language plpgsql stable set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
begin
    select array_agg(id order by id) filter (where worth), coalesce(max(id), in_after), count(*)
      into lines, last_line, looked
      from (select l.id,
                   case when l.direction <> 'credit' or l.kind <> 'ordinary' or l.reversed_by is not null or l.taken_fen <> 0
                        then false
                        when in_phase <> 'sums' then remark_digits(l.remark) >= 16
                        else coalesce((select name_is_company(l.payer_name_normal) from "order" as o
                                        where o.state = 'unpaid' and o.payer_name_normal = l.payer_name_normal limit 1),
                                      false)
                             or coalesce((select true
                                            from (select m.order_no from transfer_match as m -- "is true": as in match_summed
                                                   where m.payer_account_digits = l.payer_account_digits
                                                     and l.payer_account_digits <> '' and m.payer_account_digits <> ''
                                                     and (m.undone_at is null) is true offset 0) as m,
                                                 lateral (select o.payer_name_normal as payer from "order" as o
                                                           where o.order_no = m.order_no offset 0) as before
                                           where (select true from "order" as o
                                                   where o.state = 'unpaid' and o.payer_name_normal = before.payer limit 1)
                                           limit 1), false) end as worth
              from statement_line as l
             where l.import_id = in_import_id and l.id > in_after and l.id <= coalesce(in_until, 9223372036854775807)
             order by l.id limit in_batch) as batch;
end
$$;
