-- SPDX-License-Identifier: Apache-2.0
-- The desk's lists, a page of each. Tabs: waiting (nobody else holds it and I have not approved it), mine (I hold it),
-- second (somebody has approved it, I have not), returned, held, done (I decided it; the last first), sample (passed
-- without a person, to be looked at). All but done are oldest promise first. in_after: '' for the first page; else the
-- place of the last case seen, or its number. A place carries when the first page was read: what came since is on no later
-- page, so that nothing moves under who reads. A text: a number, serial or mobile is found among all; words, and of cases that
-- left the desk four digits, among the last 500. in_mobiles: what the text is as a mobile, as keyed hashes. Reads only.
-- A page is read in the order of the list's own index, whatever the statistics say: they do not know that somebody's decisions are
-- years old, or how many of the cases that are open wait. Hence no bitmaps, which lose the order, and done by (staff_id, id).
-- One row with outcome unauthenticated, forbidden, place_unknown or empty, or rows with outcome ok.
create or replace function xuqi.review_list(
    in_token_digest bytea, in_tab text, in_after text, in_page_size bigint, in_platform text default '',
    in_kind text default '', in_age text default '', in_risk text default '', in_payment text default '',
    in_text text default '', in_mobiles bytea[] default '{}')
returns table (outcome text, renewal_no text, platform text, subject text, organisation text,
               submitted_at timestamptz, paid_at timestamptz, term_months bigint, amount_fen bigint, status text,
               claimed_by text, claimed_at timestamptz, claimed_until timestamptz, expired boolean, risk text,
               finding text, review_since timestamptz, review_due timestamptz, gateway text, agent_name_masked text,
               reviews_done bigint, reviews_required bigint, held_until timestamptz, held_reason text, decision text,
               decided_at timestamptz, version bigint, place text)
language plpgsql stable rows 50 security definer set search_path = xuqi, pg_temp
set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
    caller  record;
    spot    record;
    wanted  text[];
    orders  bigint[];
    -- A text that names nothing exactly is looked for in so many of those that are over.
    walked  constant bigint := 500;
begin
    select * into caller from session_reviewer(in_token_digest);
    select * into spot from review_place(in_tab, in_after);
    if caller.outcome <> 'ok' or spot.taken is null then
        outcome := case when caller.outcome <> 'ok' then caller.outcome else 'place_unknown' end;
        return next;
        return;
    end if;
    execute 'select array_agg(page.renewal_no), array_agg(page.place) from ('
            || case in_tab
               when 'done' then
                   $q$ select s.renewal_no, s.id as place
                         from $q$ || case in_text when '' then 'review_step' else
                           $q$ (select * from (select * from review_step
                                                where staff_id >= $1 and (staff_id, id) < ($1, $3)
                                                  and kind in ('approve', 'return', 'reject')
                                                order by staff_id desc, id desc limit $12) as last
                                union
                                select * from review_step where renewal_no = any ($11)) $q$ end || $q$ as s
                         join renewal as r on r.renewal_no = s.renewal_no
                        where s.staff_id >= $1 and (s.staff_id, s.id) < ($1, $3) and s.kind in ('approve', 'return', 'reject')
                          and not exists (select from review_step as later
                                           where later.renewal_no = s.renewal_no and later.staff_id = $1 and later.id > s.id
                                             and later.kind in ('approve', 'return', 'reject')) $q$
               when 'sample' then
                   $q$ select r.renewal_no, micros(d.drawn_at) as place
                         from $q$ || case in_text when '' then 'review_sample' else
                           $q$ (select * from review_sample
                                 where looked_at is null and (drawn_at, renewal_no) > (from_micros($3), $4)
                                 order by drawn_at, renewal_no limit $12) $q$ end || $q$ as d
                         join renewal as r on r.renewal_no = d.renewal_no
                        where d.looked_at is null and d.drawn_at <= $2 and (d.drawn_at, d.renewal_no) > (from_micros($3), $4) $q$
               else
                   $q$ select r.renewal_no, micros(r.review_order) as place
                         from renewal as r
                        where r.review_since <= $2 and (r.review_order, r.renewal_no) > (from_micros($3), $4) and $q$
                   || review_scope(in_tab) end
            || ' and staff_may((select s.platforms from staff as s where s.id = $1), r.platform)'
            || review_filter(in_platform, in_kind, in_age, in_risk, in_payment, in_text, in_tab not in ('done', 'sample'))
            || case in_tab when 'done' then ' order by s.staff_id desc, s.id desc' when 'sample' then ' order by d.drawn_at, d.renewal_no'
                           else ' order by r.review_order, r.renewal_no' end
            || ' limit $5) as page'
       into wanted, orders
      using caller.staff_id, spot.taken, spot.after_order, spot.after_no, in_page_size, in_platform, in_payment, in_text,
            in_mobiles, in_risk, case when in_text <> '' then review_found(in_text, in_mobiles) end, walked;
    if wanted is null then
        outcome := 'empty';
        return next;
        return;
    end if;
    return query
    select 'ok'::text, r.renewal_no, r.platform, r.subject, r.organisation, r.submitted_at, r.paid_at, r.term_months,
           r.amount_fen, r.status::text, holder.display_name, case holder.id when r.claimed_by then r.claimed_at
                                                                 when r.second_claimed_by then r.second_claimed_at end,
           case holder.id when r.claimed_by then r.claimed_until when r.second_claimed_by then r.second_claimed_until end,
           r.certificate_not_after < r.submitted_at, r.risk,
           (select k.name from review_check as k
             where k.renewal_no = r.renewal_no and k.round = r.returns and k.result <> 'passed'
             order by (k.result = 'found') desc, k.name limit 1),
           r.review_since, r.review_due, o.paid_gateway,
           coalesce(latest.agent_name_masked, c.agent_name_masked), r.reviews_done, r.reviews_required,
           case when r.held_until > now() then r.held_until end, case when r.held_until > now() then r.held_reason end,
           mine.kind, mine.at, r.version, format('%s.%s.%s', micros(spot.taken), page.place, r.renewal_no)
      from unnest(wanted, orders) with ordinality as page (no, place, n)
      join renewal as r on r.renewal_no = page.no
      join "order" as o on o.order_no = r.order_no
      join renewal_content as c on c.renewal_no = r.renewal_no
      left join lateral (select agent_name_masked from correction as o where o.renewal_no = r.renewal_no
                          order by o.number desc limit 1) as latest on r.returns > 0 -- as renewal_personal has it
      left join staff as holder on holder.id = case when r.claimed_until > now() then r.claimed_by
                                                    when r.second_claimed_until > now() then r.second_claimed_by end
      left join review_step as mine on in_tab = 'done' and mine.id = page.place
     order by page.n;
end
$$;
