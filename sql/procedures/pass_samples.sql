-- SPDX-License-Identifier: Apache-2.0
-- How many of the last samples of a platform were looked at, and how many of those were wrong: since its passing was last
-- resumed. Internal.
create or replace function xuqi.pass_samples(in_platform text, in_last bigint, out looked bigint, out wrong bigint)
language sql stable set search_path = xuqi, pg_temp as $$
    select count(*), count(*) filter (where last.verdict = 'wrong')
      from (select d.verdict from review_sample as d join renewal as n on n.renewal_no = d.renewal_no
             where n.platform = in_platform and d.looked_at is not null
               and d.looked_at > coalesce((select max(p.ended_at) from review_pass_stop as p where p.platform = in_platform), '-infinity')
             order by d.looked_at desc limit in_last) as last
$$;
