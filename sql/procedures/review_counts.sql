-- SPDX-License-Identifier: Apache-2.0
-- How many cases each tab of the desk holds for who asks; counting ends at in_most, so that it costs the same however much
-- there is. Of done: those of today (Beijing's). Reads only. One row with outcome unauthenticated or forbidden, or one row
-- for each tab with outcome ok.
create or replace function xuqi.review_counts(in_token_digest bytea, in_most bigint)
returns table (outcome text, tab text, cases bigint)
language plpgsql stable rows 7 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
begin
    select * into caller from session_reviewer(in_token_digest);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return next;
        return;
    end if;
    foreach tab in array array['waiting', 'mine', 'second', 'returned', 'held'] loop
        execute 'select count(*) from (select from renewal as r where ' || review_scope(tab)
                || ' and staff_may((select s.platforms from staff as s where s.id = $1), r.platform) limit $3) as counted'
           into cases using caller.staff_id, now(), in_most;
        return next;
    end loop;
    tab := 'done';
    select count(*) into cases
      from (select from review_step where staff_id = caller.staff_id and kind in ('approve', 'return', 'reject')
               and at >= date_trunc('day', now(), 'Asia/Shanghai') limit in_most) as counted;
    return next;
    tab := 'sample';
    select count(*) into cases
      from (select from review_sample as d join renewal as r on r.renewal_no = d.renewal_no
             where d.looked_at is null and staff_may((select platforms from staff where id = caller.staff_id), r.platform)
             limit in_most) as counted;
    return next;
end
$$;
