-- SPDX-License-Identifier: Apache-2.0
-- What jobs needs to send a payout or to ask what became of it; no row when there is none. asking: the payout is with
-- the bank, and one of in_per_hour questions was taken for it; held: no question is left in this hour.
create or replace function xuqi.payout_begin(in_client_id text, in_per_hour bigint)
returns table (state text, held boolean, renewal_no text, platform text, organisation text, amount_fen bigint,
               asked bigint, account_sealed bytea, personal_sealed bytea, evidence_sha256 bytea)
language plpgsql rows 1 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select p.state, p.state = 'sent' and not bank_quota_take('query', in_per_hour), p.renewal_no, r.platform,
           r.organisation, p.amount_fen, p.asked, v.account_sealed, personal.personal_sealed,
           personal.evidence_sha256
      from payout as p
      join renewal as r on r.renewal_no = p.renewal_no
      join account_verification as v on v.renewal_no = p.renewal_no
     cross join renewal_personal(p.renewal_no) as personal
     where p.client_id = in_client_id;
end
$$;
