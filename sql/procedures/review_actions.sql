-- SPDX-License-Identifier: Apache-2.0
-- What this member of staff may do with a case now: each action, and the code of why not ('' when he may). Asked where the
-- procedures of the desk ask, so that what a page offers is what is done. Internal.
create or replace function xuqi.review_actions(in_renewal xuqi.renewal, in_staff_id bigint)
returns table (action text, code text)
language plpgsql stable rows 10 set search_path = xuqi, pg_temp as $$
declare
    held   boolean := review_holds(in_renewal, in_staff_id);
    decide text := coalesce(review_refusal(in_renewal, in_staff_id), '');
    senior boolean := (select 'senior_reviewer' = any (roles) from staff where id = in_staff_id);
    looked timestamptz;
begin
    select coalesce(d.looked_at, '-infinity') into looked from review_sample as d where d.renewal_no = in_renewal.renewal_no;
    return query
    select offered.action, offered.code
      from (values
        ('claim', coalesce(review_claim_refusal(in_renewal, in_staff_id), '')),
        ('release', case when held then '' else 'case_not_claimed' end),
        ('approve', decide),
        ('return', decide),
        ('reject', decide),
        ('hold', decide),
        ('resume', case when in_renewal.held_until > now() then '' else 'case_not_held' end),
        ('reassign', case when not senior then 'senior_only'
                          when in_renewal.status <> 'awaiting_review' then 'renewal_state' else '' end),
        ('unmask', case when held then '' else 'case_not_claimed' end),
        ('sample', case when looked is null then 'sample_unknown' when looked > '-infinity' then 'sample_looked'
                        else coalesce(review_own(in_renewal.renewal_no, in_staff_id), '') end)
      ) as offered (action, code);
end
$$;
