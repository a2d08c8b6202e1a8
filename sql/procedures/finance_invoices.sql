-- SPDX-License-Identifier: Apache-2.0
-- Orders by their invoices, at the finance desk, after the one given. Words: an order's, an application's or an invoice's number (also
-- one that was corrected since, or a red letter's), whatever its state. Else by state: due (paid, an invoice was asked for, none is
-- noted, the price has not gone back with the renewal, and the platform's moment has come), oldest first; issued, reversed, all
-- that are paid: newest first. in_approved, in_installed: the platforms whose moment is the approval, the installation; of the
-- others it is the payment.
-- Outcomes: ok in every row, or one row: empty, unauthenticated, forbidden. Reads only. Planned each time: which index is right
-- depends on what is asked for.
create or replace function xuqi.finance_invoices(
    in_token_digest bytea, in_state text, in_words text, in_after text, in_size bigint,
    in_approved text[], in_installed text[])
returns table (outcome text, order_no text, renewal_no text, platform text, payer text, amount_fen bigint, paid_at timestamptz,
               status text, kind text, title text, tax_id text, state text, number text)
language plpgsql stable security definer set search_path = xuqi, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    caller record;
    may    text[];
    wanted text[];
begin
    select * into caller from session_finance(in_token_digest);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return next;
        return;
    end if;
    may := (select s.platforms from staff as s where s.id = caller.staff_id);
    wanted := case
        when in_words <> '' then
            array(select found.order_no
                    from (select o.order_no from "order" as o where o.order_no = in_words
                          union select o.order_no from "order" as o where o.renewal_no = in_words
                          union select e.order_no from invoice_record as e where e.number = in_words) as found
                    join "order" as o on o.order_no = found.order_no join renewal as r on r.renewal_no = o.renewal_no
                   where o.state = 'paid' and o.order_no > in_after and staff_may(may, r.platform)
                   order by o.order_no limit in_size)
        when in_state = 'due' then
            array(select o.order_no from "order" as o join renewal as r on r.renewal_no = o.renewal_no
                   where o.state = 'paid' and o.invoice_state = 'none' and o.order_no > in_after and staff_may(may, r.platform)
                     and r.invoice_kind not in ('', 'none')
                     and case when r.platform = any (in_installed) then r.status = 'completed'
                              when r.platform = any (in_approved)
                              then r.status in ('awaiting_account', 'awaiting_install', 'issued', 'completed')
                              else r.status not in ('cancelled', 'rejected') end
                   order by o.order_no limit in_size)
        else
            array(select o.order_no from "order" as o join renewal as r on r.renewal_no = o.renewal_no
                   where o.state = 'paid' and (in_after = '' or o.order_no < in_after) and staff_may(may, r.platform)
                     and (in_state = 'all' or o.invoice_state = in_state)
                   order by o.order_no desc limit in_size) end;
    return query
    select 'ok', o.order_no, o.renewal_no, r.platform, coalesce(nullif(r.organisation, ''), r.subject), o.amount_fen, o.paid_at,
           r.status::text, r.invoice_kind, r.invoice_title, r.invoice_tax_id, o.invoice_state, o.invoice_number
      from unnest(wanted) with ordinality as page (order_no, place)
      join "order" as o on o.order_no = page.order_no join renewal as r on r.renewal_no = o.renewal_no
     order by page.place;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
