-- SPDX-License-Identifier: Apache-2.0
-- issuance_begin for who submitted without the current key: the session must be live and of the account that submitted,
-- and a person must have reviewed the sealed paper. The issuer asks this itself, with the token its client sent.
-- Outcomes: those of issuance_begin, unauthenticated, portal_renewal_taken.
create or replace function xuqi.issuance_begin_portal(
    in_renewal_no text, in_nonce_digest bytea, in_portal_token_digest bytea, in_csr_spki_sha256 bytea,
    out outcome text, out subject_der bytea, out not_after timestamptz, out profile text, out profile_version text,
    out content_hash bytea, out certificate_der bytea, out status text)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    seat   portal_session;
    wanted renewal;
begin
    select * into seat from portal_seat(in_portal_token_digest);
    select r.* into wanted
      from renewal as r join renewal_portal as p on p.renewal_no = r.renewal_no
     where r.renewal_no = in_renewal_no and p.account_id = seat.account_id;
    if seat.token_digest is null then
        outcome := 'unauthenticated';
    elsif wanted.renewal_no is null then
        outcome := 'portal_renewal_taken';
    elsif wanted.reviews_required = 0 then
        outcome := 'not_approved';
    else
        select b.* into outcome, subject_der, not_after, profile, profile_version, content_hash, certificate_der, status
          from issuance_begin(array[in_renewal_no], array[in_nonce_digest], array[wanted.certificate_fingerprint],
                              array[in_csr_spki_sha256]) as b;
    end if;
end
$$;
