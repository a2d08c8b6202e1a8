-- SPDX-License-Identifier: Apache-2.0
-- One part of ledger_check, for who waits for it: of each broken invariant the first places and how many there are.
-- Outcome rows only; none when this part is right.
create or replace function xuqi.ledger_verify(in_part text, in_places bigint)
returns table (invariant text, detail text, found bigint)
language sql stable security definer set search_path = xuqi, pg_temp as $$
    select f.invariant, f.detail, f.found
      from (select c.invariant, c.detail, count(*) over (partition by c.invariant) as found,
                   row_number() over (partition by c.invariant order by c.detail) as place
              from ledger_check(in_part) as c) as f
     where f.place <= in_places
     order by f.invariant, f.place
$$;
