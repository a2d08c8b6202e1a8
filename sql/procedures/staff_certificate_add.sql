-- SPDX-License-Identifier: Apache-2.0
-- A client certificate that stands for an account, from the console; with in_remove it stands for nobody any more and the
-- account's sessions end. Outcomes: added, known (it is so already), removed, staff_unknown, certificate_unknown (nothing to
-- remove), certificate_taken (it stands for somebody else). Safe to call again.
create or replace function xuqi.staff_certificate_add(
    in_name text, in_fingerprint bytea, in_subject text, in_serial text, in_not_after timestamptz, in_remove boolean,
    out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    person staff;
    held   staff_certificate;
begin
    select * into person from staff where name = in_name for update;
    select * into held from staff_certificate where fingerprint = in_fingerprint for update;
    outcome := case when person.id is null then 'staff_unknown'
                    when held.fingerprint is not null and held.staff_id <> person.id then 'certificate_taken'
                    when in_remove and held.fingerprint is null then 'certificate_unknown'
                    when in_remove then 'removed'
                    when held.fingerprint is not null and held.removed_at is null then 'known'
                    else 'added' end;
    if outcome not in ('added', 'removed') or (outcome = 'removed' and held.removed_at is not null) then
        return;
    end if;
    insert into staff_certificate (fingerprint, staff_id, subject, serial, not_after)
    values (in_fingerprint, person.id, in_subject, in_serial, in_not_after)
        on conflict (fingerprint) do update set removed_at = case when in_remove then clock_timestamp() end;
    if in_remove then
        update staff_session set ended_at = now() where staff_id = person.id and ended_at is null;
    end if;
    insert into audit_event (actor, action, object, detail)
    values ('admin', 'staff.certificate.' || outcome, 'staff:' || in_name, 'certificate=' || encode(in_fingerprint, 'hex'));
end
$$;
