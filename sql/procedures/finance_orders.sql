-- SPDX-License-Identifier: Apache-2.0
-- Orders that wait for a bank transfer, at the finance desk, oldest first, after the one given: those for which a transfer
-- was declared or some money came (in_state started), or all. Each with the line that most likely pays it.
-- Outcomes: ok in every row, or one row: empty, unauthenticated, forbidden. Reads only. Planned each time: which index is
-- right depends on what is asked for.
create or replace function xuqi.finance_orders(
    in_token_digest bytea, in_state text, in_after text, in_size bigint)
returns table (outcome text, order_no text, renewal_no text, platform text, payer text, amount_fen bigint,
               funded_fen bigint, credit_fen bigint, created_at timestamptz, declared bigint, declared_states text,
               best_line bigint, best_payer text, best_free_fen bigint, best_score bigint, best_reasons text)
language plpgsql stable security definer set search_path = xuqi, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    caller  record;
    may     text[];
    started text[];
begin
    select * into caller from session_finance(in_token_digest);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return next;
        return;
    end if;
    may := (select s.platforms from staff as s where s.id = caller.staff_id);
    if in_state <> 'all' then
        started := array(select d.order_no from declared_transfer as d where d.removed_at is null and d.state <> 'matched'
                         union select o.order_no from "order" as o where o.state = 'unpaid' and o.funded_fen > 0);
    end if;
    return query
    with page as materialized (
        select o.*, r.platform, coalesce(nullif(r.organisation, ''), r.subject) as payer
          from "order" as o join renewal as r on r.renewal_no = o.renewal_no and r.order_no = o.order_no
         where o.state = 'unpaid' and o.order_no > in_after and (in_state = 'all' or o.order_no = any (started))
           and staff_may(may, r.platform) and r.status = 'awaiting_payment' and 'bank_transfer' = any (r.payment_methods)
         order by o.order_no limit in_size)
    select 'ok', o.order_no, o.renewal_no, o.platform, o.payer, o.amount_fen, o.funded_fen,
           credit_free(o.payer_credit_id), o.created_at, coalesce(d.number, 0), d.states, b.line_id, b.payer_name,
           b.free_fen, b.score, b.reasons
      from page as o
      left join lateral (select count(*) as number, string_agg(distinct d.state, ' ' order by d.state) as states
                           from declared_transfer as d
                          where d.renewal_no = o.renewal_no and d.removed_at is null) as d on true
      left join lateral order_candidates(o.order_no, 1) as b on true
     order by o.order_no;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
