-- SPDX-License-Identifier: Apache-2.0
-- A photo from the telephone: a material like any other. Safe to call again.
-- Outcomes: those of material_put, phone_link_invalid, phone_link_used, phone_link_over, phone_link_expired.
create or replace function xuqi.phone_photo_put(
    in_token_digest bytea, in_device_digest bytea, in_renewal_no text, in_kind text, in_content_type text,
    in_size bigint, in_sha256 bytea, in_sealed bytea, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    link phone_link;
begin
    perform from renewal where renewal_no = in_renewal_no for update;
    select * into link from phone_link where token_digest = in_token_digest and renewal_no = in_renewal_no for update;
    outcome := case when link.device_digest is null then 'phone_link_invalid'
                    when in_kind not in ('id_photo_front', 'id_photo_back') then 'material_unexpected'
                    else phone_link_verdict(link, in_device_digest, false) end;
    if outcome = 'ok' then
        outcome := material_put(in_renewal_no, in_kind, 1, in_content_type, in_size, in_sha256, in_sealed);
    end if;
end
$$;
