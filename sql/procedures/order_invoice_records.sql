-- SPDX-License-Identifier: Apache-2.0
-- What was noted of an order's invoice, step by step, newest first: the number, the one that it corrects and why (null once the words
-- were erased), by whom and when. Outcomes: ok in every row, or one row: empty, order_unknown, those of session_order. Reads only.
create or replace function xuqi.order_invoice_records(in_token_digest bytea, in_order_no text)
returns table (outcome text, version bigint, state text, number text, corrects text, reason text, recorded_by text,
               recorded_at timestamptz)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    outcome := (select caller.outcome from session_order(in_token_digest, in_order_no) as caller);
    if outcome = 'ok' and not exists (select from "order" where order_no = in_order_no) then
        outcome := 'order_unknown';
    end if;
    if outcome = 'ok' then
        return query
        select 'ok', e.version, e.state, e.number, e.corrects, nullif(y.words, ''), person.display_name, e.recorded_at
          from invoice_record as e
          left join reason as y on y.id = e.reason_id
          left join staff as person on person.id = e.recorded_by
         where e.order_no = in_order_no order by e.version desc;
        if found then
            return;
        end if;
        outcome := 'empty';
    end if;
    return next;
end
$$;
