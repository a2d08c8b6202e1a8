-- SPDX-License-Identifier: Apache-2.0
-- Abandons an intent: its serial may have been signed and never counts. Internal.
create or replace function xuqi.issuance_end(in_issuance_id bigint, in_reason text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    ended issuance;
begin
    update issuance set state = 'abandoned', ended_at = clock_timestamp()
     where id = in_issuance_id and state = 'intended' returning * into ended;
    if found then
        insert into abandoned_serial (serial, issuance_id, reason) values (ended.serial, ended.id, in_reason);
        insert into audit_event (actor, action, object, detail)
        values ('issuer', 'issuance.abandon', ended.renewal_no, encode(ended.serial, 'hex'));
    end if;
end
$$;
