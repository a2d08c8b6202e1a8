-- SPDX-License-Identifier: Apache-2.0
-- May an answer about this attempt be held against its differences now? Takes the rail's lock until commit where there are any;
-- false while match_run holds it: the question is put again shortly. To be called before the renewal's lock is taken, in
-- match_run's order. asked: there are any. Internal.
create or replace function xuqi.match_free(in_attempt_no text, out asked boolean, out free boolean)
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    of_rail text;
begin
    select rail into of_rail from match_difference
     where attempt_no = in_attempt_no and state in ('waiting', 'open') and asked_at is not null limit 1;
    asked := of_rail is not null;
    free := not asked or pg_try_advisory_xact_lock(hashtextextended('match:' || of_rail, 0));
end
$$;
