-- SPDX-License-Identifier: Apache-2.0
-- Automatic matching of an import's lines, a batch at a time in the order of their ids; each phase over all lines before the
-- next: numbers (what the remark says), misspelt (a number with a slip, where the payer agrees), sums (what adds up exactly,
-- where the payer agrees). Never the amount alone, and nothing that can be explained in two ways. Safe to call again and
-- at the same time, also two of one phase on different lines. in_until: the last line that is looked at, if not all. Answers the last line looked at and what was done; looked < in_batch: the phase is over.
create or replace function xuqi.statement_match(
    in_import_id bigint, in_phase text, in_after bigint, in_batch bigint, in_until bigint default null,
    out last_line bigint, out looked bigint, out matched bigint, out paid bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    lines bigint[];
begin
    select b.lines, b.last_line, b.looked into lines, last_line, looked
      from match_batch(in_import_id, in_phase, in_after, in_batch, in_until) as b;
    matched := 0;
    paid := 0;
    if lines is null then
        return;
    end if;
    case in_phase
        when 'numbers' then select t.matched, t.paid into matched, paid from match_numbers(lines) as t;
        when 'misspelt' then select t.matched, t.paid into matched, paid from match_misspelt(lines) as t;
        when 'sums' then select t.matched, t.paid into matched, paid from match_sums(lines) as t;
    end case;
end
$$;
