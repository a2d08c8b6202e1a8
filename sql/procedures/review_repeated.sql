-- SPDX-License-Identifier: Apache-2.0
-- What became of the request of this key: null if it is new, else the step that it made; key_reused when the key stands for
-- something else (another step, another case). in_renewal_no null: whichever case it was. Two at once with one key: the
-- second waits for the first. Internal.
create or replace function xuqi.review_repeated(
    in_staff_id bigint, in_key text, in_kind text, in_renewal_no text, out outcome text, out renewal_no text)
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    if in_key = '' then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('review key:' || in_staff_id || ':' || in_key, 0));
    select case when s.kind = in_kind and s.renewal_no = coalesce(in_renewal_no, s.renewal_no) then 'known'
                else 'key_reused' end, s.renewal_no
      into outcome, renewal_no
      from review_step as s where s.staff_id = in_staff_id and s.request_key = in_key;
end
$$;
