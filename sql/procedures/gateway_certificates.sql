-- SPDX-License-Identifier: Apache-2.0
-- A rail's certificates that have not ended, oldest first. Reads only.
create or replace function xuqi.gateway_certificates(in_rail text)
returns table (serial text, nonce text, associated_data text, ciphertext bytea)
language sql stable security definer set search_path = xuqi, pg_temp as $$
    select serial, nonce, associated_data, ciphertext
      from gateway_certificate
     where rail = in_rail and not_after > now()
     order by not_after
$$;
