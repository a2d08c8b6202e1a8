-- SPDX-License-Identifier: Apache-2.0
-- How many codes a number was given within this time. Internal.
create or replace function xuqi.sms_codes_of(in_mobile_index bytea, in_within interval) returns bigint
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    return (select count(*) from sms_code where mobile_index = in_mobile_index and requested_at > now() - in_within);
end
$$;
