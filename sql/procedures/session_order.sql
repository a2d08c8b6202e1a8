-- SPDX-License-Identifier: Apache-2.0
-- Who is asking at the finance desk about one order. Outcomes: ok, unauthenticated, forbidden, platform_forbidden (it is of a
-- platform that is not theirs), duty_conflict (they decided the case as its reviewer: somebody else moves its money). An order
-- that does not exist is ok: who asks finds out by himself. Internal.
create or replace function xuqi.session_order(
    in_token_digest bytea, in_order_no text, out outcome text, out staff_id bigint, out name text)
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    select s.outcome, s.staff_id, s.name into outcome, staff_id, name from session_finance(in_token_digest) as s;
    if outcome <> 'ok' then
        return;
    end if;
    select case when not staff_may(person.platforms, r.platform) then 'platform_forbidden'
                when exists (select from approval as a where a.renewal_no = r.renewal_no and a.staff_id = person.id)
                     or r.rejected_by = person.id then 'duty_conflict'
                else 'ok' end
      into outcome
      from "order" as o join renewal as r on r.renewal_no = o.renewal_no
      join staff as person on person.id = session_order.staff_id
     where o.order_no = in_order_no;
    outcome := coalesce(outcome, 'ok');
end
$$;
