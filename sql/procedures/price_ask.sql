-- SPDX-License-Identifier: Apache-2.0
-- Finance or an administrator proposes a fee table of a platform from a day on; a second person puts it in force (admin_decide).
-- All other tables stay. The items come as parallel arrays. in_version: of the platform's prices, as they were seen. Safe to call
-- again with the same key. Outcomes: asked, done, refused, unauthenticated, forbidden, platform_forbidden, request_conflict,
-- version_conflict, fees_begun (the day is over, or another table is in force on it), nothing_changes.
create or replace function xuqi.price_ask(
    in_token_digest bytea, in_key text, in_platform text, in_version bigint, in_effective_on text, in_months bigint[],
    in_names text[], in_units bigint[], in_quantities bigint[], in_reason text, in_life_s bigint,
    out outcome text, out request_id bigint, out was text, out becomes text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller  record;
    it      admin_request;
    kept    record;
    days    text[] := array_fill(in_effective_on, array[cardinality(in_months)]);
begin
    select * into caller from session_of(in_token_digest, array['administrator', 'finance']);
    outcome := case when caller.outcome = 'ok' and not staff_may(caller.platforms, in_platform) then 'platform_forbidden'
                    else caller.outcome end;
    if outcome <> 'ok' then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('admin:' || in_key, 0));
    select array_agg(f.effective_on order by f.effective_on, f.months, f.place) as days,
           array_agg(f.months order by f.effective_on, f.months, f.place) as months,
           array_agg(f.name order by f.effective_on, f.months, f.place) as names,
           array_agg(f.unit_fen order by f.effective_on, f.months, f.place) as units,
           array_agg(f.quantity order by f.effective_on, f.months, f.place) as quantities
      into kept from (select p.*, row_number() over () as place from platform_fees(in_platform) as p) as f
     where f.effective_on is not null and f.effective_on <> in_effective_on;
    was := coalesce((select price_text(array_agg(f.effective_on order by f.place), array_agg(f.months order by f.place), array_agg(f.name order by f.place),
                                       array_agg(f.unit_fen order by f.place), array_agg(f.quantity order by f.place))
                       from (select p.*, row_number() over () as place from platform_fees(in_platform) as p) as f
                      where f.effective_on is not null
                        and f.effective_on = (select max(l.effective_on) from platform_fees(in_platform) as l
                                               where l.effective_on <= in_effective_on)), '');
    becomes := price_text(days, in_months, in_names, in_units, in_quantities);
    select * into it from admin_request where request_key = in_key;
    if found then
        outcome := case when (it.kind, it.subject, it.becomes, it.asked_by) = ('price', in_platform, becomes, caller.staff_id)
                        then it.state else 'request_conflict' end;
        request_id := case when outcome <> 'request_conflict' then it.id end;
        return;
    end if;
    outcome := case
        when in_version <> coalesce((select max(v.number) from fee_version as v where v.platform = in_platform), 0)
             then 'version_conflict'
        when was = becomes then 'nothing_changes'
        when fee_begun(timezone('UTC', in_effective_on::timestamp - interval '8 hours')) then 'fees_begun' end;
    if outcome is not null then
        return;
    end if;
    insert into admin_request (request_key, kind, subject, subject_version, reason, asked_by, expires_at, was, becomes,
                               price_days, price_months, price_names, price_units, price_quantities)
    values (in_key, 'price', in_platform, in_version, in_reason, caller.staff_id,
            clock_timestamp() + make_interval(secs => in_life_s), was, becomes,
            coalesce(kept.days, '{}') || days, coalesce(kept.months, '{}') || in_months, coalesce(kept.names, '{}') || in_names,
            coalesce(kept.units, '{}') || in_units, coalesce(kept.quantities, '{}') || in_quantities)
    returning id into request_id;
    outcome := 'asked';
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'admin.price.asked', 'admin_request:' || request_id, in_platform || ' from ' || in_effective_on);
end
$$;
