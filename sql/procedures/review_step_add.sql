-- SPDX-License-Identifier: Apache-2.0
-- Writes down a step that a member of staff made, with what figures are counted from; answers the renewal's version. The
-- renewal is given as it was before. Internal.
create or replace function xuqi.review_step_add(
    in_before xuqi.renewal, in_staff_id bigint, in_kind text, in_key text, in_detail text default '') returns bigint
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    at_version bigint := (select version from renewal where renewal_no = in_before.renewal_no);
begin
    insert into review_step (renewal_no, staff_id, kind, version, detail, request_key, waited_from, claimed_at, due_at)
    values (in_before.renewal_no, in_staff_id, in_kind, at_version, in_detail, nullif(in_key, ''),
            in_before.review_since,
            case when in_before.claimed_by = in_staff_id then in_before.claimed_at
                 when in_before.second_claimed_by = in_staff_id then in_before.second_claimed_at end,
            in_before.review_due);
    return at_version;
end
$$;
