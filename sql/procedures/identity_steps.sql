-- SPDX-License-Identifier: Apache-2.0
-- Where the identity steps stand, one line each: step, state, reason or -, and since when (seconds) or 0. Empty when none is
-- asked for. States: todo, link (waits for a telephone), phone (a telephone has it), open, passed, failed, manual.
-- A check about a person before a correction is todo with the reason
-- corrected. For the progress, which is asked for often: internal.
create or replace function xuqi.identity_steps(in_renewal_no text, in_steps text[]) returns text
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    lines text[] := '{}';
    step  text;
    link  phone_link;
    last  identity_check;
begin
    foreach step in array in_steps loop
        if step = 'id_photos' then
            select * into link from phone_link
             where renewal_no = in_renewal_no and ended_at is null and expires_at > clock_timestamp();
            lines := lines || case
                when id_photos_missing(in_renewal_no) = '{}' then 'id_photos passed - ' || coalesce((
                    select floor(extract(epoch from max(uploaded_at)))::bigint from material
                     where renewal_no = in_renewal_no and kind in ('id_photo_front', 'id_photo_back')), 0)
                when link.opened_at is not null then
                    'id_photos phone - ' || floor(extract(epoch from link.opened_at))::bigint
                when link.id is not null then
                    'id_photos link - ' || floor(extract(epoch from link.created_at))::bigint
                else 'id_photos todo - 0' end;
        else
            select * into last from identity_check
             where renewal_no = in_renewal_no and kind = step order by id desc limit 1;
            lines := lines || case
                when last.id is null then step || ' todo - 0'
                when last.person <> identity_person(in_renewal_no) then
                    step || ' todo corrected ' || floor(extract(epoch from coalesce(last.decided_at, last.asked_at)))::bigint
                else concat_ws(' ', step, case last.state when 'asking' then 'open' when 'void' then 'todo'
                                                          else last.state end,
                               coalesce(nullif(last.reason, ''), '-'),
                               floor(extract(epoch from coalesce(last.decided_at, last.asked_at)))::bigint) end;
        end if;
    end loop;
    return array_to_string(lines, E'\n');
end
$$;
