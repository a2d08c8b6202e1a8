-- SPDX-License-Identifier: Apache-2.0
-- approval_expire for a batch of the cases that wait for a second reviewer. Internal; answers how many began anew.
create or replace function xuqi.approvals_expire(in_batch bigint) returns bigint
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    return (select count(*)
              from (select n.renewal_no
                      from renewal as n
                      join review_rule as rule on rule.platform = n.platform and rule.version = n.platform_version
                     where n.status = 'awaiting_review' and n.reviews_done > 0 and rule.approval_days > 0
                       and exists (select from approval as a
                                    where a.renewal_no = n.renewal_no and a.voided_at is null
                                      and working_days_after(a.approved_at, rule.approval_days) <= now())
                     limit in_batch for update of n skip locked) as waiting
             where approval_expire(waiting.renewal_no));
end
$$;
