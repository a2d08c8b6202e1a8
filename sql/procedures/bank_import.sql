-- SPDX-License-Identifier: Apache-2.0
-- Makes the list of branches what the file says, whole or not at all; in_apply false only counts what would change.
-- Safe to call again: the same list changes nothing. Renewals keep the branch they were submitted with.
-- Outcomes: imported, known (nothing to change), checked.
create or replace function xuqi.bank_import(
    in_codes text[], in_names text[], in_banks text[], in_provinces text[], in_cities text[], in_searches text[],
    in_apply boolean,
    out outcome text, out added bigint, out changed bigint, out removed bigint, out unchanged bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    perform pg_advisory_xact_lock(hashtextextended('bank_import', 0));
    select count(*) filter (where b.code is null), count(*) filter (where i.code is null),
           count(*) filter (where (b.name, b.bank, b.province, b.city, b.search)
                                  is distinct from (i.name, i.bank, i.province, i.city, i.search)
                              and b.code is not null and i.code is not null),
           count(*) filter (where (b.name, b.bank, b.province, b.city, b.search)
                                  is not distinct from (i.name, i.bank, i.province, i.city, i.search))
      into added, removed, changed, unchanged
      from unnest(in_codes, in_names, in_banks, in_provinces, in_cities, in_searches)
           as i (code, name, bank, province, city, search)
      full join bank_branch as b on b.code = i.code;
    outcome := case when not in_apply then 'checked' when added + changed + removed = 0 then 'known' else 'imported' end;
    if outcome <> 'imported' then
        return;
    end if;
    delete from bank_branch where not code = any (in_codes);
    insert into bank_branch as b (code, name, bank, province, city, search, rank)
    select i.* from (select *, row_number() over (partition by left(code, 3) order by length(search), code) as rank
                       from unnest(in_codes, in_names, in_banks, in_provinces, in_cities, in_searches)
                            as given (code, name, bank, province, city, search)) as i
      left join bank_branch as had on had.code = i.code
     where (had.name, had.bank, had.province, had.city, had.search, had.rank)
           is distinct from (i.name, i.bank, i.province, i.city, i.search, i.rank)
     order by i.rank, length(i.search), i.code -- as bank_search walks them
        on conflict (code) do update
       set name = excluded.name, bank = excluded.bank, province = excluded.province, city = excluded.city,
           search = excluded.search, rank = excluded.rank;
    delete from bank_pair;
    insert into bank_pair (pair, times)
    select substr(search, i, 2), count(*) from bank_branch, generate_series(1, length(search) - 1) as i group by 1;
    analyze bank_branch; -- the next search is planned for this list, not for an empty one
    insert into audit_event (actor, action, object, detail)
    values ('admin', 'bank.import', 'bank_branch',
            format('added %s, changed %s, removed %s', added, changed, removed));
end
$$;
