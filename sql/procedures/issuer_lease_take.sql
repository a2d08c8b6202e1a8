-- SPDX-License-Identifier: Apache-2.0
-- One issuer at a time. The holder renews its lease and keeps its fence; another one gets it only when it ran out, with
-- the next fence, and every older intent is abandoned. Outcomes: held, busy. Safe to call again.
create or replace function xuqi.issuer_lease_take(
    in_holder text, in_seconds bigint, out outcome text, out fence bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    lease issuer_lease;
begin
    select * into strict lease from issuer_lease for update;
    fence := lease.fence;
    if lease.holder <> in_holder and lease.until > clock_timestamp() then
        outcome := 'busy';
        return;
    end if;
    if lease.holder <> in_holder then
        perform issuer_exclude();
        fence := lease.fence + 1;
    end if;
    update issuer_lease
       set holder = in_holder, fence = issuer_lease_take.fence,
           until = clock_timestamp() + make_interval(secs => in_seconds);
    if fence > lease.fence then
        perform issuance_end(id, 'issuer was replaced') from issuance as i
          where i.state = 'intended' and i.fence < issuer_lease_take.fence;
        insert into audit_event (actor, action, object, detail)
        values ('issuer', 'issuer.lease', in_holder, fence::text);
    end if;
    outcome := 'held';
end
$$;
