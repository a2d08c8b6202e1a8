-- SPDX-License-Identifier: Apache-2.0
-- issuance_record for different intents, after their rows were locked. Internal.
create or replace function xuqi.issuance_record_distinct(
    in_fence bigint, in_current_fence bigint, in_issuance_ids bigint[], in_serials bytea[], in_ders bytea[],
    in_fingerprints bytea[])
returns table (outcome text, not_after timestamptz)
language plpgsql rows 16 set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    outcomes text[];
    foreign_id bigint;
    nos      text[];
    orders   text[];
    amounts  bigint[];
    rates    bigint[];
begin
    select array_agg(case
               when i.certificate_fingerprint = asked.fingerprint then 'recorded'
               when i.state = 'abandoned' then 'abandoned'
               when in_current_fence <> in_fence or i.fence <> in_fence then 'fenced'
               else 'ready' end order by asked.place),
           min(asked.id) filter (where i.serial is distinct from asked.serial
                                    or asked.fingerprint is distinct from sha256(asked.der)
                                    or i.certificate_fingerprint <> asked.fingerprint)
      into outcomes, foreign_id
      from unnest(in_issuance_ids, in_serials, in_ders, in_fingerprints)
           with ordinality as asked (id, serial, der, fingerprint, place)
      left join issuance as i on i.id = asked.id;
    if foreign_id is not null then
        raise exception 'issuance %: this certificate is not its own', foreign_id using errcode = '23514';
    end if;

    if 'ready' = any (outcomes) then
        insert into certificate (fingerprint, serial, der, subject, not_before, not_after, platform, renewal_no)
        select asked.fingerprint, ltrim(encode(asked.serial, 'hex'), '0'), asked.der, r.subject, i.not_before,
               i.not_after, r.platform, r.renewal_no
          from unnest(outcomes, in_issuance_ids, in_serials, in_ders, in_fingerprints)
               as asked (outcome, id, serial, der, fingerprint)
          join issuance as i on i.id = asked.id
          join renewal as r on r.renewal_no = i.renewal_no
         where asked.outcome = 'ready';
        update issuance as i
           set state = 'signed', ended_at = clock_timestamp(), certificate_fingerprint = asked.fingerprint
          from unnest(outcomes, in_issuance_ids, in_fingerprints) as asked (outcome, id, fingerprint)
         where asked.outcome = 'ready' and i.id = asked.id;
        with issued as (
            update renewal as r set status = 'issued', issued_at = now()
              from unnest(outcomes, in_issuance_ids) as asked (outcome, id)
              join issuance as i on i.id = asked.id
             where asked.outcome = 'ready' and r.renewal_no = i.renewal_no
            returning r.renewal_no, r.order_no, r.amount_fen, r.tax_rate_permyriad, i.serial),
        noted as (
            insert into audit_event (actor, action, object, detail)
            select 'issuer', 'issuance.record', renewal_no, encode(serial, 'hex') from issued)
        select array_agg(renewal_no), array_agg(order_no), array_agg(amount_fen), array_agg(tax_rate_permyriad)
          into nos, orders, amounts, rates
          from issued;
        perform revenue_recognise(orders, amounts, rates);
        perform enqueue_each('message', 'issued', nos);
    end if;
    return query
    select case asked.outcome when 'ready' then 'recorded' else asked.outcome end, i.not_after
      from unnest(outcomes, in_issuance_ids) with ordinality as asked (outcome, id, place)
      left join issuance as i on i.id = asked.id
     order by asked.place;
end
$$;
