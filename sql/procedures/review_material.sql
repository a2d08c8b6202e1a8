-- SPDX-License-Identifier: Apache-2.0
-- One page of a document for a reviewer; looking at it is on the audit trail, since it shows personal data.
-- Outcomes: ok, unauthenticated, forbidden, platform_forbidden, renewal_unknown, material_unknown.
create or replace function xuqi.review_material(
    in_token_digest bytea, in_renewal_no text, in_kind text, in_page bigint,
    out outcome text, out content_type text, out sealed bytea)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
begin
    select * into caller from session_case(in_token_digest, in_renewal_no);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    if not exists (select from renewal where renewal_no = in_renewal_no) then
        outcome := 'renewal_unknown';
        return;
    end if;
    select m.content_type, m.sealed into content_type, sealed
      from material as m where m.renewal_no = in_renewal_no and m.kind = in_kind and m.page = in_page;
    if not found then
        outcome := 'material_unknown';
        return;
    end if;
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'material.view', in_renewal_no, in_kind || ' ' || in_page);
end
$$;
