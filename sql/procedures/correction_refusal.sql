-- SPDX-License-Identifier: Apache-2.0
-- May this one correct this renewal? With a session's digest: the account that submitted it in the web hall. Otherwise the
-- key of its certificate, when it was submitted with that. Answers null, unauthenticated, renewal_unknown,
-- signer_mismatch, platform_proof_unsupported (it was applied for in the other way), portal_renewal_taken or
-- certificate_revoked. Internal.
create or replace function xuqi.correction_refusal(
    in_renewal xuqi.renewal, in_certificate_fingerprint bytea, in_portal_token_digest bytea) returns text
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    seat  portal_session;
    owner bigint := (select account_id from renewal_portal where renewal_no = in_renewal.renewal_no);
begin
    if in_portal_token_digest is not null then
        select * into seat from portal_seat(in_portal_token_digest);
    end if;
    return case
        when in_portal_token_digest is not null and seat.token_digest is null then 'unauthenticated'
        when in_renewal.renewal_no is null then 'renewal_unknown'
        when in_portal_token_digest is null
             and in_renewal.certificate_fingerprint is distinct from in_certificate_fingerprint then 'signer_mismatch'
        when (owner is null) <> (in_portal_token_digest is null) then 'platform_proof_unsupported'
        when owner <> seat.account_id then 'portal_renewal_taken'
        when (select revoked_at from certificate where fingerprint = in_renewal.certificate_fingerprint) is not null
            then 'certificate_revoked' end;
end
$$;
