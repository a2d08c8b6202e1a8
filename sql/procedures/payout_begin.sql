-- SPDX-License-Identifier: Apache-2.0
-- What jobs needs to send a payout or to ask what became of it; no row when there is none. Of one that is with the bank
-- one of in_per_hour questions is taken; held: none is left in this hour. refused: the class of the bank's refusal, which
-- is to be confirmed by asking.
create or replace function xuqi.payout_begin(in_client_id text, in_per_hour bigint)
returns table (state text, held boolean, renewal_no text, platform text, organisation text, amount_fen bigint,
               asked bigint, refused text, account_sealed bytea, personal_sealed bytea, evidence_sha256 bytea)
language plpgsql rows 1 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select p.state, p.state = 'sent' and not bank_quota_take('query', in_per_hour), p.renewal_no, r.platform,
           r.organisation, p.amount_fen, p.asked, p.failure, v.account_sealed, personal.personal_sealed,
           personal.evidence_sha256
      from payout as p
      join renewal as r on r.renewal_no = p.renewal_no
      join account_verification as v on v.renewal_no = p.renewal_no
     cross join renewal_personal(p.renewal_no) as personal
     where p.client_id = in_client_id;
end
$$;
