-- SPDX-License-Identifier: Apache-2.0
-- What comes to the desk with cases that are about to wait for review for the first time, written for all of them together:
-- their looks, steps and tails, which review_enters and review_tails then find. The caller holds the rows' locks and moves them
-- at once. Internal.
create or replace function xuqi.review_prepare(in_renewals xuqi.renewal[]) returns void
language plpgsql set search_path = xuqi, pg_temp
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set enable_bitmapscan = off as $$
begin
    perform review_look_add(in_renewals);
    insert into review_step (renewal_no, kind, version)
    select r.renewal_no, 'wait', r.version + 1 from unnest(in_renewals) as r;
    insert into review_tail (tail, renewal_no)
    select distinct right(known.text, 4), r.renewal_no
      from unnest(in_renewals) as r
      left join renewal_content as c on c.renewal_no = r.renewal_no
      left join lateral (select n.agent_mobile_masked from correction as n -- as renewal_personal has it
                          where r.returns > 0 and n.renewal_no = r.renewal_no order by n.number desc limit 1) as n on true
     cross join unnest(array[r.renewal_no, r.certificate_serial, coalesce(n.agent_mobile_masked, c.agent_mobile_masked)]) as known (text)
     where length(known.text) >= 4
        on conflict do nothing;
end
$$;
