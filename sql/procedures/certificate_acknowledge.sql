-- SPDX-License-Identifier: Apache-2.0
-- The applicant has installed the certificate: issued -> completed. Safe to call again.
-- Outcomes: completed, renewal_unknown, certificate_unknown (nothing issued yet).
create or replace function xuqi.certificate_acknowledge(in_renewal_no text, out outcome text, out status text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    select r.status::text into status from renewal as r where r.renewal_no = in_renewal_no for update;
    outcome := case when status is null then 'renewal_unknown'
                    when status in ('issued', 'completed') then 'completed'
                    else 'certificate_unknown' end;
    if status is distinct from 'issued' then
        return;
    end if;
    update renewal set status = 'completed', completed_at = now() where renewal_no = in_renewal_no;
    insert into audit_event (actor, action, object) values ('applicant', 'certificate.acknowledge', in_renewal_no);
    status := 'completed';
end
$$;
