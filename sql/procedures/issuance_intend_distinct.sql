-- SPDX-License-Identifier: Apache-2.0
-- issuance_intend for renewals, nonces and keys that are all different, after their rows were locked. Internal.
-- The content of several is hashed by the guard alone, which raises when one has changed; each is then asked for by itself,
-- and told so here.
create or replace function xuqi.issuance_intend_distinct(
    in_fence bigint, in_renewal_nos text[], in_nonce_digests bytea[], in_csr_spki_sha256s bytea[],
    in_csr_ders bytea[], in_request_evidence_sha256s bytea[], in_serials bytea[], in_not_befores timestamptz[],
    in_not_afters timestamptz[], in_tbses bytea[], in_content_hashes bytea[])
returns table (outcome text, issuance_id bigint)
language plpgsql rows 16 set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    alone    boolean := cardinality(in_renewal_nos) = 1;
    outcomes text[];
    lost     bigint[];
begin
    select array_agg(judged.outcome order by judged.place),
           array_agg(judged.live_id) filter (where judged.outcome = 'ready' and judged.live_id is not null)
      into outcomes, lost
      from (select asked.place, live.id as live_id, case
                when live.serial = asked.serial and live.tbs = asked.tbs and live.fence = in_fence then 'intended'
                when ruled.verdict = 'issued' then 'busy'
                when ruled.verdict <> 'ready' then ruled.verdict
                when alone and asked.content_hash is distinct from frozen.content_hash then 'case_changed'
                when live.intended_at > clock_timestamp() - interval '2 minutes' then 'busy'
                when exists (select from issuance as i
                              where i.csr_spki_sha256 = asked.csr_spki_sha256 and i.state in ('intended', 'signed')
                                and i.renewal_no <> asked.renewal_no) then 'csr_key_refused'
                else 'ready' end as outcome
              from issuance_verdicts(in_renewal_nos, in_nonce_digests, in_csr_spki_sha256s, null) as ruled
              join unnest(in_renewal_nos, in_csr_spki_sha256s, in_serials, in_tbses, in_content_hashes)
                   with ordinality as asked (renewal_no, csr_spki_sha256, serial, tbs, content_hash, place)
                on asked.place = ruled.place
              left join renewal_content_hashes(case when alone then in_renewal_nos end) as frozen
                on frozen.renewal_no = asked.renewal_no
              left join issuance as live on live.renewal_no = asked.renewal_no and live.state = 'intended') as judged;
    if 'ready' = any (outcomes) then
        perform issuance_end(id, 'its outcome never arrived') from unnest(lost) as old (id);
        insert into issuance (renewal_no, fence, serial, csr_spki_sha256, csr_der, request_evidence_sha256,
                              not_before, not_after, tbs, content_hash)
        select renewal_no, in_fence, serial, csr_spki_sha256, csr_der, evidence, not_before, not_after, tbs,
               content_hash
          from unnest(outcomes, in_renewal_nos, in_serials, in_csr_spki_sha256s, in_csr_ders,
                      in_request_evidence_sha256s, in_not_befores, in_not_afters, in_tbses, in_content_hashes)
               as asked (outcome, renewal_no, serial, csr_spki_sha256, csr_der, evidence, not_before, not_after, tbs,
                         content_hash)
         where asked.outcome = 'ready';
        update challenge set used_at = now(), used_evidence = asked.evidence, renewal_no = asked.renewal_no
          from unnest(outcomes, in_renewal_nos, in_nonce_digests, in_request_evidence_sha256s)
               as asked (outcome, renewal_no, nonce_digest, evidence)
         where asked.outcome = 'ready' and challenge.nonce_digest = asked.nonce_digest and challenge.used_at is null;
        insert into audit_event (actor, action, object, detail)
        select 'issuer', 'issuance.intend', renewal_no, encode(serial, 'hex')
          from unnest(outcomes, in_renewal_nos, in_serials) as asked (outcome, renewal_no, serial)
         where asked.outcome = 'ready';
    end if;
    return query
    select case asked.outcome when 'ready' then 'intended' else asked.outcome end, made.id
      from unnest(outcomes, in_renewal_nos) with ordinality as asked (outcome, renewal_no, place)
      left join lateral (select id from issuance as i
                          where i.renewal_no = asked.renewal_no and i.state = 'intended'
                            and asked.outcome in ('ready', 'intended') limit 1) as made on true
     order by asked.place;
end
$$;
