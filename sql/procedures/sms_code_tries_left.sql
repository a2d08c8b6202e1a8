-- SPDX-License-Identifier: Apache-2.0
-- How often the live code of a number may still be tried; 0 when there is none: another one has to be asked for. Reads only,
-- but sees what the statement that calls it has just written, and so is volatile.
create or replace function xuqi.sms_code_tries_left(in_mobile_index bytea, in_purpose text) returns bigint
language plpgsql volatile security definer set search_path = xuqi, pg_temp as $$
begin
    return coalesce((select sms_code_tries_most() - tries from sms_code
                      where mobile_index = in_mobile_index and purpose = in_purpose and ended_at is null
                        and expires_at > clock_timestamp()), 0);
end
$$;
