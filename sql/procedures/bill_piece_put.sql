-- SPDX-License-Identifier: Apache-2.0
-- A piece of a kept bill, at most 1 MiB. Safe to call again. Outcomes: put; raises on another content under its number.
create or replace function xuqi.bill_piece_put(in_file_id bigint, in_number bigint, in_data bytea, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
begin
    insert into bill_piece (file_id, number, data) values (in_file_id, in_number, in_data)
        on conflict (file_id, number) do nothing;
    if not found and (select p.data from bill_piece as p where p.file_id = in_file_id and p.number = in_number)
                     is distinct from in_data then
        raise exception 'piece % of bill % exists with another content', in_number, in_file_id using errcode = '23505';
    end if;
    outcome := 'put';
end
$$;
