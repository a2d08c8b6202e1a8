-- SPDX-License-Identifier: Apache-2.0
-- Removes what has served its time, keeps the timers of account verifications (account_keep), closes what was not paid in time and reminds of what waits for its correction. At most
-- 1000 of each per call (100 renewals), so that nobody waits long; call again while one of the counts is full. A renewal
-- with an attempt that may still be paid stays open: an attempt open for less than in_attempt_life_s, or of unknown fate, or
-- open at a gateway that is asked, which need the gateway's word: those are closed there first. What has been paid is never closed by time: a returned renewal is reminded of three
-- times, a week apart, and then left to a person (audit event renewal.overdue). Outbox rows whose worker vanished at the
-- last attempt become dead. First approvals that waited too long for a second are void (approvals_expire).
create or replace function xuqi.housekeeping(
    in_attempt_life_s bigint,
    out challenges bigint, out sessions bigint, out login_failures bigint, out outbox_done bigint, out closed bigint,
    out reminded bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    batch    constant bigint := 1000;
    renewals constant bigint := 100;
begin
    delete from challenge where nonce_digest in (
        select nonce_digest from challenge where created_at < now() - interval '1 day' limit batch for update skip locked);
    get diagnostics challenges = row_count;
    delete from staff_session where token_digest in (
        select token_digest from staff_session where expires_at < now() - interval '1 day' limit batch);
    get diagnostics sessions = row_count;
    delete from login_failure where id in (
        select id from login_failure where at < now() - interval '1 day' limit batch);
    get diagnostics login_failures = row_count;
    delete from outbox_done where id in (
        select id from outbox_done where done_at < now() - interval '30 days' limit batch);
    get diagnostics outbox_done = row_count;
    delete from statement_upload where id in (
        select id from statement_upload where begun_at < now() - interval '1 day' limit batch);
    update outbox set state = 'dead', lease_until = null
     where state = 'leased' and lease_until < now() and attempts >= max_attempts;
    perform payment_close(overdue.renewal_no)
       from (select renewal_no from renewal as r
              where status in ('draft', 'awaiting_payment') and unpaid_close_at < now()
                and exists (select from payment_attempt as a join "order" as o on o.order_no = a.order_no
                             where o.renewal_no = r.renewal_no and a.state in ('open', 'unknown')
                               and a.queried and a.close_at is null)
              order by unpaid_close_at limit renewals for update of r skip locked) as overdue;
    perform renewal_close(overdue.renewal_no)
       from (select renewal_no from renewal as r
              where status in ('draft', 'awaiting_payment') and unpaid_close_at < now()
                and not exists (select from payment_attempt as a join "order" as o on o.order_no = a.order_no
                                 where o.renewal_no = r.renewal_no
                                   and (a.state = 'unknown'
                                        or a.state = 'open'
                                           and (a.queried
                                                or a.created_at > now() - make_interval(secs => in_attempt_life_s))))
              order by unpaid_close_at limit renewals for update of r skip locked) as overdue;
    get diagnostics closed = row_count;
    perform renewal_remind(waiting.renewal_no)
       from (select renewal_no from renewal as r where remind_at < now()
              order by remind_at limit renewals for update of r skip locked) as waiting;
    get diagnostics reminded = row_count;
    perform account_keep(renewals);
    perform approvals_expire(renewals);
end
$$;
