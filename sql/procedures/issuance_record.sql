-- SPDX-License-Identifier: Apache-2.0
-- The signed and verified certificates of intents: their renewals are issued, revenue and tax are booked. Several at once,
-- one row for each, in order. Safe to call again with the same bytes. Only after this may a certificate leave the issuer.
-- Outcomes: recorded, fenced, abandoned (the intent was given up meanwhile: the certificate must not leave). Raises, and
-- records none, when one of them is not its intent's.
create or replace function xuqi.issuance_record(
    in_fence bigint, in_issuance_ids bigint[], in_serials bytea[], in_ders bytea[], in_fingerprints bytea[])
returns table (outcome text, not_after timestamptz)
language plpgsql security definer set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    current_fence bigint := issuer_enter();
    several       bigint := cardinality(in_issuance_ids);
begin
    perform from renewal
      where renewal_no in (select i.renewal_no from issuance as i where i.id = any (in_issuance_ids))
      order by renewal_no for update;
    perform from issuance where id = any (in_issuance_ids) order by id for update;
    if several = (select count(distinct id) from unnest(in_issuance_ids) as asked (id)) then
        return query select * from issuance_record_distinct(in_fence, current_fence, in_issuance_ids, in_serials,
                                                            in_ders, in_fingerprints);
        return;
    end if;
    for i in 1..several loop
        return query select * from issuance_record_distinct(in_fence, current_fence, in_issuance_ids[i:i],
                                                            in_serials[i:i], in_ders[i:i], in_fingerprints[i:i]);
    end loop;
end
$$;
