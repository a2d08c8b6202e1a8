-- SPDX-License-Identifier: Apache-2.0
-- What a person has to look at of this import; what was raised before is not raised again. Internal: how many are new.
create or replace function xuqi.statement_raise(in_account_id bigint, in_import_id bigint) returns bigint
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    raised bigint;
begin
    insert into statement_change (collecting_account_id, import_id, reason, line_id, content, fingerprint)
    select in_account_id, in_import_id, o.class, o.line_id, case when s.place is not null then to_jsonb(s) - 'place' end,
           coalesce(s.fingerprint, k.fingerprint)
      from statement_odd as o
      left join statement_staged as s on s.place = o.place
      left join statement_line as k on k.id = o.line_id
     where o.class <> 'known'
     order by coalesce(s.place, 0), o.line_id
        on conflict do nothing;
    get diagnostics raised = row_count;
    return raised;
end
$$;
