-- SPDX-License-Identifier: Apache-2.0
-- Brings a platform's prices to what its file says: a new version, tables withdrawn and added, an audit event. The items
-- come as parallel arrays, all tables and terms of the file. in_version is the version the caller has seen (0: none).
-- Two loads of a platform wait for each other. Safe to call again: the same file once more is unchanged.
-- Outcomes: loaded, recorded (another file with the same prices), unchanged, version_conflict (somebody loaded since),
-- fees_begun (a table that is or was in force would change, vanish or come: detail names its day).
create or replace function xuqi.platform_load(
    in_platform text, in_file_sha256 text, in_loaded_by text, in_version bigint, in_effective_on text[],
    in_months bigint[], in_names text[], in_unit_fen bigint[], in_quantities bigint[],
    out outcome text, out version bigint, out detail text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    last     fee_version;
    gone     date[];
    coming   date[];
    begun    date;
    day      date;
    new_id   bigint;
begin
    perform pg_advisory_xact_lock(hashtextextended('fees:' || in_platform, 0));
    select * into last from fee_version as l where l.platform = in_platform order by l.number desc limit 1;
    version := coalesce(last.number, 0);
    -- Days whose items are not the same on both sides; line is the item's place within its term.
    with wanted as (
        select day::date as effective_on, months, name, unit_fen, quantity,
               row_number() over (partition by day, months order by place) as line
          from unnest(in_effective_on, in_months, in_names, in_unit_fen, in_quantities) with ordinality
               as w (day, months, name, unit_fen, quantity, place)),
    kept as (
        select t.effective_on, i.months, i.name, i.unit_fen, i.quantity, i.line
          from fee_table as t join fee_item as i on i.fee_table_id = t.id
         where t.platform = in_platform and t.withdrawn_in is null),
    different as (
        select distinct effective_on
          from wanted as w full join kept as k using (effective_on, months, line)
         where (w.name, w.unit_fen, w.quantity) is distinct from (k.name, k.unit_fen, k.quantity))
    select coalesce(array_agg(d.effective_on) filter (where d.effective_on in (select k.effective_on from kept as k)), '{}'),
           coalesce(array_agg(d.effective_on) filter (where d.effective_on in (select w.effective_on from wanted as w)), '{}')
      into gone, coming from different as d;
    if cardinality(gone) + cardinality(coming) = 0 and last.file_sha256 = in_file_sha256 then
        outcome := 'unchanged';
        return;
    end if;
    if version <> in_version then
        outcome := 'version_conflict';
        return;
    end if;
    select min(t.effective_on) into begun from fee_table as t
     where t.platform = in_platform and t.withdrawn_in is null and fee_begun(t.effective_from);
    if begun is not null then
        detail := (select min(d)::text from unnest(gone || coming) as d
                    where fee_begun(timezone('UTC', d::timestamp - interval '8 hours')));
        if detail is not null then
            outcome := 'fees_begun';
            return;
        end if;
    end if;

    version := version + 1;
    insert into fee_version (platform, number, file_sha256, loaded_by)
    values (in_platform, version, in_file_sha256, in_loaded_by);
    update fee_table as t set withdrawn_in = version
     where t.platform = in_platform and t.withdrawn_in is null and t.effective_on = any (gone);
    foreach day in array coming loop
        insert into fee_table (platform, effective_on, added_in) values (in_platform, day, version)
        returning id into new_id;
        with wanted as (
            select months, name, unit_fen, quantity, row_number() over (partition by months order by place) as line
              from unnest(in_effective_on, in_months, in_names, in_unit_fen, in_quantities) with ordinality
                   as w (effective_on, months, name, unit_fen, quantity, place)
             where effective_on::date = day),
        terms as (
            insert into fee_term (fee_table_id, months, amount_fen)
            select new_id, months, sum(unit_fen * quantity) from wanted group by months
            returning months)
        insert into fee_item (fee_table_id, months, line, name, unit_fen, quantity)
        select new_id, t.months, w.line, w.name, w.unit_fen, w.quantity from wanted as w join terms as t on t.months = w.months;
    end loop;
    outcome := case when cardinality(gone) + cardinality(coming) = 0 then 'recorded' else 'loaded' end;
    insert into audit_event (actor, action, object, detail)
    values ('admin:' || in_loaded_by, 'platform.load', 'platform:' || in_platform,
            format('version %s, file %s, withdrawn %s, added %s', version, in_file_sha256,
                   array_to_string(gone, ' '), array_to_string(coming, ' ')));
end
$$;
