-- SPDX-License-Identifier: Apache-2.0
-- Where a renewal's account verification stands, in words: state, mode, reason, proof, payouts made, tries made with the
-- last code, when it expires (seconds, 0: never), the account masked, the payout's state; - where there is nothing. Null
-- when there is none. For the progress, which is asked for often: internal.
create or replace function xuqi.account_progress(in_renewal_no text) returns text
language sql stable set search_path = xuqi, pg_temp as $$
    select concat_ws(' ', v.state, coalesce(nullif(v.mode, ''), '-'), coalesce(nullif(v.reason, ''), '-'),
                     coalesce(nullif(v.proof, ''), '-'), v.payouts, coalesce(p.tries, 0),
                     coalesce(floor(extract(epoch from v.expires_at))::bigint, 0),
                     coalesce(nullif(v.account_masked, ''), '-'), coalesce(p.state, '-'))
      from account_verification as v
      left join payout as p on p.renewal_no = v.renewal_no and p.purpose = 'verification' and p.number = v.payouts
     where v.renewal_no = in_renewal_no
$$;
