-- SPDX-License-Identifier: Apache-2.0
-- Everything that proves a renewal, as files: name, content, and of a sealed one where it was sealed and to what it is bound.
-- That it was taken is on the audit trail, with its reason. No row: there is no such renewal, and no event.
create or replace function xuqi.evidence_files(in_renewal_no text, in_actor text, in_reason text)
returns table (name text, place text, context bytea, content bytea)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    if not exists (select from renewal as r where r.renewal_no = in_renewal_no) then
        return;
    end if;
    insert into audit_event (actor, action, object, detail)
    values ('admin:' || in_actor, 'evidence.export', in_renewal_no, reason_keep('admin:' || in_actor, in_renewal_no, in_reason));
    return query
    select 'application.signed', 'renewal.evidence', c.evidence_sha256, c.evidence_sealed
      from renewal_content as c where c.renewal_no = in_renewal_no
    union all
    select 'personal.json', 'renewal.personal', c.evidence_sha256, c.personal_sealed
      from renewal_content as c where c.renewal_no = in_renewal_no
    union all
    select format('corrections/%s.signed', c.number), 'renewal.correction', c.evidence_sha256, c.evidence_sealed
      from correction as c where c.renewal_no = in_renewal_no
    union all
    select format('corrections/%s-personal.json', c.number), 'renewal.personal', c.evidence_sha256, c.personal_sealed
      from correction as c where c.renewal_no = in_renewal_no
    union all
    select format('materials/%s%s-%s.%s', m.kind, m.replaced, m.page, split_part(m.content_type, '/', 2)), 'renewal.material',
           convert_to(in_renewal_no || '/' || m.kind || '/' || m.page, 'UTF8'), m.sealed
      from (select kind, '' as replaced, page, content_type, sealed from material as now where now.renewal_no = in_renewal_no
            union all
            select kind, '-replaced-' || id, page, content_type, sealed from material_replaced as old
             where old.renewal_no = in_renewal_no) as m
    union all
    select format('agreements/%s-%s-%s.txt', a.kind, regexp_replace(a.id, '[^A-Za-z0-9._-]', '_', 'g'),
                  regexp_replace(a.version, '[^A-Za-z0-9._-]', '_', 'g')), '', null, convert_to(t.text, 'UTF8')
      from acceptance as a
      join agreement_text as t on (t.kind, t.id, t.version) = (a.kind, a.id, a.version)
     where a.renewal_no = in_renewal_no
    union all
    select format('notices/%s-%s.raw', n.id, n.gateway), '', null, n.raw
      from payment_notice as n join payment_attempt as p on p.attempt_no = n.attempt_no
      join "order" as o on o.order_no = p.order_no
     where o.renewal_no = in_renewal_no
    union all
    select format('certificates/%s.der', c.serial), '', null, c.der from certificate as c where c.renewal_no = in_renewal_no
    union all
    select 'certificates/before.der', '', null, c.certificate_der from renewal_content as c
     where c.renewal_no = in_renewal_no and c.certificate_der <> ''
    union all
    select format('certificates/%s.csr', i.id), '', null, i.csr_der
      from issuance as i where i.renewal_no = in_renewal_no and i.state = 'signed'
    union all
    select f.name, '', null, convert_to(jsonb_pretty(f.content), 'UTF8') from evidence_facts(in_renewal_no) as f;
end
$$;
