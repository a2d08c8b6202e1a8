-- SPDX-License-Identifier: Apache-2.0
-- A nonce (its SHA-256) good for one signed request. Safe to call again: the first expiry is answered.
-- No audit event: anybody may ask for any number of these, and they mean nothing until used.
create or replace function xuqi.challenge_create(in_nonce_digest bytea, in_lifetime_s bigint, out expires_at timestamptz)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    insert into challenge (nonce_digest, expires_at)
    values (in_nonce_digest, now() + make_interval(secs => in_lifetime_s))
        on conflict (nonce_digest) do nothing returning challenge.expires_at into expires_at;
    if expires_at is null then
        select challenge.expires_at into strict expires_at from challenge where nonce_digest = in_nonce_digest;
    end if;
end
$$;
