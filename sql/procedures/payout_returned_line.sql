-- SPDX-License-Identifier: Apache-2.0
-- payout_returned for a line of a statement that says money came back (e3rtFlag 0, 退汇), found by what the line has: the
-- account it comes from (seal_index of its digits, place payout.account), the amount, and not later than in_at. The
-- oldest payout to that account that is not back yet is meant. Internal; in_evidence names the line: bank, account, its
-- number at the bank. Outcomes: those of payout_returned; payout_unknown: none fits, a person must look.
create or replace function xuqi.payout_returned_line(
    in_payee_index bytea, in_amount_fen bigint, in_at timestamptz, in_failure text, in_evidence text, in_actor text,
    in_booked_on bigint default null, out outcome text, out client_id text)
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    perform pg_advisory_xact_lock(hashtextextended(encode(in_payee_index, 'hex'), 30));
    select p.client_id into client_id from payout as p
     where p.payee_index = in_payee_index and p.return_evidence = in_evidence;
    if not found then
        select p.client_id into client_id from payout as p
         where p.payee_index = in_payee_index and p.amount_fen = in_amount_fen and p.state in ('sent', 'paid')
           and p.sent_at <= in_at
         order by p.sent_at, p.client_id limit 1;
    end if;
    outcome := (payout_returned(client_id, in_failure, in_evidence, in_actor, in_booked_on));
end
$$;
