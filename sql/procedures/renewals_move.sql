-- SPDX-License-Identifier: Apache-2.0
-- renewal_move for many whose payment has come, in one statement, after what the desk writes about all of them; one by one only those
-- that go on without a reviewer. The caller holds the rows' locks. Internal.
create or replace function xuqi.renewals_move(in_renewal_nos text[]) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    unreviewed text[];
begin
    perform review_prepare(array(select r from renewal as r
                                  where r.renewal_no = any (in_renewal_nos) and r.status = 'awaiting_payment'));
    with moved as (
        update renewal
           set status = 'awaiting_review', paid_at = now(), unpaid_close_at = null
         where renewal_no = any (in_renewal_nos) and status = 'awaiting_payment'
        returning renewal_no, reviews_done >= reviews_required as goes_on)
    select array_agg(renewal_no order by renewal_no) into unreviewed from moved where goes_on;
    perform renewal_move(no) from unnest(unreviewed) as no;
end
$$;
