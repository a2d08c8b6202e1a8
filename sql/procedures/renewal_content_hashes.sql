-- SPDX-License-Identifier: Apache-2.0
-- SHA-256 over everything frozen in each of these renewals, canonically encoded: what a reviewer approves and the issuer
-- signs. Computed from the rows each time, never stored, so that a changed row cannot hide behind an old hash. No row for
-- a number that is unknown. Of one that was returned: over all that and what came of it (correction_hash). Sealed values are not in it, since they change with the keys: the digest of the signed
-- application stands for them. Internal.
create or replace function xuqi.renewal_content_hashes(in_renewal_nos text[])
returns table (renewal_no text, content_hash bytea)
language plpgsql stable rows 16 set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
    select r.renewal_no,
           case when r.returns = 0 then frozen.hash else correction_hash(r.renewal_no, r.returns, frozen.hash) end
      from renewal as r
      join renewal_content as c on c.renewal_no = r.renewal_no
     cross join lateral (select sha256(
        canonical('xuqi-renewal-content-2',
                  convert_to(r.renewal_no, 'UTF8'), convert_to(r.platform, 'UTF8'),
                  convert_to(r.platform_version, 'UTF8'), r.certificate_fingerprint,
                  convert_to(r.certificate_serial, 'UTF8'), timestamptz_send(r.certificate_not_after),
                  convert_to(r.subject, 'UTF8'), convert_to(r.organisation, 'UTF8'), int8send(r.term_months),
                  int8send(r.amount_fen), int8send(r.tax_rate_permyriad), timestamptz_send(r.not_after),
                  convert_to(r.profile, 'UTF8'), convert_to(r.profile_version, 'UTF8'),
                  int8send(r.reviews_required), convert_to(r.account_verification, 'UTF8'),
                  (select string_agg(canonical(convert_to(name, 'UTF8'), int8send(unit_fen), int8send(quantity)),
                                     ''::bytea order by line)
                     from order_line where order_no = r.order_no),
                  c.subject_der, convert_to(c.common_name, 'UTF8'), c.certificate_der, c.evidence_sha256,
                  convert_to(c.agreement_id, 'UTF8'), convert_to(c.agreement_version, 'UTF8'),
                  convert_to(c.agreement_sha256, 'UTF8'), convert_to(c.client_version, 'UTF8'),
                  convert_to(c.agent_name_masked, 'UTF8'), convert_to(c.agent_id_masked, 'UTF8'),
                  convert_to(c.agent_mobile_masked, 'UTF8'), convert_to(c.agent_email_masked, 'UTF8'),
                  convert_to(c.recipient_masked, 'UTF8'),
                  convert_to(array_to_string(r.required_materials, ' '), 'UTF8'),
                  (select string_agg(canonical(convert_to(m.kind, 'UTF8'), int8send(m.page),
                                               convert_to(m.content_type, 'UTF8'), m.sha256),
                                     ''::bytea order by m.kind, m.page)
                     from material as m where m.renewal_no = r.renewal_no))
        || case when cardinality(c.form_fields) + cardinality(c.warning_fields) = 0 then ''::bytea else
               canonical_form(c.form_fields, c.form_shown, c.warning_fields, c.warning_codes) end
        -- Renewals from before prices were kept in the database keep the hash they were approved by.
        || case when r.quote_version is null then ''::bytea else canonical(int8send(r.quote_version)) end
        -- What providers said while the applicant could still act.
        || case when r.required_identity_steps = '{}' then ''::bytea else
               canonical(convert_to(array_to_string(r.required_identity_steps, ' '), 'UTF8'),
                         (select string_agg(canonical(convert_to(k.kind, 'UTF8'), convert_to(k.state, 'UTF8'),
                                                      convert_to(k.provider, 'UTF8'), convert_to(k.reason, 'UTF8'),
                                                      int8send(k.similarity), convert_to(k.reference, 'UTF8'),
                                                      timestamptz_send(k.decided_at))
                                            -- Checks of the agent as applied keep the hash they were approved by.
                                            || case when k.person = 0 then ''::bytea
                                                    else canonical(int8send(k.person)) end,
                                            ''::bytea order by k.id)
                            from identity_check as k
                           where k.renewal_no = r.renewal_no and k.state in ('passed', 'failed', 'manual'))) end)
               as hash) as frozen
     where r.renewal_no = any (in_renewal_nos);
end
$$;
