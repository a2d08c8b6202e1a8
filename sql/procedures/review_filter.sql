-- SPDX-License-Identifier: Apache-2.0
-- The desk's filters as conditions on the renewal r; only those that are given. $6 platform, $7 rail, $8 text, $10 risk, $11 what
-- the text names exactly (review_found, which of cases at the desk knows four digits). What people type is a parameter and
-- never part of the text. Internal.
create or replace function xuqi.review_filter(
    in_platform text, in_kind text, in_age text, in_risk text, in_payment text, in_text text,
    in_desk boolean) returns text
language sql immutable set search_path = xuqi, pg_temp as $$
    select case when in_platform <> '' then $f$ and r.platform = $6 $f$ else '' end
        || case in_kind when 'expired' then $f$ and r.certificate_not_after < r.submitted_at $f$
                        when 'unexpired' then $f$ and r.certificate_not_after >= r.submitted_at $f$ else '' end
        || case in_age when 'overdue' then $f$ and r.review_due < now() $f$
                       when 'today' then $f$ and r.review_due >= now()
                            and r.review_due < date_trunc('day', now(), 'Asia/Shanghai') + interval '1 day' $f$
                       when 'later' then $f$ and r.review_due >= date_trunc('day', now(), 'Asia/Shanghai') + interval '1 day' $f$
                       when 'unpromised' then $f$ and r.review_due is null $f$ else '' end
        || case when in_risk <> '' then $f$ and r.risk = $10 $f$ else '' end
        || case when in_payment <> '' then
               $f$ and exists (select from "order" as o where o.order_no = r.order_no and o.paid_gateway = $7) $f$ else '' end
        || case when in_text = '' then ''
                when in_text !~ '^[0-9]{4}$' then
               $f$ and (r.renewal_no = any ($11) or strpos(r.organisation, $8) > 0 or strpos(r.subject, $8) > 0) $f$
                when in_desk then $f$ and r.renewal_no = any ($11) $f$
                else
               $f$ and (right(r.renewal_no, 4) = $8 or right(r.certificate_serial, 4) = $8
                        or exists (select from renewal_content as c where c.renewal_no = r.renewal_no
                                                                      and right(c.agent_mobile_masked, 4) = $8)
                        or exists (select from correction as c where c.renewal_no = r.renewal_no
                                                                 and right(c.agent_mobile_masked, 4) = $8)) $f$ end
$$;
