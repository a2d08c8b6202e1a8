-- SPDX-License-Identifier: Apache-2.0
-- A payout leaves: its cost, or what was due back, is with the bank from here on. Safe to call again for the same number.
-- Internal.
create or replace function xuqi.payout_book(in_payout xuqi.payout, in_actor text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    perform ledger_post('payout', in_payout.client_id, fingerprint(in_payout.client_id, in_payout.amount_fen::text), now(), in_actor,
                        array[case in_payout.purpose when 'repayment' then payout_due(in_payout.request_id)
                                                     else account_open('verify_expense', '') end],
                        array[account_open('payout_clearing', in_payout.client_id)], array[in_payout.amount_fen]);
end
$$;
