-- SPDX-License-Identifier: Apache-2.0
-- What the issuer needs to build each of these certificates, or the one this key has got. One row for each, in order.
-- Reads only; issuance_intend checks again.
-- Outcomes: ready, issued, nonce_unknown, nonce_expired, nonce_used, renewal_unknown, signer_mismatch,
-- certificate_revoked, already_issued, issuance_halted, not_paid, not_approved, renewal_state, payment_disputed.
create or replace function xuqi.issuance_begin(
    in_renewal_nos text[], in_nonce_digests bytea[], in_certificate_fingerprints bytea[], in_csr_spki_sha256s bytea[])
returns table (outcome text, subject_der bytea, not_after timestamptz, profile text, profile_version text,
               content_hash bytea, certificate_der bytea, status text)
language plpgsql stable security definer set search_path = xuqi, pg_temp
set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
    select judged.verdict, c.subject_der, r.not_after, r.profile, r.profile_version, frozen.content_hash, made.der,
           r.status::text
      from (select place, verdict, case when verdict in ('ready', 'issued') then in_renewal_nos[place] end as renewal_no
              from issuance_verdicts(in_renewal_nos, in_nonce_digests, in_csr_spki_sha256s,
                                     in_certificate_fingerprints)) as judged
      left join renewal as r on r.renewal_no = judged.renewal_no
      left join renewal_content as c on c.renewal_no = judged.renewal_no
      left join renewal_content_hashes(in_renewal_nos) as frozen on frozen.renewal_no = judged.renewal_no
      left join certificate as made on made.renewal_no = judged.renewal_no and judged.verdict = 'issued'
     order by judged.place;
end
$$;
