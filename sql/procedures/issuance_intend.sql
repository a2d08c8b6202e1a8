-- SPDX-License-Identifier: Apache-2.0
-- Writes down what is about to be signed and uses the nonces up; committed before the HSM is asked. Several at once, as if
-- one after the other: each has its own outcome, one row for each, in order. The guard on the table checks payment,
-- approvals and content once more. An intent of the same renewal makes way when it is older than two minutes: its outcome
-- never reached the issuer, and its record will be refused.
-- Outcomes: intended, fenced, busy (another intent is under way, or has just been signed), case_changed,
-- csr_key_refused (the key is in another live issuance), and the refusals of issuance_begin.
-- Calling again with the same serial answers the same intent.
create or replace function xuqi.issuance_intend(
    in_fence bigint, in_renewal_nos text[], in_nonce_digests bytea[], in_csr_spki_sha256s bytea[],
    in_csr_ders bytea[], in_request_evidence_sha256s bytea[], in_serials bytea[], in_not_befores timestamptz[],
    in_not_afters timestamptz[], in_tbses bytea[], in_content_hashes bytea[])
returns table (outcome text, issuance_id bigint)
language plpgsql security definer set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    current_fence bigint := issuer_enter();
    several       bigint := cardinality(in_renewal_nos);
    distinct_ones bigint;
begin
    if current_fence <> in_fence then
        return query select 'fenced', null::bigint from generate_series(1, several);
        return;
    end if;
    perform from challenge where nonce_digest = any (in_nonce_digests) order by nonce_digest for update;
    perform from renewal where renewal_no = any (in_renewal_nos) order by renewal_no for update;
    select least(count(distinct renewal_no), count(distinct nonce_digest), count(distinct key))
      into distinct_ones
      from unnest(in_renewal_nos, in_nonce_digests, in_csr_spki_sha256s) as asked (renewal_no, nonce_digest, key);
    if distinct_ones = several then
        return query select * from issuance_intend_distinct(
            in_fence, in_renewal_nos, in_nonce_digests, in_csr_spki_sha256s, in_csr_ders,
            in_request_evidence_sha256s, in_serials, in_not_befores, in_not_afters, in_tbses, in_content_hashes);
        return;
    end if;
    for i in 1..several loop
        return query select * from issuance_intend_distinct(
            in_fence, in_renewal_nos[i:i], in_nonce_digests[i:i], in_csr_spki_sha256s[i:i], in_csr_ders[i:i],
            in_request_evidence_sha256s[i:i], in_serials[i:i], in_not_befores[i:i], in_not_afters[i:i],
            in_tbses[i:i], in_content_hashes[i:i]);
    end loop;
end
$$;
