-- SPDX-License-Identifier: Apache-2.0
-- Why so much of an order's price may not go back now, or null. Before issuance the whole price goes back and the renewal
-- ends; after it only when the certificate has been revoked, and then in parts as well. A part that failed is the payer's
-- already: it is tried again (refund_retry), never asked for anew. in_refund_no: the one that is decided, null when it is
-- asked for. The caller holds the renewal's lock. Internal.
create or replace function xuqi.refund_refusal(in_order_no text, in_amount_fen bigint, in_refund_no text) returns text
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    due    "order";
    r      renewal;
    issued boolean;
begin
    select * into strict due from "order" where order_no = in_order_no;
    select * into strict r from renewal where renewal_no = due.renewal_no;
    issued := r.status in ('issued', 'completed');
    return case
        when due.state <> 'paid' then 'renewal_state'
        when due.invoice_state = 'issued' then 'invoice_issued'
        when issued and not exists (select from certificate as c
                                     where c.renewal_no = r.renewal_no and c.revoked_at is not null)
             or exists (select from issuance as i where i.renewal_no = r.renewal_no and i.state = 'intended')
             then 'certificate_issued'
        when in_amount_fen > due.amount_fen
             - (select coalesce(sum(f.amount_fen), 0) from refund as f
                 where f.order_no = in_order_no and f.payment_id is not distinct from refund_payment(in_order_no)
                   and f.refund_no is distinct from in_refund_no and f.state <> 'refused' and f.retry_of is null) then 'refund_exceeds'
        when not issued and (in_amount_fen <> due.amount_fen or r.status in ('rejected', 'cancelled'))
             then 'refund_not_whole' end;
end
$$;
