-- SPDX-License-Identifier: Apache-2.0
-- Branches whose name holds every word and whose code begins with every number, by rank: head offices come first, then
-- the short names of each bank. Words are canonical, at least two characters each; numbers are digits only. Reads only.
-- Rare words are found by their pairs of characters. Where all are common ("银行"), walking by rank, where banks are mixed,
-- meets enough of them soon; that walk is bounded, and what it does not fill is found by pairs after all.
create or replace function xuqi.bank_search(in_words text[], in_numbers text[], in_limit bigint)
returns table (code text, name text, bank text, province text, city text)
language plpgsql stable rows 20 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    common constant bigint := 3000;
    walked constant bigint := 5000;
    needed   text[] := '{}';
    patterns text[] := '{}';
    word     text;
    low      text := coalesce((select max(rpad(n, 12, '0')) from unnest(in_numbers) as n), '');
    high     text := coalesce((select min(rpad(n, 12, '9')) from unnest(in_numbers) as n), '~');
    rarest   bigint;
    given    bigint := 0; -- by the walk, which has the same order
begin
    foreach word in array in_words loop
        needed := needed || bank_pairs(word);
        patterns := patterns || ('%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%');
    end loop;
    if needed = '{}' then
        return query select b.code, b.name, b.bank, b.province, b.city from bank_branch as b
                      where b.code between low and high order by b.code limit in_limit;
        return;
    end if;
    select min(coalesce(p.times, 0)) into rarest
      from unnest(needed) as n (pair) left join bank_pair as p on p.pair = n.pair;
    if rarest = 0 then
        return;
    end if;
    if rarest > common then
        return query
        select w.code, w.name, w.bank, w.province, w.city
          from (select * from bank_branch as b order by b.rank, length(b.search), b.code limit walked) as w
         where w.search like all (patterns) and w.code between low and high
         order by w.rank, length(w.search), w.code limit in_limit;
        get diagnostics given = row_count;
        if given = in_limit then
            return;
        end if;
    end if;
    return query
    with candidate as materialized (
        select b.code, b.name, b.bank, b.province, b.city, b.search, b.rank from bank_branch as b where bank_pairs(b.search) @> needed)
    select c.code, c.name, c.bank, c.province, c.city from candidate as c
     where c.search like all (patterns) and c.code between low and high
     order by c.rank, length(c.search), c.code offset given limit in_limit - given;
end
$$;
