-- SPDX-License-Identifier: Apache-2.0
-- An attempt to pay a renewal's order at a gateway. Safe to call again: an open attempt of this method younger than the
-- form's lifetime is answered again. Outcomes: opened, renewal_unknown, already_paid, renewal_state, method_unavailable, rate_limited
-- (attempt numbers end at 99).
create or replace function xuqi.payment_open(
    in_renewal_no text, in_method text, in_form_lifetime_s bigint,
    out outcome text, out attempt_no text, out amount_fen bigint, out order_no text, out subject text,
    out created_at timestamptz)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    r   renewal;
    due "order";
begin
    select * into r from renewal where renewal_no = in_renewal_no for update;
    select * into due from "order" where order_no = r.order_no;
    select a.attempt_no, a.created_at into attempt_no, created_at
      from payment_attempt as a
     where a.order_no = due.order_no and a.gateway = in_method and a.state = 'open'
       and a.created_at > now() - make_interval(secs => in_form_lifetime_s)
     order by a.created_at desc limit 1;
    outcome := case when r.renewal_no is null then 'renewal_unknown'
                    when due.state = 'paid' then 'already_paid'
                    when r.status <> 'awaiting_payment' or due.state <> 'unpaid' then 'renewal_state'
                    when in_method <> all (r.payment_methods) then 'method_unavailable'
                    when attempt_no is null and due.attempts >= 99 then 'rate_limited'
                    else 'opened' end;
    if outcome <> 'opened' then
        attempt_no := null;
        created_at := null;
        return;
    end if;
    if attempt_no is null then
        update "order" set attempts = attempts + 1 where order_no = due.order_no
        returning order_no || lpad(attempts::text, 2, '0') into attempt_no;
        insert into payment_attempt (attempt_no, order_no, gateway, amount_fen)
        values (payment_open.attempt_no, due.order_no, in_method, due.amount_fen)
        returning payment_attempt.created_at into created_at;
        insert into audit_event (actor, action, object, detail)
        values ('applicant', 'payment.open', in_renewal_no, payment_open.attempt_no);
    end if;
    amount_fen := due.amount_fen;
    order_no := due.order_no;
    subject := r.subject;
end
$$;
