-- SPDX-License-Identifier: Apache-2.0
-- A portal's token, already verified, comes with a submission: may it, and is its account the certificate's? Beside the
-- nonce it is written for what; it is used up when the nonce is.
-- Outcomes: ok, portal_token_used, portal_account_mismatch. Safe to call again. What is wrong with the nonce is answered by
-- the submission.
create or replace function xuqi.portal_token_present(
    in_nonce_digest bytea, in_evidence_sha256 bytea, in_certificate_fingerprint bytea, in_issuer text, in_account text,
    in_token bytea, in_expires_at timestamptz, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    if exists (select from portal_token where digest = in_token and used_evidence <> in_evidence_sha256) then
        outcome := 'portal_token_used';
    elsif certificate_portal_account(in_certificate_fingerprint, in_issuer) <> in_account then
        outcome := 'portal_account_mismatch';
    else
        update challenge
           set proof_evidence = in_evidence_sha256, portal_account_id = null, portal_issuer = in_issuer,
               portal_account = in_account, portal_token = in_token, portal_token_expires = in_expires_at
         where nonce_digest = in_nonce_digest and used_at is null;
        outcome := 'ok';
    end if;
end
$$;
