-- SPDX-License-Identifier: Apache-2.0
-- Makes a year's holidays and shifted working days what its file says, whole. Safe to call again: the same days change
-- nothing. Promises that were given stay as they were given.
-- Outcomes: imported, known (nothing to change).
create or replace function xuqi.calendar_import(
    in_year bigint, in_source text, in_sha256 text, in_days text[], in_working bigint[], in_names text[],
    out outcome text, out added bigint, out changed bigint, out removed bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('calendar_import', 0));
    select count(*) filter (where c.day is null), count(*) filter (where i.day is null),
           count(*) filter (where c.day = i.day and (c.working, c.name) is distinct from (i.working <> 0, i.name))
      into added, removed, changed
      from unnest(in_days::date[], in_working, in_names) as i (day, working, name)
      full join (select * from calendar_day where year = in_year) as c on c.day = i.day;
    outcome := case when added + removed + changed = 0 and exists (select from calendar_year where year = in_year)
                    then 'known' else 'imported' end;
    if outcome = 'known' then
        return;
    end if;
    insert into calendar_year as y (year, source, sha256) values (in_year, in_source, in_sha256)
        on conflict (year) do update
       set source = excluded.source, sha256 = excluded.sha256, imported_at = now();
    delete from calendar_day where year = in_year;
    insert into calendar_day (day, year, working, name)
    select i.day, in_year, i.working <> 0, i.name
      from unnest(in_days::date[], in_working, in_names) as i (day, working, name);
    insert into audit_event (actor, action, object, detail)
    values ('admin', 'calendar.import', 'calendar:' || in_year,
            format('added %s, changed %s, removed %s, sha256 %s', added, changed, removed, in_sha256));
end
$$;
