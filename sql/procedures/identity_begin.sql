-- SPDX-License-Identifier: Apache-2.0
-- A new check of this kind, or what stands in its place. in_provider '': there is none, the reviewer judges. in_daily: most
-- of a day that reached the provider. What was being asked for a minute without an end is void: nobody knows, nothing is lost.
-- Outcomes: asked, live, busy (being asked), passed, manual, renewal_unknown, renewal_state, identity_unexpected,
-- identity_daily. Internal.
create or replace function xuqi.identity_begin(
    in_renewal_no text, in_kind text, in_provider text, in_daily bigint, out outcome text, out check_id bigint)
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    r    renewal;
    last identity_check;
begin
    select * into r from renewal where renewal_no = in_renewal_no for update;
    outcome := case when r.renewal_no is null then 'renewal_unknown'
                    when in_kind <> all (r.required_identity_steps) then 'identity_unexpected'
                    when r.status not in ('draft', 'returned') then 'renewal_state' end;
    if outcome is not null then
        return;
    end if;
    select * into last from identity_check
     where renewal_no = in_renewal_no and kind = in_kind and person = identity_person(in_renewal_no)
     order by id desc limit 1 for update;
    check_id := last.id;
    outcome := case when last.state in ('passed', 'manual') then last.state
                    when last.state = 'open' and coalesce(last.expires_at, 'infinity') > clock_timestamp() then 'live'
                    when last.state = 'asking' and last.asked_at > clock_timestamp() - interval '1 minute' then 'busy' end;
    if outcome is not null then
        return;
    end if;
    if last.state in ('asking', 'open') then
        update identity_check
           set state = 'void', reason = case last.state when 'asking' then 'unknown' else 'expired' end,
               decided_at = clock_timestamp(), next_look_at = null, token_sealed = null, url_sealed = null
         where id = last.id;
    end if;
    if in_provider <> ''
       and (select count(*) from identity_check
             where renewal_no = in_renewal_no and kind = in_kind and reason <> 'unreachable'
               and asked_at >= date_trunc('day', now(), 'Asia/Shanghai')) >= in_daily then
        outcome := 'identity_daily';
        check_id := null;
        return;
    end if;
    insert into identity_check (renewal_no, kind, state, provider, reason, next_look_at, decided_at)
    values (in_renewal_no, in_kind,
            case when in_provider = '' then 'manual' when in_kind = 'telecom' then 'open' else 'asking' end,
            case when in_provider = '' then 'none' else in_provider end,
            case when in_provider = '' then 'provider_off' else '' end,
            case when in_provider <> '' and in_kind = 'telecom' then clock_timestamp() end,
            case when in_provider = '' then clock_timestamp() end)
    returning id into check_id;
    insert into audit_event (actor, action, object, detail)
    values ('applicant', 'identity.ask', in_renewal_no, in_kind || ' ' || in_provider);
    outcome := case when in_provider = '' then 'manual' else 'asked' end;
end
$$;
