-- SPDX-License-Identifier: Apache-2.0
-- Keeps the text of an agreement, a privacy notice or a consent before anybody can accept it. Safe to call again.
-- Outcomes: published, known, agreement_text_changed (another text is kept under this version; nothing is written).
create or replace function xuqi.agreement_publish(
    in_kind text, in_id text, in_version text, in_title text, in_sha256 text, in_text text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
begin
    insert into agreement_text (kind, id, version, sha256, title, text)
    values (in_kind, in_id, in_version, in_sha256, in_title, in_text)
        on conflict do nothing;
    if found then
        insert into audit_event (actor, action, object, detail)
        values ('system', 'agreement.publish', in_kind || ' ' || in_id || ' ' || in_version, in_sha256);
        outcome := 'published';
        return;
    end if;
    outcome := case when exists (select from agreement_text
                                  where kind = in_kind and id = in_id and version = in_version and sha256 = in_sha256)
                    then 'known' else 'agreement_text_changed' end;
end
$$;
