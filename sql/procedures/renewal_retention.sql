-- SPDX-License-Identifier: Apache-2.0
-- Which class of retention_class a renewal's personal data is in and until when it is kept; null while that is not known.
-- Money that came for a cancelled renewal makes it one that was paid. Internal.
create or replace function xuqi.renewal_retention(
    in_renewal_no text, in_unpaid_days bigint, in_evidence_years bigint, out class text, out until timestamptz)
language sql stable set search_path = xuqi, pg_temp as $$
    select named.class,
           case named.class when 'unpaid' then r.decided_at + make_interval(days => in_unpaid_days::integer)
                            when 'refused' then r.decided_at + make_interval(years => in_evidence_years::integer)
                            when 'issued' then r.not_after + make_interval(years => in_evidence_years::integer) end
      from renewal as r,
           lateral (select case
                        when r.status in ('issued', 'completed') then 'issued'
                        when r.status not in ('rejected', 'cancelled', 'closed') then 'open'
                        when r.paid_at is null
                             and not exists (select from surplus where surplus.renewal_no = r.renewal_no) then 'unpaid'
                        else 'refused' end as class) as named
     where r.renewal_no = in_renewal_no
$$;
