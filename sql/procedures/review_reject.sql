-- SPDX-License-Identifier: Apache-2.0
-- Refuses a renewal for good. What was paid becomes the payer's credit and a refund is due. Safe to call again: the same
-- reviewer's same reason answers as it did. Outcomes: rejected, unauthenticated, forbidden, platform_forbidden, renewal_unknown,
-- renewal_state, case_claimed, case_not_claimed, case_changed (with who changed what when), reviewer_same, reviewer_own, reviewer_account,
-- key_reused.
create or replace function xuqi.review_reject(
    in_token_digest bytea, in_renewal_no text, in_reason_code text, in_reason_text text,
    in_version bigint default 0, in_key text default '', out outcome text, out status text, out version bigint,
    out changed_by text, out changed_at timestamptz, out changed text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    r      renewal;
    due    "order";
    posted bigint;
begin
    select * into caller from review_enter(in_token_digest, in_renewal_no, 'reject', in_key, in_version);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    r := caller.r;
    status := r.status::text;
    version := r.version;
    if r.rejected_by = caller.staff_id and r.rejection_code = in_reason_code then
        outcome := 'rejected';
        return;
    end if;
    select caller.changed_by, caller.changed_at, caller.changed into changed_by, changed_at, changed;
    outcome := case when caller.repeated = 'key_reused' then 'key_reused'
                    when r.renewal_no is null then 'renewal_unknown'
                    when changed_at is not null then 'case_changed'
                    else review_refusal(r, caller.staff_id) end;
    if outcome is not null then
        return;
    end if;
    select * into strict due from "order" where order_no = r.order_no;
    posted := ledger_post('cancel', due.order_no, fingerprint(due.order_no, due.amount_fen::text), now(),
                          'staff:' || caller.name, array[account_open('deferred_revenue', '')],
                          array[due.payer_credit_id], array[due.amount_fen]);
    insert into refund_due (renewal_no, order_no, posting_id, amount_fen)
    values (in_renewal_no, due.order_no, posted, due.amount_fen);
    update refund set state = 'refused', decision = 'rejected', ended_by = caller.staff_id, ended_at = now()
     where order_no = due.order_no and state = 'asked' and cause in ('cancellation', 'staff');
    perform refund_create('rejection', due.order_no, refund_payment(due.order_no), due.amount_fen, in_reason_text,
                          'staff:' || caller.name);
    update renewal
       set status = 'rejected', decided_at = now(), rejected_by = caller.staff_id, rejection_code = in_reason_code,
           rejection_text = in_reason_text, claimed_by = null, claimed_at = null, claimed_until = null
     where renewal_no = in_renewal_no
    returning renewal.status::text into status;
    version := review_step_add(r, caller.staff_id, 'reject', in_key, in_reason_code);
    perform enqueue('message', 'rejected', in_renewal_no);
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'review.reject', in_renewal_no, in_reason_code);
    outcome := 'rejected';
end
$$;
