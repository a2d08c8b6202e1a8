-- SPDX-License-Identifier: Apache-2.0
-- What the issuer needs to build a certificate, or the one this key has got. Reads only; issuance_intend checks again.
-- Outcomes: ready, issued, nonce_unknown, nonce_expired, nonce_used, renewal_unknown, signer_mismatch,
-- certificate_revoked, already_issued, issuance_halted, not_paid, not_approved, renewal_state.
create or replace function xuqi.issuance_begin(
    in_renewal_no text, in_nonce_digest bytea, in_certificate_fingerprint bytea, in_csr_spki_sha256 bytea,
    out outcome text, out subject_der bytea, out not_after timestamptz, out profile text, out profile_version text,
    out content_hash bytea, out certificate_der bytea, out status text)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    outcome := issuance_verdict(in_renewal_no, in_nonce_digest, in_csr_spki_sha256, in_certificate_fingerprint);
    if outcome not in ('ready', 'issued') then
        return;
    end if;
    select c.subject_der, r.not_after, r.profile, r.profile_version, renewal_content_hash(r.renewal_no), r.status::text
      into strict subject_der, not_after, profile, profile_version, content_hash, status
      from renewal as r join renewal_content as c on c.renewal_no = r.renewal_no
     where r.renewal_no = in_renewal_no;
    if outcome = 'issued' then
        select c.der into strict certificate_der from certificate as c where c.renewal_no = in_renewal_no;
    end if;
end
$$;
