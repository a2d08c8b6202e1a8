-- SPDX-License-Identifier: Apache-2.0
-- A kept bill cannot be read: where and why is kept with it, for a person. Safe to call again. Outcomes: refused, loaded
-- (it had been read before: nothing changes).
create or replace function xuqi.bill_refuse(in_file_id bigint, in_fault text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    refused bill_file;
begin
    update bill_file set state = 'refused', fault = left(in_fault, 500) where id = in_file_id and state = 'kept'
    returning * into refused;
    if refused.id is not null then
        insert into audit_event (actor, action, object, detail)
        values (refused.actor, 'bill.refuse', refused.rail || ':' || refused.day, left(in_fault, 500));
    end if;
    select f.state into strict outcome from bill_file as f where f.id = in_file_id;
end
$$;
