-- SPDX-License-Identifier: Apache-2.0
-- A link for the telephone; an older one of this renewal ends. in_daily: most of a day. For a returned renewal when a photo
-- was named, whether its platform asks for photos or not, or when the telephone is to show a face again.
-- Outcomes: created, renewal_unknown, renewal_state, identity_unexpected, rate_limited.
create or replace function xuqi.phone_link_create(
    in_renewal_no text, in_token_digest bytea, in_lifetime_s bigint, in_daily bigint,
    out outcome text, out expires_at timestamptz)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    r     renewal;
    asked boolean;
begin
    select * into r from renewal where renewal_no = in_renewal_no for update;
    asked := case when r.status = 'returned' then
                 exists (select from return_item as i
                          where i.renewal_no = in_renewal_no and i.round = r.returns
                            and i.name in ('materials.id_photo_front', 'materials.id_photo_back'))
                 or 'id_photos' = any (r.required_identity_steps)
                    and 'liveness' = any (identity_missing(in_renewal_no))
             else 'id_photos' = any (r.required_identity_steps) end;
    outcome := case when r.renewal_no is null then 'renewal_unknown'
                    when not asked then 'identity_unexpected'
                    when r.status not in ('draft', 'returned') then 'renewal_state'
                    when (select count(*) from phone_link where renewal_no = in_renewal_no
                             and created_at > clock_timestamp() - interval '1 day') >= in_daily then 'rate_limited'
                    else 'created' end;
    if outcome <> 'created' then
        return;
    end if;
    update phone_link set ended_at = clock_timestamp(), ended_by = 'newer'
     where renewal_no = in_renewal_no and ended_at is null;
    insert into phone_link (renewal_no, token_digest, expires_at)
    values (in_renewal_no, in_token_digest, clock_timestamp() + make_interval(secs => in_lifetime_s))
    returning phone_link.expires_at into expires_at;
    insert into audit_event (actor, action, object) values ('applicant', 'phone_link.create', in_renewal_no);
end
$$;
