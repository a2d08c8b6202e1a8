-- SPDX-License-Identifier: Apache-2.0
-- The versions of a platform's prices, newest first, before the one given (0: from the newest), each with what it changed: a
-- row per line of a fee table that came or went with it, old and new. A table that came is compared with the one it
-- takes the place of: of the same day, else the one in force until then. Versions that changed nothing have one row without
-- a day. Who asked and who approved, where it was a request. For finance, administrators and auditors. Outcomes: ok in
-- every row, or one row: empty, unauthenticated, forbidden, platform_forbidden. Reads only.
create or replace function xuqi.price_versions(in_token_digest bytea, in_platform text, in_before bigint, in_size bigint)
returns table (outcome text, version bigint, loaded_by text, loaded_at timestamptz, request_id bigint, asked_by text,
               asked_at timestamptz, decided_by text, decided_at timestamptz, reason text, effective_on text, change text,
               months bigint, name_was text, unit_was bigint, quantity_was bigint, name text, unit_fen bigint, quantity bigint)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
begin
    select * into caller from session_of(in_token_digest, array['administrator', 'finance', 'auditor']);
    outcome := case when caller.outcome = 'ok' and not staff_may(caller.platforms, in_platform) then 'platform_forbidden'
                    else caller.outcome end;
    if outcome <> 'ok' then
        return next;
        return;
    end if;
    return query
    with shown as (
        select v.*, substring(v.loaded_by from '^request (\d+)$')::bigint as asked
          from fee_version as v
         where v.platform = in_platform and (in_before = 0 or v.number < in_before)
         order by v.number desc limit in_size),
    days as (
        select s.number, d.effective_on, d.new_id,
               coalesce(d.old_id, case when d.new_id is not null then
                   (select t.id from fee_table as t
                     where t.platform = in_platform and t.added_in < s.number and t.effective_on < d.effective_on
                       and (t.withdrawn_in is null or t.withdrawn_in > s.number)
                     order by t.effective_on desc limit 1) end) as old_id
          from shown as s,
               lateral (select coalesce(n.effective_on, o.effective_on) as effective_on, n.id as new_id, o.id as old_id
                          from (select * from fee_table as t where t.platform = in_platform and t.added_in = s.number) as n
                          full join (select * from fee_table as t where t.platform = in_platform and t.withdrawn_in = s.number) as o
                            on o.effective_on = n.effective_on) as d),
    lines as (
        select d.number, d.effective_on, l.*
          from days as d,
               lateral (select coalesce(n.months, o.months) as months, coalesce(n.line, o.line) as line, o.name as name_was,
                               o.unit_fen as unit_was, o.quantity as quantity_was, n.name, n.unit_fen, n.quantity
                          from (select * from fee_item as i where i.fee_table_id = d.new_id) as n
                          full join (select * from fee_item as i where i.fee_table_id = d.old_id) as o
                            on o.months = n.months and o.line = n.line) as l)
    select 'ok'::text, s.number, s.loaded_by, s.loaded_at, coalesce(r.id, 0), coalesce(asker.display_name, ''), r.asked_at,
           coalesce(decider.display_name, ''), r.decided_at, coalesce(r.reason, ''), coalesce(l.effective_on::text, ''),
           case when l.number is null then ''
                when l.name is null then 'removed' when l.name_was is null then 'added'
                when (l.name, l.unit_fen, l.quantity) = (l.name_was, l.unit_was, l.quantity_was) then 'same' else 'changed' end,
           coalesce(l.months, 0), coalesce(l.name_was, ''), coalesce(l.unit_was, 0), coalesce(l.quantity_was, 0),
           coalesce(l.name, ''), coalesce(l.unit_fen, 0), coalesce(l.quantity, 0)
      from shown as s
      left join admin_request as r on r.id = s.asked
      left join staff as asker on asker.id = r.asked_by
      left join staff as decider on decider.id = r.decided_by
      left join lines as l on l.number = s.number
     order by s.number desc, l.effective_on, l.months, l.line;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
