-- SPDX-License-Identifier: Apache-2.0
-- The digits by which cases are found at the desk, of the last correction or else of the application. Those that are known stay.
-- Internal; review_prepare calls it for all cases that are about to come, review_enters and review_tails for one.
create or replace function xuqi.review_tail_add(in_renewals xuqi.renewal[]) returns void
language plpgsql set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set enable_bitmapscan = off as $$
begin
    insert into review_tail (renewal_no, number, serial, mobile)
    select r.renewal_no, right(r.renewal_no, 4), case when length(r.certificate_serial) >= 4 then right(r.certificate_serial, 4) end,
           case when length(said.mobile) >= 4 then right(said.mobile, 4) end
      from unnest(in_renewals) as r
      left join renewal_content as c on c.renewal_no = r.renewal_no
      left join lateral (select n.agent_mobile_masked from correction as n -- as renewal_personal has it
                          where r.returns > 0 and n.renewal_no = r.renewal_no order by n.number desc limit 1) as n on true
     cross join lateral (select coalesce(n.agent_mobile_masked, c.agent_mobile_masked)) as said (mobile)
        on conflict (renewal_no) do nothing;
end
$$;
