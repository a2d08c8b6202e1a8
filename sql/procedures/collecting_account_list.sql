-- SPDX-License-Identifier: Apache-2.0
-- Our accounts at banks and how far their statements have come. Reads only.
create or replace function xuqi.collecting_account_list()
returns table (id bigint, bank text, account_no text, account_name text, last_on date, closing_fen bigint)
language plpgsql stable rows 10 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select a.id, a.bank, a.account_no, a.account_name, newest.last_on, newest.closing_fen
      from collecting_account as a
      left join lateral (select i.last_on, i.closing_fen from statement_import as i
                          where i.collecting_account_id = a.id and i.last_on is not null
                          order by i.last_on desc, i.id desc limit 1) as newest on true
     order by a.id;
end
$$;
