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
