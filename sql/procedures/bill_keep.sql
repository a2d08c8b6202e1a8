-- SPDX-License-Identifier: Apache-2.0
-- A bill as it came is about to be kept (its pieces follow). Safe to call again, also at the same time: the same bytes of
-- the same day are one file. Outcomes: kept, loaded (its rows are there already).
create or replace function xuqi.bill_keep(
    in_rail text, in_day text, in_digest bytea, in_size bigint, in_source text, in_actor text,
    out outcome text, out file_id bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    insert into bill_file (rail, day, digest, size, source, actor)
    values (in_rail, in_day::date, in_digest, in_size, in_source, in_actor)
        on conflict (rail, day, digest) do nothing returning id into file_id;
    if file_id is not null then
        insert into audit_event (actor, action, object, detail)
        values (in_actor, 'bill.keep', in_rail || ':' || in_day,
                format('%s, %s bytes, sha256 %s', in_source, in_size, encode(in_digest, 'hex')));
    end if;
    select f.id, case f.state when 'loaded' then 'loaded' else 'kept' end into strict file_id, outcome
      from bill_file as f where f.rail = in_rail and f.day = in_day::date and f.digest = in_digest;
end
$$;
