-- SPDX-License-Identifier: Apache-2.0
-- Is this the live code of the number, and use it up. A wrong one counts as a try, the last ends the code; so does a right
-- one that is not to be used (in_use false), so that nothing can be asked without end with one code. Two at once: one gets
-- it. What is compared are keyed hashes: the time it takes tells nothing. Internal.
create or replace function xuqi.sms_code_take(
    in_mobile_index bytea, in_purpose text, in_code_digest bytea, in_use boolean default true) returns boolean
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    held       sms_code;
    right_code boolean;
begin
    select * into held from sms_code
     where mobile_index = in_mobile_index and purpose = in_purpose and ended_at is null for update;
    if held.id is null or held.expires_at <= clock_timestamp() then
        return false;
    end if;
    right_code := held.code_digest = in_code_digest;
    if right_code and in_use then
        update sms_code set used_at = now(), ended_at = now() where id = held.id;
    else
        update sms_code set tries = tries + 1, ended_at = case when tries + 1 >= sms_code_tries_most() then now() end where id = held.id;
    end if;
    return right_code;
end
$$;
