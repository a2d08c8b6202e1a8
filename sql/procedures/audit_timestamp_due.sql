-- SPDX-License-Identifier: Apache-2.0
-- The newest checkpoint, if it is to be stamped now: the last stamp is in_every_s old, and something happened since but that it was
-- kept. size is 0 when none is due. lag_s: how long the oldest checkpoint that no stamp covers has waited. Reads only.
create or replace function xuqi.audit_timestamp_due(in_every_s bigint, out size bigint, out note text, out lag_s bigint)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    stamped audit_timestamp;
    news    bigint; -- the first leaf that is no stamp's
begin
    select * into stamped from audit_timestamp order by size desc limit 1;
    select l.leaf_index into news from audit_leaf as l join audit_event as e on e.id = l.event_id
     where l.leaf_index >= coalesce(stamped.size, 0) and e.action <> 'audit.timestamp'
     order by l.leaf_index limit 1;
    select c.size, c.note into size, note from audit_checkpoint as c
     where c.size > news
       and (stamped.size is null or stamped.created_at <= now() - make_interval(secs => in_every_s))
     order by c.size desc limit 1;
    size := coalesce(size, 0);
    note := coalesce(note, '');
    lag_s := coalesce((select extract(epoch from now() - c.signed_at)::bigint from audit_checkpoint as c
                        where c.size > news order by c.size limit 1), 0);
end
$$;
