-- SPDX-License-Identifier: Apache-2.0
-- Two checkpoints and the proof that the tree of the one goes on from that of the other. Outcomes: proven,
-- checkpoint_unknown. Reads only.
create or replace function xuqi.audit_between(
    in_old bigint, in_new bigint, out outcome text, out old_note text, out new_note text, out path bytea)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    select note into old_note from audit_checkpoint where size = in_old;
    select note into new_note from audit_checkpoint where size = in_new;
    outcome := case when old_note is null or new_note is null or in_old > in_new then 'checkpoint_unknown' else 'proven' end;
    if outcome = 'proven' then
        path := coalesce((select string_agg(step, '' order by n)
                            from unnest(audit_consistency(in_old, 0, in_new, true)) with ordinality as p (step, n)), '');
    end if;
end
$$;
