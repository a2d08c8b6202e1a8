-- SPDX-License-Identifier: Apache-2.0
-- Money that we send: the 0.01 yuan of account verifications and payments back, newest first, after the one given: open (not
-- ended, or failed or back with nobody having gone on), queued, sent, paid, failed, returned, all. Who is paid is masked. next says what happens now: send or
-- query (by the server, at next_at), export, decide (a person of finance), code or return (until next_at: the applicant enters
-- the code; it would have come back), applicant (corrects the account), none. For finance and auditors.
-- Outcomes: ok in every row, or one row: empty, unauthenticated, forbidden. Reads only.
create or replace function xuqi.finance_payouts(in_token_digest bytea, in_state text, in_after text, in_size bigint)
returns table (outcome text, client_id text, purpose text, renewal_no text, number bigint, amount_fen bigint, state text,
               bank text, from_account text, payee text, payee_bank_code text, code_tries bigint, failure text, word text,
               asked bigint, created_at timestamptz, sent_at timestamptz, settled_at timestamptz, returned_at timestamptz,
               return_evidence text, next text, next_at timestamptz)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    last payout;
begin
    outcome := match_refusal(in_token_digest);
    if outcome is not null then
        return next;
        return;
    end if;
    select p.* into last from payout as p where p.client_id = in_after;
    return query
    select 'ok'::text, p.client_id, p.purpose, coalesce(p.renewal_no, ''), p.number, p.amount_fen, p.state, p.bank, p.from_account,
           p.payee_masked, p.payee_bank_code, p.tries, p.failure, p.word, p.asked, p.created_at, p.sent_at, p.settled_at,
           p.returned_at, coalesce(p.return_evidence, ''),
           case when p.state = 'queued' and o.id is not null and o.state <> 'dead' then 'send'
                when p.state = 'sent' and o.id is not null and o.state <> 'dead' then 'query'
                when p.state = 'queued' and p.purpose = 'repayment' then 'export'
                when p.state in ('queued', 'sent') then 'decide'
                when p.purpose = 'repayment' then case p.state when 'paid' then 'none' else 'decide' end
                when v.payouts is distinct from p.number or p.failure = 'not_needed' then 'none'
                when v.state = 'failed' then 'applicant'
                when v.state = 'confirming' then case v.mode when 'payout_success' then 'return' else 'code' end
                else 'none' end,
           case when p.state in ('queued', 'sent') then case o.state when 'dead' then null else o.run_at end
                when v.payouts = p.number and v.state = 'confirming' then v.expires_at end
      from payout as p
      left join account_verification as v on v.renewal_no = p.renewal_no
      left join lateral (select q.id, q.state, q.run_at from outbox as q
                          where q.topic = 'payout' and q.event = p.client_id and p.state in ('queued', 'sent') limit 1) as o on true
     where (in_state = 'all' or p.state = in_state
            or in_state = 'open' and (p.state in ('queued', 'sent')
                                      or p.state in ('failed', 'returned') and v.payouts = p.number and v.state = 'failed'))
       and (last.client_id is null or (p.created_at, p.client_id) < (last.created_at, last.client_id))
     order by p.created_at desc, p.client_id desc limit in_size;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
