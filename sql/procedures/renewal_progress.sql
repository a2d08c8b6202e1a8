-- SPDX-License-Identifier: Apache-2.0
-- What the applicant's page shows; no row when there is no such renewal. The hot path: two primary keys. While it is returned
-- also what is to be corrected, a line per item: name, reason code, 1 when it is done and 0 when not, the reason in words.
-- Identity steps, where there are any.
-- Reads only.
create or replace function xuqi.renewal_progress(in_renewal_no text)
returns table (renewal_no text, status text, platform text, subject text, order_no text, amount_fen bigint,
               term_months bigint, old_not_after timestamptz, not_after timestamptz, submitted_at timestamptz,
               paid_at timestamptz, decided_at timestamptz, issued_at timestamptz, completed_at timestamptz,
               payment_status text, paid_method text, rejection_code text, rejection_text text,
               reviews_required bigint, reviews_done bigint, profile text, version bigint, returns bigint, returned_at timestamptz, returned text,
               identity_steps text, account text)
language plpgsql stable rows 1 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select r.renewal_no, r.status::text, r.platform, r.subject, r.order_no, r.amount_fen, r.term_months,
           r.certificate_not_after, r.not_after, r.submitted_at, r.paid_at, r.decided_at, r.issued_at,
           r.completed_at, case when o.state <> 'paid' then 'unpaid' when r.payment_disputed then 'disputed' else 'paid' end, o.paid_gateway, r.rejection_code,
           r.rejection_text, r.reviews_required, r.reviews_done, r.profile, r.version, r.returns,
           case when r.status = 'returned' then (select e.returned_at from renewal_return as e
                                                  where e.renewal_no = r.renewal_no and e.round = r.returns) end,
           case when r.status = 'returned' then
               (select string_agg(concat_ws(' ', item.name, item.reason_code, item.corrected::integer, item.reason_text),
                                  E'\n' order by item.name collate "C")
                  from return_list(r.renewal_no) as item where item.round = r.returns) end,
           case when r.required_identity_steps <> '{}'
                then identity_steps(r.renewal_no, r.required_identity_steps) end,
           case when r.account_verification <> 'never' then account_progress(r.renewal_no) end
      from renewal as r join "order" as o on o.order_no = r.order_no
     where r.renewal_no = in_renewal_no;
end
$$;
