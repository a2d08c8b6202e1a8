-- SPDX-License-Identifier: Apache-2.0
-- Asks for a code by SMS; the one asked for before ends. Counted per number, per address and in all, whatever becomes of
-- it. The answer is the same for a known and an unknown number: only a password's code is not sent where there is no
-- account. Outcomes: requested, sms_limit. Safe to call again: the same salt answers its own code.
create or replace function xuqi.sms_code_request(
    in_mobile_index bytea, in_mobile_sealed bytea, in_purpose text, in_salt bytea, in_code_digest bytea,
    in_address text, in_lifetime_s bigint, in_per_minute bigint, in_per_hour bigint, in_per_day bigint,
    in_address_per_hour bigint, in_all_per_day bigint,
    out outcome text, out expires_at timestamptz)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    mark    bytea := fingerprint(in_address);
    code_id bigint;
begin
    -- Requests at the same time are counted one after the other; always the number first.
    perform pg_advisory_xact_lock(hashtextextended('sms mobile:' || encode(in_mobile_index, 'hex'), 0));
    perform pg_advisory_xact_lock(hashtextextended('sms address:' || in_address, 0));
    select c.expires_at into expires_at from sms_code as c where c.salt = in_salt;
    if found then
        outcome := 'requested';
        return;
    end if;
    if sms_codes_of(in_mobile_index, interval '1 minute') >= in_per_minute
       or sms_codes_of(in_mobile_index, interval '1 hour') >= in_per_hour
       or sms_codes_of(in_mobile_index, interval '1 day') >= in_per_day
       or (select count(*) from sms_code as c
            where c.address_mark = mark and c.requested_at > now() - interval '1 hour') >= in_address_per_hour
       or (select count(*) from sms_code as c where c.requested_at > now() - interval '1 day') >= in_all_per_day then
        outcome := 'sms_limit';
        return;
    end if;
    update sms_code set ended_at = now()
     where mobile_index = in_mobile_index and purpose = in_purpose and ended_at is null;
    insert into sms_code (mobile_index, mobile_sealed, purpose, salt, code_digest, address_mark, expires_at)
    values (in_mobile_index, in_mobile_sealed, in_purpose, in_salt, in_code_digest, mark,
            now() + make_interval(secs => in_lifetime_s))
    returning sms_code.id, sms_code.expires_at into code_id, expires_at;
    if in_purpose <> 'password' or exists (select from portal_account where mobile_index = in_mobile_index) then
        insert into outbox (topic, dedup_key, event, renewal_no) values ('sms_code', code_id, in_purpose, '');
    end if;
    insert into audit_event (actor, action, object, detail) values ('portal', 'sms_code.request', code_id, in_purpose);
    outcome := 'requested';
end
$$;
