-- SPDX-License-Identifier: Apache-2.0
-- Payouts, also of repayments, whose fate is not known, the oldest first, and those that wait to be sent. Reads only.
create or replace function xuqi.payout_list()
returns table (client_id text, state text, renewal_no text, amount_fen bigint, payee_masked text, bank_code text,
               created_at timestamptz, sent_at timestamptz, asked bigint, word text, next_at timestamptz, dead boolean)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select p.client_id, p.state, payout_subject(p), p.amount_fen, p.payee_masked, p.payee_bank_code, p.created_at, p.sent_at,
           p.asked, p.word, o.run_at, coalesce(o.state = 'dead', true)
      from payout as p left join outbox as o on o.topic = 'payout' and o.event = p.client_id
                                            and o.renewal_no = coalesce(p.renewal_no, '')
     where p.state in ('queued', 'sent')
     order by p.sent_at nulls last, p.client_id;
end
$$;
