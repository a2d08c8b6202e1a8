-- SPDX-License-Identifier: Apache-2.0
-- The newest checkpoint, if it is to be stamped now: the last stamp is of another and in_every_s old. size is 0 when none is
-- due. lag_s: how long the oldest checkpoint that no stamp covers has waited. Reads only.
create or replace function xuqi.audit_timestamp_due(in_every_s bigint, out size bigint, out note text, out lag_s bigint)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    stamped audit_timestamp;
begin
    select * into stamped from audit_timestamp order by size desc limit 1;
    select c.size, c.note into size, note from audit_checkpoint as c
     where c.size > coalesce(stamped.size, 0)
       and (stamped.size is null or stamped.created_at <= now() - make_interval(secs => in_every_s))
     order by c.size desc limit 1;
    size := coalesce(size, 0);
    note := coalesce(note, '');
    lag_s := coalesce((select extract(epoch from now() - c.signed_at)::bigint from audit_checkpoint as c
                        where c.size > coalesce(stamped.size, 0) order by c.size limit 1), 0);
end
$$;
