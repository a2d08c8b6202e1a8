-- SPDX-License-Identifier: Apache-2.0
-- What the tables say of a renewal, as documents for people and programs; what is sealed is left out. Internal.
create or replace function xuqi.evidence_facts(in_renewal_no text) returns table (name text, content jsonb)
language plpgsql stable set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select 'renewal.json', to_jsonb(r) || to_jsonb(c) - array['evidence_sealed', 'personal_sealed']
      from renewal as r join renewal_content as c on c.renewal_no = r.renewal_no where r.renewal_no = in_renewal_no
    union all
    select 'acceptances.json', coalesce(jsonb_agg(to_jsonb(a) order by a.kind), '[]')
      from acceptance as a where a.renewal_no = in_renewal_no
    union all
    select 'checks.json', jsonb_build_object(
        'identity', (select coalesce(jsonb_agg(to_jsonb(i) - array['answer_sealed', 'token_sealed', 'url_sealed', 'token_digest'] order by i.id), '[]')
                       from identity_check as i where i.renewal_no = in_renewal_no),
        'account', (select coalesce(jsonb_agg(to_jsonb(v) - array['account_sealed']), '[]')
                      from account_verification as v where v.renewal_no = in_renewal_no))
    union all
    select 'decisions.json', jsonb_build_object(
        'content_hash', encode(renewal_content_hash(in_renewal_no), 'hex'),
        'approvals', (select coalesce(jsonb_agg(to_jsonb(a) || jsonb_build_object('staff', s.name) order by a.id), '[]')
                        from approval as a join staff as s on s.id = a.staff_id where a.renewal_no = in_renewal_no),
        'returns', (select coalesce(jsonb_agg(to_jsonb(b) || jsonb_build_object('staff', s.name, 'items',
                               (select jsonb_agg(to_jsonb(i) order by i.name) from return_item as i
                                 where i.renewal_no = b.renewal_no and i.round = b.round)) order by b.round), '[]')
                      from renewal_return as b join staff as s on s.id = b.staff_id where b.renewal_no = in_renewal_no),
        'rejected_by', (select s.name from renewal as r join staff as s on s.id = r.rejected_by where r.renewal_no = in_renewal_no))
    union all
    select 'reasons.json', coalesce(jsonb_agg(to_jsonb(y) || jsonb_build_object('salt', encode(y.salt, 'hex')) order by y.id), '[]')
      from reason as y where y.object = in_renewal_no
    union all
    select 'payments.json', jsonb_build_object(
        'orders', (select coalesce(jsonb_agg(to_jsonb(o) || jsonb_build_object('lines',
                              (select jsonb_agg(to_jsonb(l) order by l.line) from order_line as l where l.order_no = o.order_no))
                              order by o.order_no), '[]') from "order" as o where o.renewal_no = in_renewal_no),
        'attempts', (select coalesce(jsonb_agg(to_jsonb(p) order by p.attempt_no), '[]')
                       from payment_attempt as p join "order" as o on o.order_no = p.order_no where o.renewal_no = in_renewal_no),
        'notices', (select coalesce(jsonb_agg(to_jsonb(n) - 'raw' order by n.id), '[]')
                      from payment_notice as n join payment_attempt as p on p.attempt_no = n.attempt_no
                      join "order" as o on o.order_no = p.order_no where o.renewal_no = in_renewal_no),
        'transfers', (select coalesce(jsonb_agg(to_jsonb(m) order by m.id), '[]') from transfer_match as m where m.renewal_no = in_renewal_no),
        'refunds', (select coalesce(jsonb_agg(to_jsonb(f) order by f.refund_no), '[]') from refund as f where f.renewal_no = in_renewal_no))
    union all
    select 'issuance.json', coalesce(jsonb_agg(to_jsonb(i) - array['tbs', 'csr_der'] order by i.id), '[]')
      from issuance as i where i.renewal_no = in_renewal_no;
end
$$;
