-- SPDX-License-Identifier: Apache-2.0
-- Events, newest first, before the one given (0: from the newest), by who acted (with or without "staff:"), what the action begins
-- with, the object, and days of Beijing from and to; each "" for all. For auditors; for administrators those of the
-- administration (audit_administers). Each with its leaf (-1: waits to be sealed) and the first checkpoint that covers it
-- (size 0: waits to be signed): a checkpoint is witnessed outside of the database before it is recorded. broken: it is not what was
-- sealed. A call looks at 50,000 ids
-- at most unless an object is given, which has an index; next_before says where to go on, 0 that there is nothing more.
-- Outcomes: ok in every row, or one row: empty, unauthenticated, forbidden. Reads only.
create or replace function xuqi.audit_list(
    in_token_digest bytea, in_actor text, in_action text, in_object text, in_from text, in_to text, in_before bigint,
    in_size bigint)
returns table (outcome text, next_before bigint, id bigint, at timestamptz, actor text, action text, object text, detail text,
               leaf_index bigint, checkpoint_size bigint, signed_at timestamptz, broken boolean)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    looks    constant bigint := 50000;
    margin   constant interval := interval '1 minute';
    caller   record;
    all_of   boolean;
    begins   timestamptz := coalesce(nullif(in_from, '')::date::timestamp at time zone 'Asia/Shanghai', '-infinity');
    ends     timestamptz := coalesce((nullif(in_to, '')::date + 1)::timestamp at time zone 'Asia/Shanghai', 'infinity');
    upper_id bigint := coalesce((select max(e.id) from audit_event as e), 0) + 1;
    lower_id bigint := coalesce((select min(e.id) from audit_event as e), 1);
    floor_id bigint;
begin
    select * into caller from session_of(in_token_digest, array['administrator', 'auditor']);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return next;
        return;
    end if;
    all_of := exists (select from staff as s where s.id = caller.staff_id and 'auditor' = any (s.roles));
    if in_to <> '' then
        upper_id := least(upper_id, audit_id_at(ends + margin));
    end if;
    if in_from <> '' then
        lower_id := greatest(lower_id, audit_id_at(begins - margin));
    end if;
    upper_id := case when in_before > 0 then least(upper_id, in_before) else upper_id end;
    floor_id := case when in_object <> '' then lower_id else greatest(lower_id, upper_id - looks) end;
    return query
    with found as materialized (
        select e.* from audit_event as e
         where e.id < upper_id and e.id >= floor_id and e.at >= begins and e.at < ends
           and (in_object = '' or e.object = in_object)
           and (in_actor = '' or e.actor in (in_actor, 'staff:' || in_actor))
           and (in_action = '' or starts_with(e.action, in_action))
           and (all_of or audit_administers(e.action))
         order by e.id desc limit in_size)
    select 'ok'::text,
           case when (select count(*) from found) = in_size then (select min(f.id) from found as f)
                when floor_id > lower_id then floor_id else 0 end,
           e.id, e.at, e.actor, e.action, e.object, e.detail, coalesce(l.leaf_index, -1), coalesce(c.size, 0), c.signed_at,
           coalesce(l.hash <> sha256('\x00' || audit_canonical(a)), false)
      from found as e
      join audit_event as a on a.id = e.id
      left join audit_leaf as l on l.event_id = e.id
      left join lateral (select k.size, k.signed_at from audit_checkpoint as k where k.size > l.leaf_index order by k.size limit 1) as c
             on true
     order by e.id desc;
    if not found then
        outcome := 'empty';
        next_before := case when floor_id > lower_id then floor_id else 0 end;
        return next;
    end if;
end
$$;
