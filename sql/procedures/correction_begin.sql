-- SPDX-License-Identifier: Apache-2.0
-- What a correction is built upon: the fields named (separated by spaces), the personal data as they are, sealed, the
-- certificate, and which return and correction they come from (number 0: the application). in_portal_token_digest: of a
-- session of the web hall, whose account and login are answered; null: in_certificate_fingerprint has signed. Reads only;
-- correction_submit checks again.
-- Outcomes: ready, repeated (these very bytes were taken before: status and missing as they are by now), renewal_state, and
-- those of correction_refusal.
create or replace function xuqi.correction_begin(
    in_renewal_no text, in_certificate_fingerprint bytea, in_evidence_sha256 bytea, in_portal_token_digest bytea default null,
    out outcome text, out status text, out missing text, out platform text, out round bigint, out number bigint,
    out named text, out personal_sealed bytea, out evidence_sha256 bytea, out invoice_kind text,
    out invoice_title text, out invoice_tax_id text, out certificate_der bytea, out portal_account_id bigint,
    out portal_proof text)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    r renewal;
begin
    select * into r from renewal where renewal_no = in_renewal_no;
    status := r.status::text;
    outcome := coalesce(
        correction_refusal(r, in_certificate_fingerprint, in_portal_token_digest),
        case
        when exists (select from correction as c
                      where c.renewal_no = in_renewal_no and c.evidence_sha256 = in_evidence_sha256) then 'repeated'
        when r.status <> 'returned' then 'renewal_state'
        else 'ready' end);
    if outcome not in ('ready', 'repeated') then
        return;
    end if;
    missing := correction_missing(in_renewal_no, '{}', false);
    select array_to_string(o.named, ' ') into named from return_open(in_renewal_no) as o;
    select p.personal_sealed, p.evidence_sha256 into personal_sealed, evidence_sha256
      from renewal_personal(in_renewal_no) as p;
    select coalesce(max(c.number), 0) into number from correction as c where c.renewal_no = in_renewal_no;
    select c.certificate_der into certificate_der from renewal_content as c where c.renewal_no = in_renewal_no;
    select s.account_id, s.proof into portal_account_id, portal_proof from portal_seat(in_portal_token_digest) as s;
    platform := r.platform;
    round := r.returns;
    invoice_kind := r.invoice_kind;
    invoice_title := r.invoice_title;
    invoice_tax_id := r.invoice_tax_id;
end
$$;
