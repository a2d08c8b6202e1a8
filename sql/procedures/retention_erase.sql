-- SPDX-License-Identifier: Apache-2.0
-- Erases the personal data of renewals whose time of retention is over, at most so many; call again while it erased as
-- many. Safe to call by several at once.
create or replace function xuqi.retention_erase(
    in_unpaid_days bigint, in_evidence_years bigint, in_batch bigint, out erased bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
declare
    due record;
begin
    erased := 0;
    for due in
        select r.renewal_no, kept.class
          from renewal as r, lateral renewal_retention(r.renewal_no, in_unpaid_days, in_evidence_years) as kept
         where r.erased_at is null
           and (r.status in ('rejected', 'cancelled', 'closed')
                and r.decided_at < now() - make_interval(days => least(in_unpaid_days, in_evidence_years * 365)::integer)
                or r.status in ('issued', 'completed')
                and r.not_after < now() - make_interval(years => in_evidence_years::integer))
           and kept.until < now()
         limit in_batch for update of r skip locked
    loop
        perform renewal_erase(due.renewal_no, due.class, 'system', 'time of retention is over');
        erased := erased + 1;
    end loop;
end
$$;
