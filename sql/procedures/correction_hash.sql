-- SPDX-License-Identifier: Apache-2.0
-- The content hash of a renewal that was returned: over the hash of what was frozen at submission, every item of every
-- return, and every correction with its fields; so no return and no approval fits two states of a renewal. Without a return
-- it is the hash of what was frozen, which approvals of before hold. Sealed values are not in it, since they change with the keys. Internal.
create or replace function xuqi.correction_hash(in_renewal_no text, in_returns bigint, in_frozen_hash bytea) returns bytea
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    returned  bytea;
    corrected bytea;
    fields    bytea;
begin
    if in_returns = 0 then
        return in_frozen_hash;
    end if;
    select string_agg(canonical(int8send(i.round), convert_to(i.name, 'UTF8'), convert_to(i.reason_code, 'UTF8'),
                                convert_to(i.reason_text, 'UTF8')), ''::bytea order by i.round, i.name collate "C")
      into returned from return_item as i where i.renewal_no = in_renewal_no;
    select string_agg(canonical(int8send(o.number), int8send(o.round), timestamptz_send(o.corrected_at),
                                o.evidence_sha256,
                                convert_to(o.agent_name_masked, 'UTF8'), convert_to(o.agent_id_masked, 'UTF8'),
                                convert_to(o.agent_mobile_masked, 'UTF8'), convert_to(o.agent_email_masked, 'UTF8'),
                                convert_to(o.recipient_masked, 'UTF8'),
                                convert_to(o.invoice_title, 'UTF8'), convert_to(o.invoice_tax_id, 'UTF8'),
                                canonical_form(o.form_fields, o.form_shown, '{}', '{}')),
                      ''::bytea order by o.number)
      into corrected from correction as o where o.renewal_no = in_renewal_no;
    select string_agg(canonical(int8send(f.number), convert_to(f.name, 'UTF8'), convert_to(f.old_masked, 'UTF8'),
                                convert_to(f.new_masked, 'UTF8'), boolsend(f.changed)),
                      ''::bytea order by f.number, f.name collate "C")
      into fields from correction_field as f where f.renewal_no = in_renewal_no;
    return sha256(canonical('xuqi-renewal-correction-1', in_frozen_hash, int8send(in_returns), returned, corrected,
                            fields));
end
$$;
