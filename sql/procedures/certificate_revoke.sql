-- SPDX-License-Identifier: Apache-2.0
-- From now on this certificate neither applies nor collects. Outcomes: revoked, certificate_unknown. Safe to call again:
-- the first time and reason stay.
create or replace function xuqi.certificate_revoke(in_serial text, in_reason text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    update certificate set revoked_at = now(), revocation_reason = in_reason
     where serial = in_serial and revoked_at is null;
    if found then
        insert into audit_event (actor, action, object, detail)
        values ('admin', 'certificate.revoke', in_serial, in_reason);
    end if;
    outcome := case when exists (select from certificate where serial = in_serial)
                    then 'revoked' else 'certificate_unknown' end;
end
$$;
