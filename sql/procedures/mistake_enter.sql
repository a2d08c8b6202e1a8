-- SPDX-License-Identifier: Apache-2.0
-- A senior reviewer and a mistake, which is locked: outcome ok, unauthenticated, forbidden, platform_forbidden, mistake_unknown. Internal.
create or replace function xuqi.mistake_enter(
    in_token_digest bytea, in_renewal_no text, out outcome text, out staff_id bigint, out name text, out it xuqi.review_mistake)
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
begin
    select * into caller from session_of(in_token_digest, array['senior_reviewer']);
    outcome := caller.outcome;
    staff_id := caller.staff_id;
    name := caller.name;
    if outcome <> 'ok' then
        return;
    end if;
    select m.* into it from review_mistake as m where m.renewal_no = in_renewal_no for update;
    outcome := case when not exists (select from renewal as r where r.renewal_no = in_renewal_no and staff_may(caller.platforms, r.platform))
                         and exists (select from renewal as r where r.renewal_no = in_renewal_no) then 'platform_forbidden'
                    when it.renewal_no is null then 'mistake_unknown' else 'ok' end;
end
$$;
