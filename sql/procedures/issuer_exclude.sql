-- SPDX-License-Identifier: Apache-2.0
-- Waits for every intent and record under way and keeps new ones out until the end of this transaction: for a new fence
-- and for the halt. They themselves take issuer_enter, which does not make them wait for each other. Internal.
create or replace function xuqi.issuer_exclude() returns void
language sql set search_path = xuqi, pg_temp as $$
    select pg_advisory_xact_lock(hashtextextended('xuqi issuer', 0))
$$;
