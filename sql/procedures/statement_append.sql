-- SPDX-License-Identifier: Apache-2.0
-- The next lines of a statement on its way, with what they will be compared by: numbers and names in their compared form, and
-- the fingerprint. Several at the same time, in any order of their numbers. Safe to call again: a chunk is kept once.
-- Outcomes: kept, statement_upload_unknown.
create or replace function xuqi.statement_append(
    in_upload_id bigint, in_number bigint, in_places bigint[], in_line_keys text[], in_days bigint[],
    in_times_us bigint[], in_movements_fen bigint[], in_balances_fen bigint[], in_payer_accounts text[],
    in_payer_names text[], in_payer_banks text[], in_remarks text[], in_bank_refs text[], in_kinds text[],
    in_reverses text[], out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    perform from statement_upload where id = in_upload_id for key share;
    outcome := case when found then 'kept' else 'statement_upload_unknown' end;
    if outcome = 'kept' then
        insert into statement_chunk
        select in_upload_id, in_number, in_places, in_line_keys, in_days, in_times_us, in_movements_fen,
               in_balances_fen, in_payer_accounts, in_payer_names, in_payer_banks, in_remarks, in_bank_refs, in_kinds,
               in_reverses, coalesce(array_agg(account_digits(account)), '{}'), coalesce(array_agg(party_name_normal(name)), '{}'),
               coalesce(array_agg(sha256(convert_to(concat_ws(E'\x1f', day, time_us, movement, balance, account, name, bank,
                                                              remark, ref, kind), 'UTF8'))), '{}')
          from unnest(in_days, in_times_us, in_movements_fen, in_balances_fen, in_payer_accounts, in_payer_names,
                      in_payer_banks, in_remarks, in_bank_refs, in_kinds)
               as line (day, time_us, movement, balance, account, name, bank, remark, ref, kind)
            on conflict (upload_id, number) do nothing;
    end if;
end
$$;
