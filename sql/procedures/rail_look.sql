-- SPDX-License-Identifier: Apache-2.0
-- The rails of which anything is to be known, and when the newest certificate of each came. Reads only.
create or replace function xuqi.rail_look() returns table (rail text, breaker text, certificates_at timestamptz)
language sql stable security definer set search_path = xuqi, pg_temp as $$
    select coalesce(r.rail, c.rail), coalesce(r.breaker, 'closed'), c.newest
      from rail as r
      full join (select rail, max(sealed_at) as newest from gateway_certificate group by rail) as c using (rail)
$$;
