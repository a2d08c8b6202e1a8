-- SPDX-License-Identifier: Apache-2.0
-- Keeps a verified notice with what became of it, once per content and verdict. Internal.
create or replace function xuqi.notice_keep(
    in_verdict text, in_reason text, in_gateway text, in_attempt_no text, in_gateway_txn text, in_amount_fen bigint,
    in_buyer_masked text, in_raw bytea, in_key_id text, in_posting_id bigint) returns boolean
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    insert into payment_notice (gateway, digest, verdict, reason, attempt_no, gateway_txn, amount_fen, buyer_masked,
                                key_id, raw, posting_id)
    values (in_gateway, sha256(in_raw), in_verdict, in_reason, in_attempt_no, in_gateway_txn, in_amount_fen,
            in_buyer_masked, in_key_id, in_raw, in_posting_id)
        on conflict (gateway, digest, verdict) do nothing;
    return found;
end
$$;
