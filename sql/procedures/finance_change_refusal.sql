-- SPDX-License-Identifier: Apache-2.0
-- What stands in the way of settling what was raised; null when nothing does. A changed line of other money is accepted only
-- while nothing was used of it and it was not taken back; a held-back line only while its like has not come in another way. The
-- caller holds finance_change_lock's locks. Internal.
create or replace function xuqi.finance_change_refusal(in_kind text, in_change_id bigint) returns text
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    it   statement_change;
    line statement_line;
begin
    select * into it from statement_change where id = in_change_id;
    select * into line from statement_line where id = it.line_id;
    return case
        when it.id is null then 'change_unknown'
        when it.state <> 'open' then 'change_settled'
        when in_kind = 'dismiss' then null
        when it.reason not in ('changed', 'unexpected') then 'change_not_acceptable'
        when statement_change_words(it) then null
        when it.reason = 'changed' and (line.kind <> 'ordinary' or it.content ->> 'kind' <> 'ordinary') then 'change_not_acceptable'
        when it.reason = 'changed' and line.taken_fen > 0 then 'line_taken'
        when it.reason = 'changed' and line.reversed_by is not null then 'change_overtaken'
        when it.content ->> 'line_key' is distinct from line.line_key
             and exists (select from statement_line as l where l.collecting_account_id = it.collecting_account_id
                                                           and l.line_key = it.content ->> 'line_key') then 'change_overtaken' end;
end
$$;
