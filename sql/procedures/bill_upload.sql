-- SPDX-License-Identifier: Apache-2.0
-- Finance hands in a bill that was fetched by hand: kept as it came, to be read by jobs. Safe to call again: the same bytes
-- are one file. Outcomes: uploaded, unauthenticated, forbidden.
create or replace function xuqi.bill_upload(
    in_token_digest bytea, in_rail text, in_day text, in_digest bytea, in_data bytea, out outcome text, out file_id bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    piece  constant bigint := 1048576;
begin
    select * into caller from session_finance(in_token_digest);
    outcome := case caller.outcome when 'ok' then 'uploaded' else caller.outcome end;
    if outcome <> 'uploaded' then
        return;
    end if;
    select k.file_id into file_id
      from bill_keep(in_rail, in_day, in_digest, length(in_data), 'uploaded', 'staff:' || caller.name) as k;
    perform bill_piece_put(bill_upload.file_id, n, substr(in_data, (n * piece)::int + 1, piece::int))
       from generate_series(0::bigint, (length(in_data) - 1) / piece) as n;
    insert into outbox (topic, dedup_key, event, renewal_no)
    values ('bill_load', bill_upload.file_id::text, bill_upload.file_id::text, '')
        on conflict (topic, dedup_key) do update
       set run_at = least(outbox.run_at, now()),
           attempts = case outbox.state when 'dead' then 0 else outbox.attempts end,
           state = case outbox.state when 'dead' then 'ready' else outbox.state end;
end
$$;
