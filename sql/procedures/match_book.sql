-- SPDX-License-Identifier: Apache-2.0
-- Books what was found: money of statement lines becomes the credit of the orders' payers and is put aside for the orders
-- as long as they are unpaid; what is full is paid. The caller holds the locks of the renewals and the lines and has
-- checked what agrees. Internal; raises when more is taken of a line than it holds. Everything is looked up by its key, once, and
-- all postings are one statement, so that a balance that both move is written once.
create or replace function xuqi.match_book(
    in_line_ids bigint[], in_order_nos text[], in_fens bigint[], in_declared_ids bigint[], in_rules text[],
    in_reasons text[], in_actor text, out match_ids bigint[], out orders_paid bigint)
language plpgsql set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
    touched bigint;
    ready   record;
    proving bigint[];
begin
    update statement_line as l set taken_fen = l.taken_fen + it.fen
      from (select line_id, sum(fen)::bigint as fen from unnest(in_line_ids, in_fens) as m (line_id, fen)
             group by line_id) as it
     where l.id = it.line_id and l.direction = 'credit' and l.kind = 'ordinary' and l.reversed_by is null;
    get diagnostics touched = row_count;
    if touched <> (select count(distinct line_id) from unnest(in_line_ids) as line_id) then
        raise exception 'a line of % is no receipt that can be used', in_line_ids using errcode = '23514';
    end if;

    -- Before the matches, so that a renewal that moves now is touched by that alone (renewals_touched).
    with funded as (
        update "order" as o
           set funded_fen = least(o.amount_fen, o.funded_fen + it.fen),
               state = case when o.funded_fen + it.fen >= o.amount_fen then 'paid' else o.state end,
               paid_at = case when o.funded_fen + it.fen >= o.amount_fen then now() end,
               paid_gateway = case when o.funded_fen + it.fen >= o.amount_fen then 'bank_transfer' end
          from (select order_no, sum(fen)::bigint as fen from unnest(in_order_nos, in_fens) as m (order_no, fen)
                 group by order_no) as it, renewal as r
         where o.order_no = it.order_no and o.state = 'unpaid'
           and r.renewal_no = o.renewal_no and r.status = 'awaiting_payment' and r.order_no = o.order_no
        returning o.order_no, o.payer_credit_id, o.receivable_id, o.amount_fen, o.state)
    select array_agg(order_no) as orders, array_agg(payer_credit_id) as credits, array_agg(receivable_id) as receivables,
           array_agg(amount_fen) as fens
      into ready from funded where state = 'paid';
    select array_agg(nextval('transfer_match_sequence') order by place) into match_ids
      from generate_series(1, cardinality(in_line_ids)) as place;
    with found as materialized (
        select f.*, nextval('posting_id_seq') as posting_id, l.collecting_account_id, l.payer_account_digits, o.renewal_no,
               o.payer_credit_id, r.organisation <> '' and l.payer_name_normal = party_name_normal(r.organisation) as proves,
               r.status = 'awaiting_account' as awaits
          from unnest(match_ids, in_line_ids, in_order_nos, in_fens, in_declared_ids, in_rules, in_reasons)
               as f (id, line_id, order_no, fen, declared_id, rule, reason)
          join statement_line as l on l.id = f.line_id
          join "order" as o on o.order_no = f.order_no
          join renewal as r on r.renewal_no = o.renewal_no),
    used as materialized ( -- as orders_book has it
        select nextval('posting_id_seq') as posting_id, paid.*
          from unnest(ready.orders, ready.credits, ready.receivables, ready.fens)
               as paid (order_no, payer_credit_id, receivable_id, amount_fen)),
    receipts as materialized (
        select c.id as collecting_account_id, account_open('unmatched_receipts', c.account_no) as account_id
          from collecting_account as c where c.id in (select collecting_account_id from found)),
    posted as (
        insert into posting (id, event_type, event_key, fingerprint, event_at, actor) overriding system value
        select posting_id, 'match', id::text, fingerprint(line_id::text, order_no, fen::text), now(), in_actor from found
        union all
        select posting_id, 'credit_use', order_no, fingerprint(order_no, amount_fen::text), now(), in_actor from used),
    moved as (
        insert into transfer (posting_id, leg, debit_id, credit_id, amount)
        select found.posting_id, 1, receipts.account_id, found.payer_credit_id, found.fen
          from receipts join found on found.collecting_account_id = receipts.collecting_account_id
        union all
        select posting_id, 1, payer_credit_id, receivable_id, amount_fen from used),
    made as (
        insert into transfer_match (id, line_id, order_no, renewal_no, declared_id, payer_credit_id, payer_account_digits, fen,
                                    rule, reason, proves, made_by, posting_id)
        select id, line_id, order_no, renewal_no, declared_id, payer_credit_id, payer_account_digits, fen, rule, reason, proves,
               in_actor, posting_id
          from found),
    told as (
        insert into audit_event (actor, action, object, detail)
        select in_actor, 'transfer.match', renewal_no, format('match %s line %s %s fen: %s', id, line_id, fen, rule)
          from found order by id)
    select array_agg(id order by id) into proving from found where proves and awaits;
    -- It may come while the 0.01 yuan that would prove the account is under way.
    perform account_proven_by_transfer(m.renewal_no, format('match %s', m.id), in_actor)
       from transfer_match as m where m.id = any (proving);
    orders_paid := coalesce(cardinality(ready.orders), 0);
    if orders_paid > 0 then
        perform orders_go_on(ready.orders, in_actor);
    end if;
end
$$;
