-- SPDX-License-Identifier: Apache-2.0
-- Rows of a kept bill that has been read to its end. Idempotent by (rail, day, kind, gateway id): a row that is there is
-- passed by; one that comes with another content is raised as a difference and never overwrites. Outcomes: put, with how
-- many were new and how many differ from what is there.
create or replace function xuqi.bill_put(
    in_file_id bigint, in_lines bigint[], in_kinds text[], in_gateway_ids text[], in_payment_txns text[],
    in_attempt_nos text[], in_refund_nos text[], in_amounts bigint[], in_fees bigint[], in_ats timestamptz[],
    in_statuses text[], out outcome text, out added bigint, out changed bigint)
language plpgsql security definer set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    file bill_file;
begin
    select * into strict file from bill_file where id = in_file_id;
    insert into bill_row (rail, day, kind, gateway_id, payment_txn, attempt_no, refund_no, amount_fen, fee_millifen, at,
                          status, line, file_id)
    select file.rail, file.day, given.*, in_file_id
      from unnest(in_kinds, in_gateway_ids, in_payment_txns, in_attempt_nos, in_refund_nos, in_amounts, in_fees, in_ats,
                  in_statuses, in_lines) as given
        on conflict (rail, day, kind, gateway_id) do nothing;
    get diagnostics added = row_count;
    outcome := 'put';
    changed := 0;
    if added = cardinality(in_lines) then
        return;
    end if;
    insert into match_difference (rail, day, class, kind, gateway_id, attempt_no, refund_no, their_day, ours_fen,
                                  theirs_fen, our_fee_millifen, their_fee_millifen, note, action, state)
    select file.rail, file.day, 'changed', 'change', given.kind || ':' || given.gateway_id || ':' || in_file_id,
           given.attempt_no, given.refund_no, file.day, had.amount_fen, given.amount_fen, had.fee_millifen,
           given.fee_millifen, format('line %s of file %s, before line %s of file %s', given.line, in_file_id, had.line,
                                      had.file_id), 'person', 'open'
      from unnest(in_kinds, in_gateway_ids, in_payment_txns, in_attempt_nos, in_refund_nos, in_amounts, in_fees, in_ats,
                  in_statuses, in_lines)
           as given (kind, gateway_id, payment_txn, attempt_no, refund_no, amount_fen, fee_millifen, at, status, line)
      join bill_row as had
        on had.rail = file.rail and had.day = file.day and had.kind = given.kind and had.gateway_id = given.gateway_id
     where (had.payment_txn, had.attempt_no, had.refund_no, had.amount_fen, had.fee_millifen, had.at, had.status)
           is distinct from (given.payment_txn, given.attempt_no, given.refund_no, given.amount_fen, given.fee_millifen,
                             given.at, given.status)
     order by given.line
        on conflict (rail, kind, gateway_id) do nothing;
    get diagnostics changed = row_count;
end
$$;
