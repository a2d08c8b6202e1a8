-- SPDX-License-Identifier: Apache-2.0
-- First approvals that have waited for the second for longer than the platform lets them, or that were of other content,
-- are void; the case begins anew for everybody. The caller holds the row's lock. Internal; answers whether there were any.
create or replace function xuqi.approval_expire(in_renewal_no text) returns boolean
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    r    renewal;
    days bigint;
begin
    select * into strict r from renewal where renewal_no = in_renewal_no;
    if r.status <> 'awaiting_review' or r.reviews_done = 0 then
        return false;
    end if;
    select approval_days into days from review_rule where platform = r.platform and version = r.platform_version;
    update approval set voided_at = now()
     where renewal_no = in_renewal_no and voided_at is null
       and (days > 0 and working_days_after(approved_at, days) <= now()
            or content_hash <> renewal_content_hash(in_renewal_no));
    if not found then
        return false;
    end if;
    update renewal as n
       set reviews_done = (select count(*) from approval as a where a.renewal_no = n.renewal_no and a.voided_at is null)
     where n.renewal_no = in_renewal_no;
    insert into review_step (renewal_no, kind, version)
    select in_renewal_no, 'expire', version from renewal where renewal_no = in_renewal_no;
    insert into audit_event (actor, action, object) values ('system', 'review.expire', in_renewal_no);
    return true;
end
$$;
