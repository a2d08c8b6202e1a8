-- SPDX-License-Identifier: Apache-2.0
-- The declared transfers that a newly imported line may be, sealed; those of the amount alone, who knows the account looks
-- closer. In the order they were declared, after the one given. Reads only.
create or replace function xuqi.transfer_waiting(in_import_id bigint, in_after bigint, in_batch bigint)
returns table (id bigint, renewal_no text, content_index bytea, payer_sealed bytea)
language sql stable security definer set search_path = xuqi, pg_temp as $$
    select d.id, d.renewal_no, d.content_index, d.payer_sealed
      from declared_transfer as d
     where d.removed_at is null and d.state <> 'matched' and length(d.payer_sealed) > 0 and d.id > in_after
       and exists (select from statement_line as l
                    where l.amount_fen = d.amount_fen
                      and l.booked_on between d.transferred_on - 3 and d.transferred_on + 3
                      and l.direction = 'credit' and l.kind = 'ordinary' and l.reversed_by is null
                      and l.taken_fen < l.amount_fen and l.import_id = in_import_id)
     order by d.id limit in_batch
$$;
