-- SPDX-License-Identifier: Apache-2.0
-- The account at this portal that a certificate belongs to: its own, or that of the certificate it was renewed from, as
-- far back as is known. Null when none is recorded. Internal.
create or replace function xuqi.certificate_portal_account(in_fingerprint bytea, in_issuer text) returns text
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    return (
        with recursive line (fingerprint, age) as (
            select in_fingerprint, 0
            union all
            select r.certificate_fingerprint, line.age + 1
              from line join certificate as c on c.fingerprint = line.fingerprint
              join renewal as r on r.renewal_no = c.renewal_no
             where line.age < 100)
        select b.account from line join certificate_portal_account as b
            on b.certificate_fingerprint = line.fingerprint and b.issuer = in_issuer
         order by line.age limit 1);
end
$$;
