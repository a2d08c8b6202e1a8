-- SPDX-License-Identifier: Apache-2.0
-- The declared transfers of a renewal that have not been found yet, sealed, to be checked again. No row when there is none.
-- Reads only.
create or replace function xuqi.transfer_sealed(in_renewal_no text)
returns table (id bigint, amount_fen bigint, day bigint, content_index bytea, payer_sealed bytea,
               payer_account_masked text, payer_name_masked text)
language sql stable security definer set search_path = xuqi, pg_temp as $$
    select d.id, d.amount_fen, (d.transferred_on - date '1970-01-01')::bigint, d.content_index, d.payer_sealed,
           d.payer_account_masked, d.payer_name_masked
      from declared_transfer as d
     where d.renewal_no = in_renewal_no and d.removed_at is null and d.state <> 'matched'
       and length(d.payer_sealed) > 0
     order by d.id
$$;
