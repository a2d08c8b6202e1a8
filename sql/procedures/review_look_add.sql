-- SPDX-License-Identifier: Apache-2.0
-- Looks at cases that come to the desk and keeps what was found, for each once in a round. Internal; with the renewals as they
-- are about to be, no two of them the same. review_enters calls it for one; who moves many calls it for all of them before.
-- In plpgsql its plan is kept, where a function in SQL is planned at every call.
create or replace function xuqi.review_look_add(in_renewals xuqi.renewal[]) returns setof xuqi.review_look
language plpgsql rows 10 set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    insert into review_look (renewal_no, round, names, sources, details, unsaid, due_at, order_at)
    select f.renewal_no, f.round, f.names, f.sources, f.details, f.unsaid, f.due_at, f.order_at
      from review_findings(in_renewals) as f
        on conflict (renewal_no, round) do nothing
    returning *;
end
$$;
