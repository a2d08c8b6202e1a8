-- SPDX-License-Identifier: Apache-2.0
-- Statement lines at the finance desk, newest first, before the one given: open (some of it is free), suspended, returned
-- (going back to the sender), all; of those that have the words in their payer's name, account, remark or number. Each with what was done with it, and of an open one the order that it most likely pays.
-- Outcomes: ok in every row, or one row: empty, unauthenticated, forbidden. Reads only. Planned
-- each time: which index is right depends on what is asked for, and on how much of it there is.
create or replace function xuqi.finance_lines(
    in_token_digest bytea, in_state text, in_from bigint, in_to bigint, in_before bigint, in_size bigint,
    in_words text default '')
returns table (outcome text, line_id bigint, account_no text, bank text, booked_on text, direction text, kind text,
               amount_fen bigint, taken_fen bigint, suspended_fen bigint, returned_fen bigint, payer_account text,
               payer_name text, payer_bank text, remark text, bank_ref text, matched_orders text, rules text,
               best_order text, best_payer text, best_owed_fen bigint, best_score bigint, best_reasons text)
language plpgsql stable security definer set search_path = xuqi, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    caller record;
begin
    select * into caller from session_finance(in_token_digest);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return next;
        return;
    end if;
    return query
    with page as materialized (
        select l.* from statement_line as l
         where l.id < in_before
           and l.booked_on between date '1970-01-01' + in_from::integer and date '1970-01-01' + in_to::integer
           and case in_state
               when 'open' then l.direction = 'credit' and l.kind = 'ordinary' and l.reversed_by is null
                                and l.taken_fen < l.amount_fen
               when 'suspended' then exists (select from finance_request as f
                    where f.line_id = l.id and f.kind = 'suspend' and f.state = 'done' and f.released_by is null)
               when 'returned' then exists (select from payout_request as p where p.line_id = l.id)
               else true end
           and (in_words = '' or strpos(l.payer_name, in_words) > 0 or strpos(l.payer_account, in_words) > 0
                or strpos(l.remark, in_words) > 0 or l.bank_ref = in_words or l.id::text = in_words)
         order by l.id desc limit in_size)
    select 'ok', l.id, c.account_no, c.bank, to_char(l.booked_on, 'YYYY-MM-DD'), l.direction, l.kind, l.amount_fen,
           l.taken_fen,
           coalesce((select sum(f.fen) from finance_request as f
                      where f.line_id = l.id and f.kind = 'suspend' and f.state = 'done' and f.released_by is null), 0)::bigint,
           coalesce((select sum(p.fen) from payout_request as p where p.line_id = l.id and p.state <> 'failed'), 0)::bigint,
           l.payer_account, l.payer_name, l.payer_bank, l.remark, l.bank_ref,
           (select string_agg(m.order_no, ' ' order by m.id) from transfer_match as m
             where m.line_id = l.id and m.undone_at is null),
           (select string_agg(m.rule, ' ' order by m.id) from transfer_match as m
             where m.line_id = l.id and m.undone_at is null),
           b.order_no, b.payer, b.owed_fen, b.score, b.reasons
      from page as l
      join collecting_account as c on c.id = l.collecting_account_id
      left join lateral (select * from line_candidates(l.id, 1)
                          where in_state = 'open' and l.direction = 'credit') as b on true
     order by l.id desc;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
