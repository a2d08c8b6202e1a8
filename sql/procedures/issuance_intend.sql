-- SPDX-License-Identifier: Apache-2.0
-- Writes down what is about to be signed and uses the nonce up; committed before the HSM is asked. The guard on the table
-- checks payment, approvals and content once more. An intent of the same renewal makes way when it is older than two
-- minutes: its outcome never reached the issuer, and its record will be refused.
-- Outcomes: intended, fenced, busy (another intent is under way, or has just been signed), case_changed,
-- csr_key_refused (the key is in another live issuance), and the refusals of issuance_begin.
-- Calling again with the same serial answers the same intent.
create or replace function xuqi.issuance_intend(
    in_fence bigint, in_renewal_no text, in_nonce_digest bytea, in_csr_spki_sha256 bytea, in_csr_der bytea,
    in_request_evidence_sha256 bytea, in_serial bytea, in_not_before timestamptz, in_not_after timestamptz,
    in_tbs bytea, in_content_hash bytea, out outcome text, out issuance_id bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    live issuance;
begin
    if issuer_enter() <> in_fence then
        outcome := 'fenced';
        return;
    end if;
    perform from challenge where nonce_digest = in_nonce_digest for update;
    perform from renewal where renewal_no = in_renewal_no for update;
    select * into live from issuance where renewal_no = in_renewal_no and state = 'intended';
    if live.serial = in_serial and live.tbs = in_tbs and live.fence = in_fence then
        outcome := 'intended';
        issuance_id := live.id;
        return;
    end if;
    outcome := issuance_verdict(in_renewal_no, in_nonce_digest, in_csr_spki_sha256, null);
    if outcome = 'ready' then
        outcome := case
            when in_content_hash is distinct from renewal_content_hash(in_renewal_no) then 'case_changed'
            when live.intended_at > clock_timestamp() - interval '2 minutes' then 'busy'
            when exists (select from issuance as i
                          where i.csr_spki_sha256 = in_csr_spki_sha256 and i.state in ('intended', 'signed')
                            and i.renewal_no <> in_renewal_no) then 'csr_key_refused' end;
    elsif outcome = 'issued' then
        outcome := 'busy';
    end if;
    if outcome is not null then
        return;
    end if;

    if live.id is not null then
        perform issuance_end(live.id, 'its outcome never arrived');
    end if;
    insert into issuance (renewal_no, fence, serial, csr_spki_sha256, csr_der, request_evidence_sha256, not_before,
                          not_after, tbs, content_hash)
    values (in_renewal_no, in_fence, in_serial, in_csr_spki_sha256, in_csr_der, in_request_evidence_sha256,
            in_not_before, in_not_after, in_tbs, in_content_hash)
    returning id into issuance_id;
    update challenge set used_at = now(), used_evidence = in_request_evidence_sha256, renewal_no = in_renewal_no
     where nonce_digest = in_nonce_digest and used_at is null;
    insert into audit_event (actor, action, object, detail)
    values ('issuer', 'issuance.intend', in_renewal_no, encode(in_serial, 'hex'));
    outcome := 'intended';
end
$$;
