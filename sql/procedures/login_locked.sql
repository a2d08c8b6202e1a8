-- SPDX-License-Identifier: Apache-2.0
-- Is this name, or this address, locked by logins that failed within the last so many seconds? From here to the end of the transaction
-- guesses at it are counted one after the other: always the name first. Internal.
create or replace function xuqi.login_locked(
    in_kind text, in_mark bytea, in_address_kind text, in_address text, in_attempts_limit bigint, in_address_limit bigint,
    in_lock_s bigint) returns boolean
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtextextended(format('login %s:%s', in_kind, encode(in_mark, 'hex')), 0));
    perform pg_advisory_xact_lock(hashtextextended(format('login %s:%s', in_address_kind, in_address), 0));
    return login_failures(in_kind, in_mark, in_lock_s) >= in_attempts_limit
           or login_failures(in_address_kind, fingerprint(in_address), in_lock_s) >= in_address_limit;
end
$$;
