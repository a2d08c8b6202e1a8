-- SPDX-License-Identifier: Apache-2.0
-- For stories about reconciliation: payments at a time, bills, days. Included after the search path is set.
-- A renewal paid at a time over a rail; answers the attempt.
create function story.paid_at(name text, at timestamptz, rail text default 'alipay', txn text default null) returns text
language plpgsql as $$
declare
    no text := story.renewal_in('awaiting_payment', name);
    attempt text := (select attempt_no from xuqi.payment_open(no, rail, 1800, rail, 5400, 5));
begin
    perform outcome from xuqi.payment_settle(rail, attempt, coalesce(txn, 't-' || name), 20000, at, 'b***r',
                                             convert_to('notice ' || name || coalesce(txn, ''), 'UTF8'), 'key 1');
    return attempt;
end
$$;
create function story.keep(rail text, day text, word text default 'bill') returns bigint language sql as $$
    select file_id from xuqi.bill_keep(rail, day, digest(word), 100, 'command', 'operator')
$$;
-- Rows: [kind, gateway id, attempt, amount, fee in 1/1000 fen, refund number, payment txn].
create function story.put(file_id bigint, rows text[][], at timestamptz default '2026-11-20 12:00:00+08') returns text
language sql as $$
    select concat_ws(' ', outcome, added, changed) from xuqi.bill_put(file_id,
        array(select i::bigint from generate_subscripts(rows, 1) as i), array(select rows[i][1] from generate_subscripts(rows, 1) as i),
        array(select rows[i][2] from generate_subscripts(rows, 1) as i),
        array(select coalesce(rows[i][7], rows[i][2]) from generate_subscripts(rows, 1) as i),
        array(select rows[i][3] from generate_subscripts(rows, 1) as i), array(select coalesce(rows[i][6], '') from generate_subscripts(rows, 1) as i),
        array(select rows[i][4]::bigint from generate_subscripts(rows, 1) as i), array(select rows[i][5]::bigint from generate_subscripts(rows, 1) as i),
        array(select at from generate_subscripts(rows, 1) as i), array(select 'SUCCESS'::text from generate_subscripts(rows, 1) as i))
$$;
create function story.bill(rail text, day text, rows text[][], word text default null) returns text language plpgsql as $$
declare
    file bigint := story.keep(rail, day, coalesce(word, rail || day));
    answer text := story.put(file, rows);
begin
    return answer || ' ' || (select outcome from xuqi.bill_loaded(file, coalesce(array_length(rows, 1), 0)));
end
$$;
create function story.match(rail text, day text, rate bigint default 60) returns text language sql as $$
    select concat_ws(' ', outcome, payments, even, raised, waiting, opened) from xuqi.match_run(rail, day, rate)
$$;
create function story.difference(number text) returns text language sql as $$
    select concat_ws(' ', class, kind, state, action, ours_fen, theirs_fen, booked_fen) from xuqi.match_difference where gateway_id = number
$$;
create function story.clearing(rail text) returns text language sql as $$
    select coalesce(sum(case when t.debit_id = a.id then t.amount else -t.amount end), 0)::text
      from xuqi.account as a join xuqi.transfer as t on a.id in (t.debit_id, t.credit_id)
     where a.kind = 'gateway_clearing' and a.owner_key = rail
$$;
