-- SPDX-License-Identifier: Apache-2.0
-- Removes what the web hall needs no more: codes after the day over which they are counted, sessions a day after their
-- end, codes that could not be sent, questions for certificates, and other portals' tokens that have expired. At most 1000 of each per call.
create or replace function xuqi.portal_tidy(out codes bigint, out sessions bigint, out unsent bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    batch constant bigint := 1000;
begin
    delete from sms_code where id in (
        select id from sms_code where requested_at < now() - interval '25 hours' limit batch for update skip locked);
    get diagnostics codes = row_count;
    delete from portal_session where token_digest in (
        select token_digest from portal_session where expires_at < now() - interval '1 day' limit batch);
    get diagnostics sessions = row_count;
    delete from outbox where id in (
        select id from outbox where topic = 'sms_code' and state = 'dead' and created_at < now() - interval '1 day'
         limit batch for update skip locked);
    get diagnostics unsent = row_count;
    delete from serial_ask where (account_id, guess) in (
        select account_id, guess from serial_ask where asked_at < now() - interval '1 day' limit batch);
    delete from portal_token where digest in (
        select digest from portal_token where expires_at < now() - interval '1 day' limit batch);
end
$$;
