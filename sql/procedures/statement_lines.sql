-- SPDX-License-Identifier: Apache-2.0
-- The lines that an import brought, in the order they were written, from after a line on. Reads only.
-- One row with outcome unauthenticated, forbidden or empty, or rows with outcome ok.
create or replace function xuqi.statement_lines(
    in_token_digest bytea, in_import_id bigint, in_after bigint, in_page_size bigint)
returns table (outcome text, id bigint, booked_on text, booked_at timestamptz, direction text, amount_fen bigint,
               balance_fen bigint, payer_account text, payer_name text, payer_bank text, remark text, bank_ref text,
               kind text, reverses_line bigint, reversed_by bigint, taken_fen bigint)
language plpgsql stable rows 50 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
begin
    select * into caller from session_finance(in_token_digest);
    outcome := caller.outcome;
    if outcome = 'ok' then
        return query
        select 'ok'::text, l.id, l.booked_on::text, l.booked_at, l.direction, l.amount_fen, l.balance_fen,
               l.payer_account, l.payer_name, l.payer_bank, l.remark, l.bank_ref, l.kind, l.reverses_line,
               l.reversed_by, l.taken_fen
          from statement_line as l
         where l.import_id = in_import_id and l.id > in_after
         order by l.id limit in_page_size;
        if found then
            return;
        end if;
        outcome := 'empty';
    end if;
    return next;
end
$$;
