-- SPDX-License-Identifier: Apache-2.0
-- Everything held about a natural person, personal data sealed; on the audit trail with its reason, once for each renewal.
create or replace function xuqi.subject_export(
    in_indexes text[], in_reason text, in_unpaid_days bigint, in_evidence_years bigint)
returns table (renewal_no text, as_agent boolean, as_recipient boolean, as_legal_person boolean, status text, platform text, subject text,
               submitted_at timestamptz, paid_at timestamptz, amount_fen bigint, invoice_title text, invoice_tax_id text,
               evidence_sha256 bytea, personal_sealed bytea, accepted text, documents text, looked_at text, class text,
               basis text, until timestamptz)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    insert into audit_event (actor, action, object, detail)
    select 'admin', 'subject.export', s.renewal_no, reason_keep('admin', s.renewal_no, in_reason) from subject_renewals(in_indexes) as s;
    return query
    select s.renewal_no, s.as_agent, s.as_recipient, s.as_legal_person, r.status::text, r.platform, r.subject, r.submitted_at, r.paid_at,
           r.amount_fen, r.invoice_title, r.invoice_tax_id, p.evidence_sha256, p.personal_sealed,
           (select string_agg(concat_ws(' ', a.kind, a.id, a.version, a.sha256, to_char(beijing(a.accepted_at), 'YYYY-MM-DD HH24:MI:SS'),
                                        a.client_address), e'\n' order by a.kind)
              from acceptance as a where a.renewal_no = s.renewal_no),
           (select string_agg(concat_ws(' ', m.kind, m.page, m.content_type, m.size, encode(m.sha256, 'hex')), e'\n'
                              order by m.kind, m.page)
              from material as m where m.renewal_no = s.renewal_no),
           (select string_agg(concat_ws(' ', to_char(beijing(u.at), 'YYYY-MM-DD HH24:MI:SS'), array_to_string(u.fields, ','), u.reason),
                              e'\n' order by u.id)
              from unmasking as u where u.renewal_no = s.renewal_no),
           kept.class, named.basis, kept.until
      from subject_renewals(in_indexes) as s
      join renewal as r on r.renewal_no = s.renewal_no
     cross join renewal_personal(s.renewal_no) as p,
           lateral renewal_retention(s.renewal_no, in_unpaid_days, in_evidence_years) as kept
      join retention_class as named on named.class = kept.class;
end
$$;
