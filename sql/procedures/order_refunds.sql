-- SPDX-License-Identifier: Apache-2.0
-- The refunds of a renewal as its payer sees them, oldest first: those asked for as well, not those refused. Reads only.
create or replace function xuqi.order_refunds(in_renewal_no text)
returns table (refund_no text, order_no text, cause text, state text, amount_fen bigint, method text, asked_at timestamptz,
               ended_at timestamptz)
language plpgsql stable rows 1 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select f.refund_no, f.order_no, f.cause, f.state, f.amount_fen, f.gateway, f.asked_at, f.ended_at
      from refund as f
     where f.renewal_no = in_renewal_no and f.state <> 'refused'
     order by f.asked_at, f.refund_no;
end
$$;
