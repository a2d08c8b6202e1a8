-- SPDX-License-Identifier: Apache-2.0
-- Somebody waits for an attempt: the payer's page, or the payer coming back from the gateway (in_renewal_no is null:
-- the gateway signed for it). Asks the gateway unless that is settled, at most every 3 seconds. Safe to call again.
-- Outcomes: found, payment_unknown (also another renewal's).
create or replace function xuqi.payment_refresh(
    in_renewal_no text, in_attempt_no text,
    out outcome text, out renewal_no text, out method text, out state text, out amount_fen bigint,
    out created_at timestamptz, out expires_at timestamptz, out paid_at timestamptz)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    attempt payment_attempt;
begin
    select r.renewal_no into renewal_no
      from payment_attempt as a
      join "order" as o on o.order_no = a.order_no
      join renewal as r on r.renewal_no = o.renewal_no
     where a.attempt_no = in_attempt_no and r.renewal_no = coalesce(in_renewal_no, r.renewal_no) for update of r;
    if renewal_no is null then
        outcome := 'payment_unknown';
        return;
    end if;
    select * into strict attempt from payment_attempt where attempt_no = in_attempt_no;
    if attempt.queried and attempt.state not in ('paid', 'surplus') then
        perform payment_ask(in_attempt_no, greatest(now(), attempt.asked_at + interval '3 seconds'));
    end if;
    outcome := 'found';
    method := attempt.method;
    state := attempt.state;
    amount_fen := attempt.amount_fen;
    created_at := attempt.created_at;
    expires_at := attempt.expires_at;
    paid_at := attempt.paid_at;
end
$$;
