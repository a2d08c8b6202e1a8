-- SPDX-License-Identifier: Apache-2.0
-- What a correction is built upon: the fields named (separated by spaces), the personal data as they are, sealed, and which
-- return and correction they come from (number 0: the application). Reads only; correction_submit checks again.
-- Outcomes: ready, repeated (these very bytes were taken before: status and missing as they are by now), renewal_unknown,
-- signer_mismatch, certificate_revoked, renewal_state.
create or replace function xuqi.correction_begin(
    in_renewal_no text, in_certificate_fingerprint bytea, in_evidence_sha256 bytea,
    out outcome text, out status text, out missing text, out platform text, out round bigint, out number bigint,
    out named text, out personal_sealed bytea, out evidence_sha256 bytea, out invoice_kind text,
    out invoice_title text, out invoice_tax_id text)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    r renewal;
begin
    select * into r from renewal where renewal_no = in_renewal_no;
    status := r.status::text;
    outcome := case
        when r.renewal_no is null then 'renewal_unknown'
        when r.certificate_fingerprint <> in_certificate_fingerprint then 'signer_mismatch'
        when (select revoked_at from certificate where fingerprint = r.certificate_fingerprint) is not null
            then 'certificate_revoked'
        when exists (select from correction as c
                      where c.renewal_no = in_renewal_no and c.evidence_sha256 = in_evidence_sha256) then 'repeated'
        when r.status <> 'returned' then 'renewal_state'
        else 'ready' end;
    if outcome not in ('ready', 'repeated') then
        return;
    end if;
    missing := correction_missing(in_renewal_no, '{}');
    select array_to_string(o.named, ' ') into named from return_open(in_renewal_no) as o;
    select p.personal_sealed, p.evidence_sha256 into personal_sealed, evidence_sha256
      from renewal_personal(in_renewal_no) as p;
    select coalesce(max(c.number), 0) into number from correction as c where c.renewal_no = in_renewal_no;
    platform := r.platform;
    round := r.returns;
    invoice_kind := r.invoice_kind;
    invoice_title := r.invoice_title;
    invoice_tax_id := r.invoice_tax_id;
end
$$;
