-- SPDX-License-Identifier: Apache-2.0
-- Does a request and writes down who decided it. Internal.
create or replace function xuqi.finance_finish(in_request xuqi.finance_request, in_staff_id bigint, in_name text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    posted bigint := finance_do(in_request, 'staff:' || in_name);
begin
    update finance_request
       set state = 'done', decided_by = in_staff_id, decided_at = now(), posting_id = posted
     where id = in_request.id;
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || in_name, 'finance.' || in_request.kind || '.done', 'request:' || in_request.id,
            concat_ws(' ', 'line ' || in_request.line_id, 'order ' || in_request.order_no,
                      'match ' || in_request.match_id, in_request.fen || ' fen'));
end
$$;
