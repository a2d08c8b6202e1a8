-- SPDX-License-Identifier: Apache-2.0
-- The telephone has both photos up: its link ends. Safe to call again.
-- Outcomes: finished, material_missing, phone_link_invalid, phone_link_used, phone_link_over, phone_link_expired.
create or replace function xuqi.phone_link_finish(
    in_token_digest bytea, in_device_digest bytea, out outcome text, out missing text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    link phone_link;
begin
    perform from renewal where renewal_no = (select l.renewal_no from phone_link as l
                                              where l.token_digest = in_token_digest) for update;
    select * into link from phone_link where token_digest = in_token_digest for update;
    outcome := case when link.device_digest is null then 'phone_link_invalid'
                    else phone_link_verdict(link, in_device_digest, true) end;
    if outcome <> 'ok' then
        return;
    end if;
    missing := array_to_string(id_photos_missing(link.renewal_no), ' ');
    outcome := case when missing <> '' then 'material_missing' else 'finished' end;
    if outcome <> 'finished' or link.ended_at is not null then
        return;
    end if;
    update phone_link set ended_at = clock_timestamp(), ended_by = 'phone' where id = link.id;
    insert into audit_event (actor, action, object) values ('applicant', 'phone_link.finish', link.renewal_no);
end
$$;
