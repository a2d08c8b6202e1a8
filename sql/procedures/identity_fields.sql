-- SPDX-License-Identifier: Apache-2.0
-- The fields that say who the agent is: what providers are asked about. Internal.
create or replace function xuqi.identity_fields() returns text[]
language plpgsql immutable parallel safe set search_path = xuqi, pg_temp as $$
begin
    return array['agent.name', 'agent.id_type', 'agent.id_number', 'agent.mobile'];
end
$$;
