-- SPDX-License-Identifier: Apache-2.0
-- Every row of a kept bill is there: the day can be reconciled. Its totals are those of all rows of the day. A file that
-- lacks rows of an earlier one is raised as a difference. Safe to call again. Outcomes: loaded, bill_malformed (there are
-- fewer rows than the file has: not all have been put).
create or replace function xuqi.bill_loaded(in_file_id bigint, in_rows bigint, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    file bill_file;
    held bill_day;
    kept bigint;
begin
    select * into strict file from bill_file where id = in_file_id for update;
    select file.rail, file.day, 'loaded', file.id, count(*) filter (where kind = 'payment'),
           coalesce(sum(amount_fen) filter (where kind = 'payment'), 0), count(*) filter (where kind = 'refund'),
           coalesce(sum(amount_fen) filter (where kind = 'refund'), 0), count(*) filter (where kind = 'dispute'),
           coalesce(sum(fee_millifen) filter (where kind <> 'dispute'), 0)
      into held.rail, held.day, held.state, held.file_id, held.payments, held.payments_fen, held.refunds,
           held.refunds_fen, held.disputes, held.fee_millifen
      from bill_row where rail = file.rail and day = file.day;
    kept := held.payments + held.refunds + held.disputes;
    if kept < in_rows then
        outcome := 'bill_malformed';
        return;
    end if;
    outcome := 'loaded';
    insert into bill_day as d (rail, day, state, file_id, payments, payments_fen, refunds, refunds_fen, disputes,
                               fee_millifen)
    values (held.rail, held.day, 'loaded', held.file_id, held.payments, held.payments_fen, held.refunds,
            held.refunds_fen, held.disputes, held.fee_millifen)
        on conflict (rail, day) do update
       set state = 'loaded', file_id = excluded.file_id, payments = excluded.payments,
           payments_fen = excluded.payments_fen, refunds = excluded.refunds, refunds_fen = excluded.refunds_fen,
           disputes = excluded.disputes, fee_millifen = excluded.fee_millifen;
    if file.state = 'loaded' then
        return;
    end if;
    if kept > in_rows then
        insert into match_difference (rail, day, class, kind, gateway_id, note, action, state)
        values (file.rail, file.day, 'changed', 'file', in_file_id::text,
                format('%s rows of earlier files are not in this one', kept - in_rows), 'person', 'open')
            on conflict (rail, kind, gateway_id) do nothing;
    end if;
    update bill_file set state = 'loaded', fault = '', loaded_at = now() where id = in_file_id;
    insert into audit_event (actor, action, object, detail)
    values (file.actor, 'bill.load', file.rail || ':' || file.day, format('file %s, %s rows', in_file_id, in_rows));
end
$$;
