-- SPDX-License-Identifier: Apache-2.0
-- What jobs needs to send a payout or to ask what became of it; no row when there is none. Of one that is with the bank
-- one of in_per_hour questions is taken; held: none is left in this hour. refused: the class of the bank's refusal, which
-- is to be confirmed by asking. A verification's account is in the sealed columns, a repayment's goes back where the money
-- came from, as the statement has it; a branch that the list of branches knows by its name has its code.
create or replace function xuqi.payout_begin(in_client_id text, in_per_hour bigint)
returns table (state text, held boolean, renewal_no text, platform text, organisation text, amount_fen bigint,
               asked bigint, refused text, account_sealed bytea, personal_sealed bytea, evidence_sha256 bytea,
               purpose text, from_account text, payee_account text, payee_name text, payee_bank text, payee_bank_code text)
language plpgsql rows 1 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select p.state, p.state = 'sent' and not bank_quota_take('query', in_per_hour), payout_subject(p), r.platform,
           r.organisation, p.amount_fen, p.asked, p.failure, v.account_sealed, personal.personal_sealed,
           personal.evidence_sha256, p.purpose, p.from_account, l.payer_account_digits, l.payer_name, l.payer_bank,
           (select b.code from bank_branch as b where b.name = l.payer_bank order by b.code limit 1)
      from payout as p
      left join renewal as r on r.renewal_no = p.renewal_no
      left join account_verification as v on v.renewal_no = p.renewal_no
      left join lateral renewal_personal(p.renewal_no) as personal on p.renewal_no is not null
      left join payout_request as q on q.id = p.request_id
      left join statement_line as l on l.id = q.line_id
     where p.client_id = in_client_id;
end
$$;
