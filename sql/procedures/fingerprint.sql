-- SPDX-License-Identifier: Apache-2.0
-- SHA-256 over texts, each with its length before it: what a posting's natural key stands for.
create or replace function xuqi.fingerprint(variadic in_parts text[]) returns bytea
language plpgsql immutable parallel safe set search_path = xuqi, pg_temp as $$
declare
    part   text;
    joined bytea := '';
begin
    foreach part in array in_parts loop
        joined := joined || coalesce(int4send(octet_length(part)) || convert_to(part, 'UTF8'), '\xffffffff');
    end loop;
    return sha256(joined);
end
$$;

-- The same of two and of three texts: single expressions that become part of the query that asks it of many rows.
create or replace function xuqi.fingerprint(in_first text, in_second text) returns bytea
language sql stable parallel safe
return sha256(coalesce(int4send(octet_length(in_first)) || convert_to(in_first, 'UTF8'), '\xffffffff')
              || coalesce(int4send(octet_length(in_second)) || convert_to(in_second, 'UTF8'), '\xffffffff'));
create or replace function xuqi.fingerprint(in_first text, in_second text, in_third text) returns bytea
language sql stable parallel safe
return sha256(coalesce(int4send(octet_length(in_first)) || convert_to(in_first, 'UTF8'), '\xffffffff')
              || coalesce(int4send(octet_length(in_second)) || convert_to(in_second, 'UTF8'), '\xffffffff')
              || coalesce(int4send(octet_length(in_third)) || convert_to(in_third, 'UTF8'), '\xffffffff'));
