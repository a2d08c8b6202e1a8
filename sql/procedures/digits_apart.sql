-- SPDX-License-Identifier: Apache-2.0
-- How many slips lead from one number to another: a wrong digit, two neighbours exchanged, a digit left out or doubled each
-- count one. 9 when there are more than two.
create or replace function xuqi.digits_apart(in_one text, in_other text) returns integer
language plpgsql immutable strict parallel safe set search_path = xuqi, pg_temp as $$
declare
    size  integer := length(in_one);
    grown integer := length(in_other) - size;
    wrong integer := 0;
    at    integer := 1;
begin
    if in_one = in_other then
        return 0;
    elsif grown < 0 then
        return digits_apart(in_other, in_one);
    elsif grown > 1 then
        return 9;
    end if;
    while at <= size loop
        if substr(in_one, at, 1) = substr(in_other, at, 1) then
            at := at + 1;
        elsif grown = 1 then -- one left out here; what follows may hold one wrong digit more
            return case when wrong > 1 then 9
                        else least(9, wrong + 1 + (select count(*)::integer from generate_series(at, size) as i
                                                    where substr(in_one, i, 1) <> substr(in_other, i + 1, 1))) end;
        elsif substr(in_one, at, 2) = reverse(substr(in_other, at, 2)) then
            wrong := wrong + 1;
            at := at + 2;
        else
            wrong := wrong + 1;
            at := at + 1;
        end if;
        if wrong > 2 then
            return 9;
        end if;
    end loop;
    return case when wrong + grown > 2 then 9 else wrong + grown end;
end
$$;
