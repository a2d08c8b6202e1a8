-- SPDX-License-Identifier: Apache-2.0
-- Who the agent is by now: the number of the last correction that changed him, 0 when he is as applied. Checks of another
-- number were made about somebody else. Internal.
create or replace function xuqi.identity_person(in_renewal_no text) returns bigint
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    return (select coalesce(max(f.number), 0) from correction_field as f
             where f.renewal_no = in_renewal_no and f.changed and f.name = any (identity_fields()));
end
$$;
