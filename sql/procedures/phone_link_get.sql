-- SPDX-License-Identifier: Apache-2.0
-- What the telephone is asked for (a side that need not be taken is there); the renewal's number is for this server, which shows its end only. Reads only.
-- Outcomes: ok, phone_link_invalid (also when no device has opened it), phone_link_used, phone_link_over,
-- phone_link_expired.
create or replace function xuqi.phone_link_get(
    in_token_digest bytea, in_device_digest bytea,
    out outcome text, out renewal_no text, out platform text, out has_front boolean, out has_back boolean,
    out asks_liveness boolean, out finished boolean, out expires_at timestamptz)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    link phone_link;
begin
    select * into link from phone_link where token_digest = in_token_digest;
    outcome := case when link.id is not null and link.ended_at is null and link.device_digest is null
                    then 'phone_link_invalid'
                    else phone_link_verdict(link, in_device_digest, true) end;
    if outcome <> 'ok' then
        return;
    end if;
    select r.renewal_no, r.platform,
           'id_photo_front' <> all (id_photos_missing(r.renewal_no)),
           'id_photo_back' <> all (id_photos_missing(r.renewal_no)),
           'liveness' = any (identity_missing(r.renewal_no)), link.ended_at is not null, link.expires_at
      into renewal_no, platform, has_front, has_back, asks_liveness, finished, expires_at
      from renewal as r where r.renewal_no = link.renewal_no;
end
$$;
