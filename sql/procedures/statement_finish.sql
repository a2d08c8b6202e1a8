-- SPDX-License-Identifier: Apache-2.0
-- Takes over, or with in_apply false only compares, what the same person has uploaded; see statement_take for its outcomes and
-- statement_begin for who may. Safe to call again: what was finished is statement_upload_unknown, and its lines are known.
create or replace function xuqi.statement_finish(
    in_token_digest bytea, in_upload_id bigint, in_apply boolean, in_format text, in_covered_from text, in_covered_to text,
    in_opening_fen bigint, in_closing_fen bigint, in_balanced boolean, in_file_sha256 bytea,
    out outcome text, out import_id bigint, out lines_new bigint, out lines_known bigint, out lines_changed bigint,
    out lines_missing bigint, out lines_unexpected bigint, out first_on text, out last_on text,
    out credits_fen bigint, out debits_fen bigint, out previous_last_on text, out previous_closing_fen bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
begin
    select * into caller from session_finance(in_token_digest);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    select c.* into outcome, import_id, lines_new, lines_known, lines_changed, lines_missing, lines_unexpected, first_on,
                    last_on, credits_fen, debits_fen, previous_last_on, previous_closing_fen
      from statement_conclude('staff:' || caller.name, in_upload_id, in_apply, in_format, in_covered_from, in_covered_to,
                              in_opening_fen, in_closing_fen, in_balanced, in_file_sha256) as c;
    if outcome <> 'statement_upload_unknown' then -- the desk sends the file again
        delete from statement_upload where id = in_upload_id;
    end if;
end
$$;
