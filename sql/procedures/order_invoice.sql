-- SPDX-License-Identifier: Apache-2.0
-- One of finance notes an order's invoice: issued under a number, later reversed by a red letter's number. While it is
-- issued and not reversed the order's price does not go back. What is there is answered as it is; another number never takes its
-- place by itself: one that was typed wrong is corrected by naming it (in_corrects) and saying why, and the trail has both. A number
-- that stood for an earlier step of the order comes too late. Each step is a row of invoice_record. Safe to call again.
-- Outcomes: noted, unauthenticated, forbidden, platform_forbidden, duty_conflict, order_unknown, renewal_state (not paid, or not
-- issued before it is reversed), invoice_recorded (under another number), invoice_changed (what is to be corrected is not there).
-- Answers what stands there, noted by whom, when, as what step.
create or replace function xuqi.order_invoice(
    in_token_digest bytea, in_order_no text, in_state text, in_number text, in_corrects text default '', in_reason text default '',
    out outcome text, out state text, out number text, out recorded_by text, out recorded_at timestamptz, out step text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    due    "order";
    kept   text;
begin
    select * into caller from session_order(in_token_digest, in_order_no);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    perform from renewal as n join "order" as o on o.renewal_no = n.renewal_no
      where o.order_no = in_order_no for update of n;
    select * into due from "order" where order_no = in_order_no;
    outcome := case when due.order_no is null then 'order_unknown'
                    when (due.invoice_state, due.invoice_number) = (in_state, in_number) then 'noted'
                    when in_corrects <> '' then
                         case when (due.invoice_state, due.invoice_number) = (in_state, in_corrects) then 'noted' else 'invoice_changed' end
                    when due.state <> 'paid' or (in_state = 'reversed' and due.invoice_state = 'none') then 'renewal_state'
                    when due.invoice_state = in_state
                         or exists (select from invoice_record as e
                                     where e.order_no = in_order_no and (e.state, in_number) in ((in_state, e.number), (in_state, e.corrects)))
                         then 'invoice_recorded'
                    else 'noted' end;
    if outcome = 'noted' and (due.invoice_state, due.invoice_number) <> (in_state, in_number) then
        kept := reason_keep('staff:' || caller.name, due.renewal_no, case when in_corrects <> '' then in_reason end);
        insert into invoice_record (order_no, version, state, number, corrects, reason_id, recorded_by)
        select in_order_no, count(*) + 1, in_state, in_number, nullif(in_corrects, ''), nullif(split_part(kept, ' ', 2), '')::bigint, caller.staff_id
          from invoice_record as e where e.order_no = in_order_no;
        update "order" set invoice_state = in_state, invoice_number = in_number where order_no = in_order_no;
        insert into audit_event (actor, action, object, detail)
        values ('staff:' || caller.name, case when in_corrects = '' then 'invoice.' || in_state else 'invoice.corrected' end, due.renewal_no,
                in_order_no || case when in_corrects = '' then ' ' || in_number
                                    else format(' %s %s -> %s: %s', in_state, in_corrects, in_number, kept) end);
    end if;
    select e.state, e.number, person.display_name, e.recorded_at,
           case when e.corrects is null then 'invoice.' || e.state else 'invoice.corrected' end
      into state, number, recorded_by, recorded_at, step
      from invoice_record as e left join staff as person on person.id = e.recorded_by
     where e.order_no = in_order_no order by e.version desc limit 1;
end
$$;
