-- SPDX-License-Identifier: Apache-2.0
-- The renewals of a certificate whose key has signed for this nonce, newest first, at most 50; uses the nonce up. Safe to
-- call again: the very same signed bytes are answered until the nonce expires, and not a moment longer, since the answer
-- opens the renewals. One row with outcome empty, nonce_unknown, nonce_expired, nonce_used or certificate_revoked, or
-- rows with outcome found.
create or replace function xuqi.renewal_lookup(
    in_nonce_digest bytea, in_evidence_sha256 bytea, in_certificate_fingerprint bytea)
returns table (outcome text, renewal_no text, status text, platform text, organisation text,
               submitted_at timestamptz, not_after timestamptz)
language plpgsql rows 2 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    nonce   challenge;
    refusal text;
begin
    select * into nonce from challenge where nonce_digest = in_nonce_digest for update;
    refusal := case
        when nonce.nonce_digest is null then 'nonce_unknown'
        when nonce.used_at is not null and (nonce.used_evidence <> in_evidence_sha256 or nonce.renewal_no is not null)
            then 'nonce_used'
        when nonce.expires_at <= clock_timestamp() then 'nonce_expired'
        when (select revoked_at from certificate where fingerprint = in_certificate_fingerprint) is not null
            then 'certificate_revoked' end;
    if refusal is not null then
        return query
        select refusal, null::text, null::text, null::text, null::text, null::timestamptz, null::timestamptz;
        return;
    end if;
    if nonce.used_at is null then
        update challenge set used_at = now(), used_evidence = in_evidence_sha256 where nonce_digest = in_nonce_digest;
        insert into audit_event (actor, action, object)
        values ('applicant', 'renewal.lookup', 'certificate:' || encode(in_certificate_fingerprint, 'hex'));
    end if;
    return query
    select 'found'::text, r.renewal_no, r.status::text, r.platform, r.organisation, r.submitted_at, r.not_after
      from renewal as r
     where r.certificate_fingerprint = in_certificate_fingerprint
     order by r.submitted_at desc, r.renewal_no desc limit 50;
    if not found then
        return query
        select 'empty'::text, null::text, null::text, null::text, null::text, null::timestamptz, null::timestamptz;
    end if;
end
$$;
