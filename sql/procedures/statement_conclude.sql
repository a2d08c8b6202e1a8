-- SPDX-License-Identifier: Apache-2.0
-- The end of an upload, for statement_finish and statement_finish_admin: what the same person has sent is taken over, or
-- with in_apply false compared; see statement_take. Days as texts, as both answer them. Internal.
create or replace function xuqi.statement_conclude(
    in_actor text, in_upload_id bigint, in_apply boolean, in_format text, in_covered_from text, in_covered_to text,
    in_opening_fen bigint, in_closing_fen bigint, in_balanced boolean, in_file_sha256 bytea,
    out outcome text, out import_id bigint, out lines_new bigint, out lines_known bigint, out lines_changed bigint,
    out lines_missing bigint, out lines_unexpected bigint, out first_on text, out last_on text,
    out credits_fen bigint, out debits_fen bigint, out previous_last_on text, out previous_closing_fen bigint)
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    update statement_upload set format = in_format where id = in_upload_id and begun_by = in_actor;
    if not found then
        outcome := 'statement_upload_unknown';
        return;
    end if;
    select t.outcome, t.import_id, t.lines_new, t.lines_known, t.lines_changed, t.lines_missing, t.lines_unexpected,
           t.first_on::text, t.last_on::text, t.credits_fen, t.debits_fen, t.previous_last_on::text,
           t.previous_closing_fen
      into outcome, import_id, lines_new, lines_known, lines_changed, lines_missing, lines_unexpected, first_on, last_on,
           credits_fen, debits_fen, previous_last_on, previous_closing_fen
      from statement_take(in_upload_id, in_actor, in_apply, in_covered_from::date, in_covered_to::date,
                          case when in_balanced then in_opening_fen end, case when in_balanced then in_closing_fen end,
                          in_file_sha256) as t;
end
$$;
