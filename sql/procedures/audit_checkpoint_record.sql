-- SPDX-License-Identifier: Apache-2.0
-- Keeps a signed head of the tree. Outcomes: recorded, fenced, busy (there is a later one, or another of this size). Safe
-- to call again with the same note. Not an event itself: the tree would never be at rest.
create or replace function xuqi.audit_checkpoint_record(
    in_fence bigint, in_size bigint, in_root bytea, in_note text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    current_fence bigint := issuer_enter();
begin
    outcome := case
        when exists (select from audit_checkpoint where size = in_size and note = in_note) then 'recorded'
        when current_fence <> in_fence then 'fenced'
        when in_size <= (select max(size) from audit_checkpoint) then 'busy' end;
    if outcome is not null then
        return;
    end if;
    if in_size > (select size from audit_tree) then
        raise exception 'a head of % leaves, and there are only %', in_size, (select size from audit_tree) using errcode = '23514';
    end if;
    insert into audit_checkpoint (size, root, note) values (in_size, in_root, in_note);
    outcome := 'recorded';
end
$$;
