-- SPDX-License-Identifier: Apache-2.0
-- May this key get this renewal's certificate? Answers ready, issued (this key has it) or the refusal. Internal.
-- A nonce that this very request (renewal and key) has used is good for repeating it, also after it expired.
create or replace function xuqi.issuance_verdict(
    in_renewal_no text, in_nonce_digest bytea, in_csr_spki_sha256 bytea, in_certificate_fingerprint bytea) returns text
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    nonce challenge;
    r     renewal;
    live  issuance;
begin
    select * into nonce from challenge where nonce_digest = in_nonce_digest;
    if nonce.nonce_digest is null then
        return 'nonce_unknown';
    elsif nonce.used_at is not null then
        if nonce.renewal_no is distinct from in_renewal_no
           or not exists (select from issuance
                           where renewal_no = in_renewal_no and csr_spki_sha256 = in_csr_spki_sha256
                             and request_evidence_sha256 = nonce.used_evidence) then
            return 'nonce_used';
        end if;
    elsif nonce.expires_at <= clock_timestamp() then
        return 'nonce_expired';
    end if;
    select * into r from renewal where renewal_no = in_renewal_no;
    select * into live from issuance where renewal_no = in_renewal_no and state in ('intended', 'signed');
    return case
        when r.renewal_no is null then 'renewal_unknown'
        when r.certificate_fingerprint <> in_certificate_fingerprint then 'signer_mismatch'
        when (select revoked_at from certificate where fingerprint = r.certificate_fingerprint) is not null
            then 'certificate_revoked'
        when live.state = 'signed' and live.csr_spki_sha256 = in_csr_spki_sha256 then 'issued'
        when live.state = 'signed' then 'already_issued'
        when exists (select from halt where released_at is null) then 'issuance_halted'
        when r.status in ('draft', 'awaiting_payment') then 'not_paid'
        when r.status in ('awaiting_review', 'returned') then 'not_approved'
        when r.status <> 'awaiting_install' then 'renewal_state'
        else 'ready' end;
end
$$;
