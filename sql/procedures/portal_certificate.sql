-- SPDX-License-Identifier: Apache-2.0
-- The certificate that somebody in the web hall names by its serial number, for whoever then compares the organisation.
-- Each pair of serial number and organisation counts once an hour, for the account and for its address. With a nonce, the
-- account is written beside it for this submission. taken: an open renewal of the certificate is somebody else's.
-- Outcomes: ok, unauthenticated, rate_limited, organisation_mismatch (no such certificate: who asks may not learn which).
-- Safe to call again.
create or replace function xuqi.portal_certificate(
    in_token_digest bytea, in_nonce_digest bytea, in_evidence_sha256 bytea, in_serial text, in_guess bytea,
    in_address text, in_account_per_hour bigint, in_address_per_hour bigint,
    out outcome text, out account_id bigint, out proof text, out der bytea, out taken boolean)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    seat portal_session;
    mark bytea := fingerprint(in_address);
    hour timestamptz := now() - interval '1 hour';
    held certificate;
begin
    select * into seat from portal_seat(in_token_digest);
    if seat.token_digest is null then
        outcome := 'unauthenticated';
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('serial account:' || seat.account_id, 0));
    perform pg_advisory_xact_lock(hashtextextended('serial address:' || in_address, 0));
    if not exists (select from serial_ask as a
                    where a.account_id = seat.account_id and a.guess = in_guess and a.asked_at > hour) then
        if (select count(*) from serial_ask as a
             where a.account_id = seat.account_id and a.asked_at > hour) >= in_account_per_hour
           or (select count(*) from serial_ask as a
                where a.address_mark = mark and a.asked_at > hour) >= in_address_per_hour then
            outcome := 'rate_limited';
            return;
        end if;
        insert into serial_ask (account_id, guess, address_mark) values (seat.account_id, in_guess, mark)
            on conflict (account_id, guess) do update set asked_at = now(), address_mark = excluded.address_mark;
    end if;
    perform portal_session_touch(seat);
    select * into held from certificate as c where c.serial = in_serial;
    if held.serial is null then
        outcome := 'organisation_mismatch';
        return;
    end if;
    update challenge
       set proof_evidence = in_evidence_sha256, portal_account_id = seat.account_id, portal_issuer = null,
           portal_account = null, portal_token = null, portal_token_expires = null
     where nonce_digest = in_nonce_digest and used_at is null;
    outcome := 'ok';
    account_id := seat.account_id;
    proof := seat.proof;
    der := held.der;
    taken := exists (
        select from renewal as r left join renewal_portal as p on p.renewal_no = r.renewal_no
         where r.certificate_fingerprint = held.fingerprint
           and r.status not in ('completed', 'rejected', 'cancelled', 'closed')
           and p.account_id is distinct from seat.account_id)
        or exists (
        select from challenge as used left join renewal_portal as p on p.renewal_no = used.renewal_no
         where used.nonce_digest = in_nonce_digest and used.renewal_no is not null
           and p.account_id is distinct from seat.account_id);
end
$$;
