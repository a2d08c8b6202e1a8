-- SPDX-License-Identifier: Apache-2.0
-- An account's rights as a request shows them. Internal.
create or replace function xuqi.admin_rights_text(in_status text, in_roles text[], in_platforms text[]) returns text
language sql immutable set search_path = xuqi, pg_temp as $$
    select format('%s; roles %s; platforms %s', in_status, array_to_string(in_roles, ','), array_to_string(in_platforms, ','))
$$;
