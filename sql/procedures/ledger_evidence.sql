-- SPDX-License-Identifier: Apache-2.0
-- What a posting rests on: the gateway's word as it was kept (with the hash of what came), the row of its bill, the line of a
-- statement, the refund, the payout, the certificate, the request of finance. number is the row's, of a line its import's in
-- place. Of a posting that reverses another, what that one rests on as well. Personal data is masked. For finance and auditors.
-- Outcomes: ok in every row, or one row: empty, unauthenticated, forbidden. Reads only.
create or replace function xuqi.ledger_evidence(in_token_digest bytea, in_posting_id bigint)
returns table (outcome text, kind text, reference text, detail text, at timestamptz, amount_fen bigint, number bigint,
               place bigint)
language plpgsql stable rows 4 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    p       posting;
    key     text;
    of_rail text;
    orders  text[];
    refunds text[];
    txns    text[];
    lines   bigint[];
    paid    text;
begin
    outcome := match_refusal(in_token_digest);
    if outcome is not null then
        return next;
        return;
    end if;
    select q.* into p from posting as q where q.id = in_posting_id;
    if p.event_type = 'reverse' then
        select q.* into p from posting as q where q.id = p.reverses;
    end if;
    key := p.event_key;
    of_rail := split_part(key, ':', 1);
    orders := case when p.event_type in ('invoice', 'issue', 'cancel', 'credit_use') then array[key] end;
    refunds := case when p.event_type in ('refund', 'refund_done', 'refund_failed', 'return') then array[key] end;
    paid := case when p.event_type in ('payout', 'payout_paid', 'payout_returned') then key end;
    txns := case when p.event_type = 'gateway' then array[substr(key, strpos(key, ':') + 1)] end;
    lines := case when p.event_type in ('match', 'match_undo') then
                      array(select m.line_id from transfer_match as m where m.id = key::bigint)
                  when p.event_type = 'statement_reversal' then array[key::bigint]
                  when p.event_type = 'settlement' then
                      array(select s.line_id from settlement as s where s.posting_id = p.id)
                  when p.event_type like 'finance\_%' then
                      array(select coalesce(f.line_id, m.line_id) from finance_request as f
                              left join transfer_match as m on m.id = f.match_id where f.id = key::bigint)
                  when paid is not null then
                      array(select unnest(array[y.line_id, y.returned_line_id]) from payout as y where y.client_id = paid) end;

    return query
    select 'ok'::text, 'payment_notice'::text, n.gateway_txn,
           concat_ws(' ', n.verdict, n.gateway, n.attempt_no, nullif(n.buyer_masked, ''), 'key ' || n.key_id,
                     'sha256 ' || encode(n.digest, 'hex')), n.received_at, n.amount_fen, n.id, null::bigint
      from payment_notice as n where n.gateway = of_rail and n.gateway_txn = any (txns)
    union all
    select 'ok', 'bill_row'::text, b.gateway_id, concat_ws(' ', b.rail, b.day, 'line ' || b.line, b.status), b.at, b.amount_fen,
           b.file_id, null::bigint
      from bill_row as b where b.kind = 'payment' and b.rail = of_rail and b.gateway_id = any (txns)
    union all
    select 'ok', 'bill_row', b.gateway_id, concat_ws(' ', b.rail, b.day, 'line ' || b.line, b.status), b.at, b.amount_fen, b.file_id, null
      from bill_row as b join refund as f on f.gateway = b.rail and f.refund_no = b.refund_no
     where b.kind = 'refund' and f.refund_no = any (refunds) and p.event_type = 'refund_done'
    union all
    select 'ok', 'statement_line'::text, l.bank_ref,
           concat_ws(' ', a.account_no, l.booked_on, l.direction, left(l.payer_name, 1) || '***', l.remark), coalesce(l.booked_at, day_begin(l.booked_on - date '1970-01-01')),
           l.amount_fen, l.id, l.import_id
      from statement_line as l join collecting_account as a on a.id = l.collecting_account_id
     where l.id = any (lines)
    union all
    select 'ok', 'statement'::text, a.account_no, concat_ws(' ', i.source, i.format, i.file_name, i.first_on, i.last_on), i.imported_at, i.credits_fen, i.id, null::bigint
      from statement_import as i join collecting_account as a on a.id = i.collecting_account_id
     where p.event_type = 'statement' and i.id::text = split_part(key, ':', 2)
    union all
    select 'ok', 'order'::text, o.order_no, concat_ws(' ', o.renewal_no, o.state, o.paid_gateway, o.paid_gateway_txn), o.paid_at,
           o.amount_fen, null::bigint, null::bigint
      from "order" as o
     where o.order_no = any (orders)
        or o.order_no = (select m.order_no from transfer_match as m where p.event_type in ('match', 'match_undo') and m.id::text = key)
    union all
    select 'ok', 'issuance'::text, encode(i.serial, 'hex'), i.renewal_no, i.ended_at, null::bigint, i.id, null::bigint
      from issuance as i join "order" as o on o.renewal_no = i.renewal_no
     where p.event_type = 'issue' and o.order_no = key and i.state = 'signed'
    union all
    select 'ok', 'refund'::text, f.refund_no, concat_ws(' ', f.state, f.cause, f.gateway, f.gateway_refund_no), coalesce(f.ended_at, f.asked_at), f.amount_fen, null::bigint, null::bigint
      from refund as f where f.refund_no = any (refunds)
    union all
    select 'ok', 'payout'::text, y.client_id, concat_ws(' ', y.state, y.bank, y.payee_masked, nullif(y.failure, ''), nullif(y.word, '')), coalesce(y.settled_at, y.sent_at, y.created_at), y.amount_fen, null::bigint, null::bigint
      from payout as y where y.client_id = paid
    union all
    select 'ok', 'settlement'::text, s.reference, concat_ws(' ', s.rail, s.day, s.arrived_on), s.created_at, s.amount_fen, s.id, null::bigint
      from settlement as s where s.posting_id = p.id
    union all
    select 'ok', 'bill_day'::text, d.rail, d.day::text, d.matched_at, d.fee_booked_fen, d.file_id, null::bigint
      from bill_day as d where p.event_type = 'bill_fee' and d.rail = of_rail and d.day::text = split_part(key, ':', 2)
    union all
    select 'ok', 'difference'::text, d.gateway_id, concat_ws(' ', d.rail, d.day, d.class, d.state), d.opened_at, d.booked_fen, d.id, null::bigint
      from match_difference as d
     where p.event_type = 'difference' and d.id::text = key
        or p.event_type in ('statement_long', 'external_refund') and d.rail = of_rail and d.gateway_id = substr(key, strpos(key, ':') + 1)
    union all
    select 'ok', 'request'::text, f.kind, concat_ws(' ', person.display_name, f.reason), f.decided_at, f.fen, f.id, null::bigint
      from finance_request as f left join staff as person on person.id = f.decided_by
     where p.event_type like 'finance\_%' and f.id::text = key
    union all
    select 'ok', 'reversal'::text, v.state, concat_ws(' ', person.display_name, v.reason), coalesce(v.decided_at, v.asked_at), null::bigint, v.id, null::bigint
      from reversal as v left join staff as person on person.id = coalesce(v.decided_by, v.asked_by)
     where v.posting_id in (in_posting_id, p.id)
    union all
    select 'ok', 'posting', p.event_type, p.event_key, p.event_at, null, p.id, null where p.id <> in_posting_id;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
