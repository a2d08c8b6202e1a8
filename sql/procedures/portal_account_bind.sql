-- SPDX-License-Identifier: Apache-2.0
-- Records the account of a portal that a known certificate was applied for with.
-- Outcomes: added, known, certificate_unknown, portal_account_mismatch (another one is recorded). Safe to call again.
create or replace function xuqi.portal_account_bind(
    in_certificate_fingerprint bytea, in_issuer text, in_account text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    if not exists (select from certificate where fingerprint = in_certificate_fingerprint) then
        outcome := 'certificate_unknown';
        return;
    end if;
    insert into certificate_portal_account (certificate_fingerprint, issuer, account)
    values (in_certificate_fingerprint, in_issuer, in_account) on conflict do nothing;
    outcome := case
        when found then 'added'
        when certificate_portal_account(in_certificate_fingerprint, in_issuer) = in_account then 'known'
        else 'portal_account_mismatch' end;
    if outcome = 'added' then
        insert into audit_event (actor, action, object)
        values ('admin', 'certificate.bind', 'certificate:' || encode(in_certificate_fingerprint, 'hex'));
    end if;
end
$$;
