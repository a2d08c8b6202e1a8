-- SPDX-License-Identifier: Apache-2.0
-- The bank transfer part of the payer's page: what is owed, what has come, his credit, and each row he declared; at least
-- one row, with declared_id null where he declared nothing. No row when there is no such renewal. Reads only.
create or replace function xuqi.transfer_list(in_renewal_no text)
returns table (renewal_no text, order_no text, status text, order_state text, offered boolean, amount_fen bigint,
               received_fen bigint, credit_fen bigint, credit_usable boolean, declared_id bigint, declared_fen bigint,
               transferred_on text, payer_account_masked text, payer_name_masked text, state text,
               bank_amount_fen bigint, bank_booked_on text, declared_at timestamptz, checked_at timestamptz)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select r.renewal_no, o.order_no, r.status::text, o.state, 'bank_transfer' = any (r.payment_methods), o.amount_fen,
           o.funded_fen, credit_free(o.payer_credit_id), r.status = 'awaiting_payment' and o.state = 'unpaid', d.id,
           d.amount_fen, to_char(d.transferred_on, 'YYYY-MM-DD'), d.payer_account_masked, d.payer_name_masked, d.state,
           d.bank_amount_fen, to_char(d.bank_booked_on, 'YYYY-MM-DD'), d.created_at, d.checked_at
      from renewal as r
      join "order" as o on o.order_no = r.order_no
      left join declared_transfer as d on d.renewal_no = r.renewal_no and d.removed_at is null
     where r.renewal_no = in_renewal_no
     order by d.id;
end
$$;
