-- SPDX-License-Identifier: Apache-2.0
-- How many leaves there are, and the last head that was signed (size 0: none yet). Reads only.
create or replace function xuqi.audit_head(out leaves bigint, out size bigint, out note text)
language sql stable security definer set search_path = xuqi, pg_temp as $$
    select t.size, coalesce(c.size, 0), coalesce(c.note, '')
      from audit_tree as t left join (select size, note from audit_checkpoint order by size desc limit 1) as c on true
$$;
