-- SPDX-License-Identifier: Apache-2.0
-- See issuer_exclude. Answers the current fence. Internal.
create or replace function xuqi.issuer_enter() returns bigint
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    perform pg_advisory_xact_lock_shared(hashtextextended('xuqi issuer', 0));
    return (select fence from issuer_lease);
end
$$;
