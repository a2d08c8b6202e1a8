-- SPDX-License-Identifier: Apache-2.0
-- How often a code may be tried. Internal.
create or replace function xuqi.sms_code_tries_most() returns bigint
language sql immutable set search_path = xuqi, pg_temp as $$ select 5::bigint $$;
