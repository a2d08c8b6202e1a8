-- SPDX-License-Identifier: Apache-2.0
-- A certificate issued elsewhere by this CA, so that its revocation can be known. Outcomes: imported, known.
-- Safe to call again; raises when the serial belongs to another certificate.
create or replace function xuqi.certificate_import(
    in_serial text, in_fingerprint bytea, in_der bytea, in_subject text, in_not_before timestamptz,
    in_not_after timestamptz, in_platform text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    if in_fingerprint is distinct from sha256(in_der) then
        raise exception 'certificate %: the fingerprint is not that of its DER', in_serial using errcode = '23514';
    end if;
    insert into certificate (fingerprint, serial, der, subject, not_before, not_after, platform)
    values (in_fingerprint, in_serial, in_der, in_subject, in_not_before, in_not_after, in_platform)
        on conflict (fingerprint) do nothing;
    outcome := case when found then 'imported' else 'known' end;
    if outcome = 'imported' then
        insert into audit_event (actor, action, object) values ('admin', 'certificate.import', in_serial);
    end if;
end
$$;
