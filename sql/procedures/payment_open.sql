-- SPDX-License-Identifier: Apache-2.0
-- An attempt to pay a renewal's order at a gateway. Safe to call again: an open attempt of this method younger than
-- in_form_lifetime_s is answered again. in_gateway: the rail, if it is not named like the method; in_lifetime_s: how long
-- the form can be used; in_ask_after_s: when the gateway is first asked what became of it, null if it never is. While the
-- rail has an attempt whose outcome is unknown there is no other number: it might be paid twice.
-- Outcomes: opened, renewal_unknown, already_paid, renewal_state, method_unavailable, payment_pending (unknown, and its
-- form is too old to be used again), rate_limited (attempt numbers end at 99).
create or replace function xuqi.payment_open(
    in_renewal_no text, in_method text, in_form_lifetime_s bigint, in_gateway text default null,
    in_lifetime_s bigint default 5400, in_ask_after_s bigint default null,
    out outcome text, out attempt_no text, out amount_fen bigint, out order_no text, out subject text,
    out created_at timestamptz, out expires_at timestamptz)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    r   renewal;
    due "order";
begin
    select * into r from renewal where renewal_no = in_renewal_no for update;
    select * into due from "order" where order_no = r.order_no;
    select a.attempt_no, a.created_at, a.expires_at into attempt_no, created_at, expires_at
      from payment_attempt as a
     where a.order_no = due.order_no and a.method = in_method and a.state in ('open', 'unknown')
       and a.created_at > now() - make_interval(secs => in_form_lifetime_s)
     order by a.created_at desc limit 1;
    outcome := case when r.renewal_no is null then 'renewal_unknown'
                    when due.state = 'paid' then 'already_paid'
                    when r.status <> 'awaiting_payment' or due.state <> 'unpaid' then 'renewal_state'
                    when in_method <> all (r.payment_methods) then 'method_unavailable'
                    when attempt_no is null and exists (
                        select from payment_attempt as a
                         where a.order_no = due.order_no and a.gateway = coalesce(in_gateway, in_method)
                           and a.state = 'unknown') then 'payment_pending'
                    when attempt_no is null and due.attempts >= 99 then 'rate_limited'
                    else 'opened' end;
    if outcome <> 'opened' then
        attempt_no := null;
        created_at := null;
        expires_at := null;
        return;
    end if;
    if attempt_no is null then
        update "order" set attempts = attempts + 1 where order_no = due.order_no
        returning order_no || lpad(attempts::text, 2, '0') into attempt_no;
        insert into payment_attempt (attempt_no, order_no, method, gateway, amount_fen, expires_at, queried)
        values (payment_open.attempt_no, due.order_no, in_method, coalesce(in_gateway, in_method), due.amount_fen,
                now() + make_interval(secs => in_lifetime_s), in_ask_after_s is not null)
        returning payment_attempt.created_at, payment_attempt.expires_at into created_at, expires_at;
        if in_ask_after_s is not null then
            perform payment_ask(payment_open.attempt_no, now() + make_interval(secs => in_ask_after_s));
        end if;
        insert into audit_event (actor, action, object, detail)
        values ('applicant', 'payment.open', in_renewal_no, payment_open.attempt_no);
    end if;
    amount_fen := due.amount_fen;
    order_no := due.order_no;
    subject := r.subject;
end
$$;
