-- SPDX-License-Identifier: Apache-2.0
-- 退汇: the money of a payout is back on our account, by a line of the bank's statement (in_evidence names it). The cost is
-- reversed; what a repayment paid back is where it was before it was asked for, a refund is due again. A verification's account verification is open again: a renewal that waits for its certificate waits for its account; one
-- whose certificate is made or being made is a person's (audit event payout.returned_late). A payout still unknown here
-- was paid, as its return says. in_failure: a class of payout_failure. in_booked_on: the ledger
-- account that the import has booked the line on (unmatched_receipts of our account); null: it has not. Internal, for the import of statements in its own
-- transaction. Safe to call again.
-- Outcomes: returned, replayed (the same line), payout_unknown, payout_state (never sent, failed, or returned by another line).
create or replace function xuqi.payout_returned(
    in_client_id text, in_failure text, in_evidence text, in_actor text, in_booked_on bigint default null,
    out outcome text)
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    r  renewal;
    it payout;
    v  account_verification;
begin
    perform payout_lock_renewal(in_client_id);
    select n.* into r from renewal as n join payout as p on p.renewal_no = n.renewal_no where p.client_id = in_client_id;
    perform from outbox where topic = 'payout' and event = in_client_id for update;
    select * into it from payout where client_id = in_client_id for update;
    outcome := case when it.client_id is null then 'payout_unknown'
                    when it.state = 'returned' and it.return_evidence = in_evidence then 'replayed'
                    when it.state not in ('sent', 'paid') then 'payout_state' end;
    if outcome is not null then
        return;
    end if;
    if it.state = 'sent' then
        perform payout_end(in_client_id, 'paid', '', 'paid, as its return says', 1, 1);
    end if;
    update payout
       set state = 'returned', failure = in_failure, returned_at = clock_timestamp(), return_evidence = in_evidence
     where client_id = in_client_id;
    perform ledger_post('payout_returned', in_client_id, fingerprint(in_client_id, it.amount_fen::text), now(), in_actor,
                        array[coalesce(in_booked_on, account_open('bank', it.from_account))],
                        array[case it.purpose when 'repayment' then payout_due(it.request_id)
                                              else account_open('verify_expense', '') end],
                        array[it.amount_fen]);
    insert into audit_event (actor, action, object, detail)
    values (in_actor, 'payout.returned', payout_subject(it), concat_ws(' ', in_client_id, in_failure, in_evidence));
    perform payout_request_end(it.request_id, 'failed', in_actor);
    select * into v from account_verification where renewal_no = it.renewal_no for update;
    if v.payouts = it.number and v.state <> 'failed' and v.proof <> 'transfer' then
        if r.status = 'awaiting_account'
           or r.status = 'awaiting_install'
              and not exists (select from issuance as i
                               where i.renewal_no = r.renewal_no and i.state in ('intended', 'signed')) then
            perform account_fail(it.renewal_no, in_failure);
        else
            insert into audit_event (actor, action, object, detail)
            values (in_actor, 'payout.returned_late', it.renewal_no, in_client_id);
        end if;
    end if;
    outcome := 'returned';
end
$$;
