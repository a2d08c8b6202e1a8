-- SPDX-License-Identifier: Apache-2.0
-- Is one of the documents that a reviewer found good not there any more, or another one by now? Internal.
create or replace function xuqi.review_tick_stale(in_renewal_no text, in_ticks text[]) returns boolean
language sql stable set search_path = xuqi, pg_temp as $$
    select exists (
        select from unnest(in_ticks) as tick
         where tick like 'materials/%'
           and not exists (select from material as m
                            where m.renewal_no = in_renewal_no
                              and tick = format('materials/%s/%s/%s', m.kind, m.page, encode(m.sha256, 'hex'))))
$$;
