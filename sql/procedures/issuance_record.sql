-- SPDX-License-Identifier: Apache-2.0
-- The signed and verified certificate of an intent: the renewal is issued, revenue and tax are booked. Safe to call again
-- with the same bytes. Only after this may the certificate leave the issuer.
-- Outcomes: recorded, fenced, abandoned (the intent was given up meanwhile: the certificate must not leave).
create or replace function xuqi.issuance_record(
    in_fence bigint, in_issuance_id bigint, in_serial bytea, in_der bytea, in_fingerprint bytea,
    out outcome text, out not_after timestamptz)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    current_fence bigint := issuer_enter();
    wanted        issuance;
    r             renewal;
begin
    select renewal.* into r from renewal
      join issuance on issuance.renewal_no = renewal.renewal_no
     where issuance.id = in_issuance_id for update of renewal;
    select * into wanted from issuance where id = in_issuance_id for update;
    if wanted.serial is distinct from in_serial or in_fingerprint is distinct from sha256(in_der)
       or wanted.certificate_fingerprint <> in_fingerprint then
        raise exception 'issuance %: this certificate is not its own', in_issuance_id using errcode = '23514';
    end if;
    not_after := wanted.not_after;
    outcome := case
        when wanted.certificate_fingerprint = in_fingerprint then 'recorded'
        when wanted.state = 'abandoned' then 'abandoned'
        when current_fence <> in_fence or wanted.fence <> in_fence then 'fenced' end;
    if outcome is not null then
        return;
    end if;

    insert into certificate (fingerprint, serial, der, subject, not_before, not_after, platform, renewal_no)
    values (in_fingerprint, ltrim(encode(in_serial, 'hex'), '0'), in_der, r.subject, wanted.not_before,
            wanted.not_after, r.platform, r.renewal_no);
    update issuance set state = 'signed', ended_at = clock_timestamp(), certificate_fingerprint = in_fingerprint
     where id = in_issuance_id;
    update renewal set status = 'issued', issued_at = now() where renewal_no = r.renewal_no;
    perform revenue_recognise(r.order_no, r.amount_fen, r.tax_rate_permyriad);
    perform enqueue('message', 'issued', r.renewal_no);
    insert into audit_event (actor, action, object, detail)
    values ('issuer', 'issuance.record', r.renewal_no, encode(in_serial, 'hex'));
    outcome := 'recorded';
end
$$;
