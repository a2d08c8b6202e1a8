-- SPDX-License-Identifier: Apache-2.0
-- How often this name or address failed within the last so many seconds. Internal.
create or replace function xuqi.login_failures(in_kind text, in_subject bytea, in_within_s bigint) returns bigint
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    return (select count(*) from login_failure
             where kind = in_kind and subject = in_subject and at > now() - make_interval(secs => in_within_s));
end
$$;
