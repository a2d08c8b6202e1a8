-- SPDX-License-Identifier: Apache-2.0
-- What the desk itself knows of a case, row by row: its checks (kind check: of the present round, then those of before),
-- what the caller may do (action), what those who have approved it found good (tick), and what happened (step, the last 200,
-- oldest first). Reads only.
-- One row with outcome unauthenticated, forbidden or renewal_unknown, or rows with outcome ok.
create or replace function xuqi.review_desk(in_token_digest bytea, in_renewal_no text)
returns table (outcome text, kind text, name text, word text, source text, detail text, at timestamptz, round bigint)
language plpgsql stable rows 40 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    r      renewal;
begin
    select * into caller from session_case(in_token_digest, in_renewal_no);
    select * into r from renewal where renewal_no = in_renewal_no;
    outcome := case when caller.outcome <> 'ok' then caller.outcome
                    when r.renewal_no is null then 'renewal_unknown' else 'ok' end;
    if outcome <> 'ok' then
        return next;
        return;
    end if;
    return query
    select 'ok', 'check', k.name, k.result, k.source, k.detail, k.checked_at, k.round
      from review_check as k where k.renewal_no = in_renewal_no
     order by k.round desc, (k.result = 'passed'), k.name;
    return query
    select 'ok', 'action', a.action, a.code, '', '', null::timestamptz, 0::bigint
      from review_actions(r, caller.staff_id) as a;
    return query
    select 'ok', 'tick', person.display_name, t.item, '', '', a.approved_at, 0::bigint
      from approval as a join review_tick as t on t.approval_id = a.id join staff as person on person.id = a.staff_id
     where a.renewal_no = in_renewal_no and a.voided_at is null
     order by a.id, t.item;
    return query
    select 'ok', 'step', coalesce(s.display_name, ''), s.kind, '', s.detail, s.at, s.version
      from (select step.id, person.display_name, step.kind, step.detail, step.at, step.version
              from review_step as step left join staff as person on person.id = step.staff_id
             where step.renewal_no = in_renewal_no order by step.id desc limit 200) as s
     order by s.id;
end
$$;
