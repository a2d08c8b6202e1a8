-- SPDX-License-Identifier: Apache-2.0
-- What stands in the way of a request of the administration, now; null when nothing does. Asked when it is made and again
-- when it is decided. in_staff_id: who asks or decides, never about himself. Internal.
create or replace function xuqi.admin_refusal(
    in_kind text, in_subject text, in_version bigint, in_roles text[], in_platforms text[], in_staff_id bigint)
returns text
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    person staff;
begin
    if in_kind in ('staff_add', 'staff_change', 'staff_enrol') then
        select * into person from staff where name = in_subject;
    end if;
    return case
        when in_kind = 'staff_add' and person.id is not null then 'staff_known'
        when in_kind in ('staff_change', 'staff_enrol') and person.id is null then 'staff_unknown'
        when person.id = in_staff_id then 'own_account'
        when in_kind in ('staff_change', 'staff_enrol') and person.version <> in_version then 'staff_changed'
        when in_kind in ('staff_add', 'staff_change') and duties_clash(in_roles) then 'duties_clash'
        when in_kind = 'staff_change' and person.roles = in_roles and person.platforms = in_platforms then 'nothing_changes'
        when in_kind = 'halt' and exists (select from halt where released_at is null) then 'nothing_changes'
        when in_kind = 'release' and not exists (select from halt where released_at is null) then 'nothing_changes' end;
end
$$;
