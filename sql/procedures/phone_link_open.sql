-- SPDX-License-Identifier: Apache-2.0
-- The first device that comes with a link has it, and its time begins anew. Safe to call again by the same device; of two
-- at once one is let in. Outcomes: ok, phone_link_invalid, phone_link_used, phone_link_over, phone_link_expired.
create or replace function xuqi.phone_link_open(
    in_token_digest bytea, in_device_digest bytea, in_lifetime_s bigint, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    link phone_link;
begin
    -- The renewal first, as everybody who changes its link does.
    perform from renewal where renewal_no = (select l.renewal_no from phone_link as l
                                              where l.token_digest = in_token_digest) for update;
    select * into link from phone_link where token_digest = in_token_digest for update;
    outcome := phone_link_verdict(link, in_device_digest, true);
    if outcome <> 'ok' or link.device_digest is not null then
        return;
    end if;
    update phone_link
       set device_digest = in_device_digest, opened_at = clock_timestamp(),
           expires_at = clock_timestamp() + make_interval(secs => in_lifetime_s)
     where id = link.id;
    insert into audit_event (actor, action, object) values ('applicant', 'phone_link.open', link.renewal_no);
end
$$;
