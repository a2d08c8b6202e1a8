-- SPDX-License-Identifier: Apache-2.0
-- May each of these keys get its renewal's certificate? Answers for each, with its place, ready, issued (this key has it)
-- or the refusal. Internal.
-- A nonce that this very request (renewal and key) has used is good for repeating it, also after it expired.
-- Issuances are looked up one by one (limit 1): left to itself the planner reads a small table from end to end, and keeps
-- the plan when it is small no more.
create or replace function xuqi.issuance_verdicts(
    in_renewal_nos text[], in_nonce_digests bytea[], in_csr_spki_sha256s bytea[], in_certificate_fingerprints bytea[])
returns table (place bigint, verdict text)
language plpgsql stable rows 16 set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    halted boolean := exists (select from halt where released_at is null);
begin
    return query
    select asked.place, case
        when nonce.nonce_digest is null then 'nonce_unknown'
        when nonce.used_at is not null
             and (nonce.renewal_no is distinct from asked.renewal_no
                  or (select true from issuance as i
                       where i.renewal_no = asked.renewal_no and i.csr_spki_sha256 = asked.csr_spki_sha256
                         and i.request_evidence_sha256 = nonce.used_evidence limit 1) is null) then 'nonce_used'
        when nonce.used_at is null and nonce.expires_at <= clock_timestamp() then 'nonce_expired'
        when r.renewal_no is null then 'renewal_unknown'
        when r.certificate_fingerprint <> asked.certificate_fingerprint then 'signer_mismatch'
        when mine.revoked_at is not null then 'certificate_revoked'
        when live.state = 'signed' and live.csr_spki_sha256 = asked.csr_spki_sha256 then 'issued'
        when live.state = 'signed' then 'already_issued'
        when halted then 'issuance_halted'
        when r.status in ('draft', 'awaiting_payment') then 'not_paid'
        when r.status in ('awaiting_review', 'returned') then 'not_approved'
        when r.status <> 'awaiting_install' then 'renewal_state'
        when r.payment_disputed then 'payment_disputed'
        else 'ready' end
      from unnest(in_renewal_nos, in_nonce_digests, in_csr_spki_sha256s, in_certificate_fingerprints)
           with ordinality as asked (renewal_no, nonce_digest, csr_spki_sha256, certificate_fingerprint, place)
      left join challenge as nonce on nonce.nonce_digest = asked.nonce_digest
      left join renewal as r on r.renewal_no = asked.renewal_no
      left join certificate as mine on mine.fingerprint = r.certificate_fingerprint
      left join lateral (select state, csr_spki_sha256 from issuance as i
                          where i.renewal_no = asked.renewal_no and i.state in ('intended', 'signed') limit 1) as live
             on true;
end
$$;
