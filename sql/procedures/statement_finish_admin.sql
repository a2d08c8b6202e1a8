-- SPDX-License-Identifier: Apache-2.0
-- statement_finish for xuqictl; what was only compared stays, to be taken over next or discarded.
create or replace function xuqi.statement_finish_admin(
    in_by text, in_upload_id bigint, in_apply boolean, in_format text, in_covered_from text, in_covered_to text,
    in_opening_fen bigint, in_closing_fen bigint, in_balanced boolean, in_file_sha256 bytea,
    out outcome text, out import_id bigint, out lines_new bigint, out lines_known bigint, out lines_changed bigint,
    out lines_missing bigint, out lines_unexpected bigint, out first_on text, out last_on text,
    out credits_fen bigint, out debits_fen bigint, out previous_last_on text, out previous_closing_fen bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    select c.* into outcome, import_id, lines_new, lines_known, lines_changed, lines_missing, lines_unexpected, first_on,
                    last_on, credits_fen, debits_fen, previous_last_on, previous_closing_fen
      from statement_conclude('admin:' || in_by, in_upload_id, in_apply, in_format, in_covered_from, in_covered_to,
                              in_opening_fen, in_closing_fen, in_balanced, in_file_sha256) as c;
end
$$;
