-- SPDX-License-Identifier: Apache-2.0
-- SHA-256 over everything frozen in a renewal, canonically encoded: what a reviewer approves and the issuer signs.
-- Computed from the rows each time, never stored, so that a changed row cannot hide behind an old hash. Null if unknown.
create or replace function xuqi.renewal_content_hash(in_renewal_no text) returns bytea
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    r         renewal;
    c         renewal_content;
    fees      bytea;
    materials bytea;
begin
    select * into r from renewal where renewal_no = in_renewal_no;
    select * into c from renewal_content where renewal_no = in_renewal_no;
    if c.renewal_no is null then
        return null;
    end if;
    select string_agg(canonical(convert_to(name, 'UTF8'), int8send(unit_fen), int8send(quantity)), ''::bytea
                      order by line)
      into fees from order_line where order_no = r.order_no;
    select string_agg(canonical(convert_to(kind, 'UTF8'), int8send(page), convert_to(content_type, 'UTF8'), sha256),
                      ''::bytea order by kind, page)
      into materials from material where renewal_no = in_renewal_no;
    return sha256(
        canonical('xuqi-renewal-content-1',
                  convert_to(r.renewal_no, 'UTF8'), convert_to(r.platform, 'UTF8'),
                  convert_to(r.platform_version, 'UTF8'), r.certificate_fingerprint,
                  convert_to(r.certificate_serial, 'UTF8'), timestamptz_send(r.certificate_not_after),
                  convert_to(r.subject, 'UTF8'), convert_to(r.organisation, 'UTF8'), int8send(r.term_months),
                  int8send(r.amount_fen), int8send(r.tax_rate_permyriad), timestamptz_send(r.not_after),
                  convert_to(r.profile, 'UTF8'), convert_to(r.profile_version, 'UTF8'),
                  int8send(r.reviews_required), convert_to(r.account_verification, 'UTF8'), fees,
                  c.subject_der, convert_to(c.common_name, 'UTF8'), c.certificate_der, c.evidence_sha256,
                  c.evidence_sealed, convert_to(c.agreement_id, 'UTF8'), convert_to(c.agreement_version, 'UTF8'),
                  convert_to(c.agreement_sha256, 'UTF8'), convert_to(c.client_version, 'UTF8'),
                  convert_to(c.agent_name_masked, 'UTF8'), convert_to(c.agent_id_masked, 'UTF8'),
                  convert_to(c.agent_mobile_masked, 'UTF8'), convert_to(c.agent_email_masked, 'UTF8'),
                  convert_to(c.recipient_masked, 'UTF8'), c.personal_sealed, c.agent_id_index,
                  c.agent_mobile_index, convert_to(array_to_string(r.required_materials, ' '), 'UTF8'), materials));
end
$$;
