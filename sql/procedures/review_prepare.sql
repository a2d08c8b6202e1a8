-- SPDX-License-Identifier: Apache-2.0
-- What comes to the desk with cases that are about to wait for review for the first time, written for all of them together:
-- their looks, steps and tails, which review_enters then finds. The caller holds the rows' locks and moves them
-- at once. Internal.
create or replace function xuqi.review_prepare(in_renewals xuqi.renewal[]) returns void
language plpgsql set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set enable_bitmapscan = off as $$
begin
    perform review_look_add(in_renewals);
    insert into review_step (renewal_no, kind, version)
    select r.renewal_no, 'wait', r.version + 1 from unnest(in_renewals) as r;
    perform review_tail_add(in_renewals);
end
$$;
