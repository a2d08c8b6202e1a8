-- SPDX-License-Identifier: Apache-2.0
-- How every decision about a case begins: who is asking, the case's row locked, what became of the request of this key, and what
-- others did since in_version was seen. Outcomes: ok, unauthenticated, forbidden, platform_forbidden (nothing is locked then).
-- r is null for a renewal that does not exist; repeated is null, known or key_reused (review_repeated). Internal.
create or replace function xuqi.review_enter(
    in_token_digest bytea, in_renewal_no text, in_kind text, in_key text, in_version bigint, out outcome text,
    out staff_id bigint, out name text, out display_name text, out r xuqi.renewal, out repeated text, out changed_by text,
    out changed_at timestamptz, out changed text)
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    select c.outcome, c.staff_id, c.name, c.display_name into outcome, staff_id, name, display_name
      from session_case(in_token_digest, in_renewal_no) as c;
    if outcome <> 'ok' then
        return;
    end if;
    select b.outcome into repeated from review_repeated(review_enter.staff_id, in_key, in_kind, in_renewal_no) as b;
    select * into r from renewal where renewal_no = in_renewal_no for update;
    select l.* into changed_by, changed_at, changed
      from review_changed(in_renewal_no, in_version, review_enter.staff_id) as l;
end
$$;
