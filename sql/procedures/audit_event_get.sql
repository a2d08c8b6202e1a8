-- SPDX-License-Identifier: Apache-2.0
-- One event, for auditors, and of the administration for administrators too, with what audit_prove says of it: its leaf, the path from there to
-- the root of the newest checkpoint (empty while it waits), and that checkpoint's note. leaf_index -1: waits to be sealed; size
-- 0: waits to be signed. broken: it is not what was sealed. Outcomes: ok, unauthenticated, forbidden, event_unknown. Reads only.
create or replace function xuqi.audit_event_get(
    in_token_digest bytea, in_event_id bigint, out outcome text, out id bigint, out at timestamptz, out actor text,
    out action text, out object text, out detail text, out writer text, out writer_seq bigint, out leaf_index bigint,
    out hash bytea, out sealed_at timestamptz, out size bigint, out note text, out signed_at timestamptz, out path bytea, out broken boolean)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    e      audit_event;
    leaf   audit_leaf;
    proof  record;
begin
    select * into caller from session_of(in_token_digest, array['administrator', 'auditor']);
    select * into e from audit_event as a where a.id = in_event_id;
    outcome := case when caller.outcome <> 'ok' then caller.outcome
                    when e.id is null then 'event_unknown'
                    when not audit_administers(e.action)
                         and not exists (select from staff as s where s.id = caller.staff_id and 'auditor' = any (s.roles))
                    then 'forbidden' else 'ok' end;
    if outcome <> 'ok' then
        return;
    end if;
    select * into leaf from audit_leaf as l where l.event_id = in_event_id;
    select * into proof from audit_prove(in_event_id);
    id := e.id;
    at := e.at;
    actor := e.actor;
    action := e.action;
    object := e.object;
    detail := e.detail;
    writer := e.writer;
    writer_seq := e.writer_seq;
    leaf_index := coalesce(leaf.leaf_index, -1);
    hash := leaf.hash;
    sealed_at := leaf.sealed_at;
    size := coalesce(proof.size, 0);
    note := coalesce(proof.note, '');
    signed_at := (select c.signed_at from audit_checkpoint as c where c.size = proof.size);
    path := proof.path;
    broken := coalesce(leaf.hash <> sha256('\x00' || audit_canonical(e)), false);
end
$$;
