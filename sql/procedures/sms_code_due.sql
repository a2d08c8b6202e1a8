-- SPDX-License-Identifier: Apache-2.0
-- A code that is to be sent; no row when it has ended or expired: it is dropped then, never sent late. Reads only.
create or replace function xuqi.sms_code_due(in_id bigint)
returns table (purpose text, mobile_index bytea, mobile_sealed bytea, salt bytea, expires_at timestamptz)
language plpgsql stable rows 1 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    return query
    select c.purpose, c.mobile_index, c.mobile_sealed, c.salt, c.expires_at from sms_code as c
     where c.id = in_id and c.ended_at is null and c.expires_at > clock_timestamp();
end
$$;
