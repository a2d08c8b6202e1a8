-- SPDX-License-Identifier: Apache-2.0
-- Statements that were imported, newest first, from before an import on (null: from the newest). Reads only.
-- One row with outcome unauthenticated, forbidden or empty, or rows with outcome ok.
create or replace function xuqi.statement_list(in_token_digest bytea, in_before bigint, in_page_size bigint)
returns table (outcome text, id bigint, account_no text, source text, format text, file_name text, first_on text,
               last_on text, opening_fen bigint, closing_fen bigint, credits_fen bigint, debits_fen bigint,
               lines_new bigint, lines_known bigint, lines_raised bigint, imported_by text, imported_at timestamptz)
language plpgsql stable rows 50 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
begin
    select * into caller from session_finance(in_token_digest);
    outcome := caller.outcome;
    if outcome = 'ok' then
        return query
        select 'ok'::text, i.id, a.account_no, i.source, i.format, i.file_name, i.first_on::text, i.last_on::text,
               i.opening_fen, i.closing_fen, i.credits_fen, i.debits_fen, i.lines_new, i.lines_known, i.lines_raised,
               i.imported_by, i.imported_at
          from statement_import as i join collecting_account as a on a.id = i.collecting_account_id
         where in_before is null or i.id < in_before
         order by i.id desc limit in_page_size;
        if found then
            return;
        end if;
        outcome := 'empty';
    end if;
    return next;
end
$$;
