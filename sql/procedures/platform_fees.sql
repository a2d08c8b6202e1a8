-- SPDX-License-Identifier: Apache-2.0
-- What is loaded of a platform's prices, a row per item and by date, term and line: the last version with its file, and the
-- fee tables that are, were or will be in force. One row without a table when there is none; no row before the first load.
-- begun: it may not change any more; decided: it came by a request of the desk (admin_do), not from a file. last_file: of the
-- newest version that came from a file. Reads only.
create or replace function xuqi.platform_fees(in_platform text)
returns table (version bigint, file_sha256 text, effective_on text, begun boolean, months bigint, name text,
               unit_fen bigint, quantity bigint, decided boolean, last_file text)
language plpgsql volatile security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select v.number, v.file_sha256, t.effective_on::text, fee_begun(t.effective_from), i.months, i.name, i.unit_fen,
           i.quantity, coalesce(added.loaded_by like 'request %', false), coalesce(file.file_sha256, '')
      from (select l.* from fee_version as l where l.platform = in_platform order by l.number desc limit 1) as v
      left join lateral (select l.* from fee_version as l
                          where l.platform = in_platform and l.loaded_by not like 'request %'
                          order by l.number desc limit 1) as file on true
      left join fee_table as t on t.platform = v.platform and t.withdrawn_in is null
      left join fee_version as added on added.platform = t.platform and added.number = t.added_in
      left join fee_item as i on i.fee_table_id = t.id
     order by t.effective_on, i.months, i.line;
end
$$;
