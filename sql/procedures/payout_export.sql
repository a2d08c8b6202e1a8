-- SPDX-License-Identifier: Apache-2.0
-- Hands the repayments that no link pays (there is none for the account, or the bank needs more than the statement says of the
-- payee) to a person who pays them at the bank's own site. From then on each is with the bank: no link sends it any more, and
-- the statement's line of the payment, or xuqictl payout decide, says what became of it. Safe to call again: the same key
-- answers the same payments, another one those that have come since.
-- Outcomes: ok in every row, or one row: empty, unauthenticated, forbidden.
create or replace function xuqi.payout_export(in_token_digest bytea, in_key text)
returns table (outcome text, client_id text, from_account text, payee_account text, payee_name text, payee_bank text,
               amount_fen bigint, remark text, state text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    it     payout;
begin
    select * into caller from session_finance(in_token_digest);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return next;
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('payout_export', 0));
    if not exists (select from payout where export_key = in_key) then
        for it in
            select p.* from payout as p
             where p.purpose = 'repayment' and p.state = 'queued'
               and not exists (select from outbox as o where o.topic = 'payout' and o.event = p.client_id and o.state <> 'dead')
             order by p.client_id for update
        loop
            perform payout_book(it, 'staff:' || caller.name);
            update payout set state = 'sent', sent_at = clock_timestamp(), bank = 'site', export_key = in_key, word = 'exported'
             where client_id = it.client_id;
            update payout_request set state = 'sent' where id = it.request_id;
            delete from outbox where topic = 'payout' and event = it.client_id;
            insert into audit_event (actor, action, object, detail)
            values ('staff:' || caller.name, 'payout.export', payout_subject(it), it.client_id);
        end loop;
    end if;
    return query
    select 'ok', p.client_id, p.from_account, l.payer_account_digits, l.payer_name, l.payer_bank, p.amount_fen,
           p.client_id || '退款', p.state
      from payout as p
      join payout_request as q on q.id = p.request_id
      join statement_line as l on l.id = q.line_id
     where p.export_key = in_key order by p.client_id;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
