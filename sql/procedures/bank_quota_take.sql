-- SPDX-License-Identifier: Apache-2.0
-- One call of a bank, unless as many as it allows were made within the hour. Counted in slots of five minutes, the
-- oldest of them whole: never more than in_per_hour in any hour.
create or replace function xuqi.bank_quota_take(in_kind text, in_per_hour bigint) returns boolean
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    now_slot timestamptz := date_bin('5 minutes', clock_timestamp(), '2000-01-01+00');
begin
    perform pg_advisory_xact_lock(hashtextextended('bank_quota ' || in_kind, 0));
    if coalesce((select sum(used) from bank_quota
                  where kind = in_kind and slot > now_slot - interval '65 minutes'), 0) >= in_per_hour then
        return false;
    end if;
    insert into bank_quota (kind, slot, used) values (in_kind, now_slot, 1)
        on conflict (kind, slot) do update set used = bank_quota.used + 1;
    return true;
end
$$;
