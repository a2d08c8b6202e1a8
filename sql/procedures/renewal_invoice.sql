-- SPDX-License-Identifier: Apache-2.0
-- Whom the invoice is made out to, while the order is not paid. Safe to call again.
-- Outcomes: changed, renewal_unknown, invoice_fixed (paid, or ended).
create or replace function xuqi.renewal_invoice(
    in_renewal_no text, in_kind text, in_title text, in_tax_id text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    r renewal;
begin
    select * into r from renewal where renewal_no = in_renewal_no for update;
    outcome := case when r.renewal_no is null then 'renewal_unknown'
                    when (r.invoice_kind, r.invoice_title, r.invoice_tax_id) = (in_kind, in_title, in_tax_id)
                    then 'changed'
                    when r.status not in ('draft', 'awaiting_payment') then 'invoice_fixed'
                    else 'changed' end;
    if outcome <> 'changed'
       or (r.invoice_kind, r.invoice_title, r.invoice_tax_id) = (in_kind, in_title, in_tax_id) then
        return;
    end if;
    update renewal set invoice_kind = in_kind, invoice_title = in_title, invoice_tax_id = in_tax_id
     where renewal_no = in_renewal_no;
    insert into audit_event (actor, action, object, detail)
    values ('applicant', 'renewal.invoice', in_renewal_no, in_kind);
end
$$;
