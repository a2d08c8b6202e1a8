-- SPDX-License-Identifier: Apache-2.0
-- Is a new list needed: there is none, the last one ends within in_renew_s, or something was revoked or abandoned since?
-- With its number, its time and the revocations known by now, which crl_record takes. Counted, not compared by time: a
-- revocation that began before the last list was made may have been committed after it. Reads only.
create or replace function xuqi.crl_due(
    in_renew_s bigint, out due boolean, out number bigint, out at timestamptz, out revocations bigint)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    newest crl;
begin
    select * into newest from crl order by crl.number desc limit 1;
    number := coalesce(newest.number, 0) + 1;
    at := date_trunc('second', now());
    revocations := (select count(*) from certificate where revoked_at is not null)
                   + (select count(*) from abandoned_serial);
    due := newest.number is null or newest.next_update <= now() + make_interval(secs => in_renew_s)
           or newest.revocations <> crl_due.revocations;
end
$$;
