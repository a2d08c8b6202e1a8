-- SPDX-License-Identifier: Apache-2.0
-- Takes open checks that are due for some seconds, each with a new token; those of a worker that went silent are taken over.
-- No row when there is nothing to do.
create or replace function xuqi.identity_lease(in_batch bigint, in_seconds bigint)
returns table (check_id bigint, renewal_no text, kind text, looks bigint, token_sealed bytea, asked_at timestamptz,
               expires_at timestamptz, personal_sealed bytea, evidence_sha256 bytea, lease_token bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    with due as (
        select c.id from identity_check as c
         where c.state = 'open' and c.next_look_at <= clock_timestamp()
           and (c.lease_until is null or c.lease_until < clock_timestamp())
         order by c.next_look_at, c.id limit in_batch for update skip locked),
    taken as (
        update identity_check as c
           set looks = c.looks + 1, lease_token = c.lease_token + 1,
               lease_until = clock_timestamp() + make_interval(secs => in_seconds)
          from due where c.id = due.id
        returning c.*)
    select t.id, t.renewal_no, t.kind, t.looks, t.token_sealed, t.asked_at, t.expires_at, p.personal_sealed,
           p.evidence_sha256, t.lease_token
      from taken as t cross join renewal_personal(t.renewal_no) as p;
end
$$;
