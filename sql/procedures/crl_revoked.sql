-- SPDX-License-Identifier: Apache-2.0
-- What the next list of this issuer (its Name in DER) holds: its revoked certificates, and the serials that may have been
-- signed and never count. One that has expired stays until it has been on a list made after that (RFC 5280 3.3).
-- Reads only.
create or replace function xuqi.crl_revoked(in_issuer_der bytea)
returns table (serial bytea, revoked_at timestamptz, reason text)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    last_update timestamptz := (select this_update from crl order by number desc limit 1);
begin
    return query
        select distinct on (listed.serial) listed.serial, listed.revoked_at, listed.reason
          from (select decode(repeat('0', length(c.serial) % 2) || c.serial, 'hex') as serial, c.revoked_at,
                       c.revocation_reason as reason
                  from certificate as c
                 where c.revoked_at is not null and c.not_after > coalesce(last_update, now())
                   and position(in_issuer_der in c.der) > 0
                 union all
                select ltrim(a.serial, '\x00'), a.abandoned_at, 'cessationOfOperation'
                  from abandoned_serial as a join issuance as i on i.id = a.issuance_id
                 where i.not_after > coalesce(last_update, now()) and position(in_issuer_der in i.tbs) > 0) as listed
         order by listed.serial, listed.revoked_at;
end
$$;
