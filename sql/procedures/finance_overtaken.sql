-- SPDX-License-Identifier: Apache-2.0
-- staff_overtaken of the finance desk: who was faster (a member of staff, or the actor's own word), when, and what he did. The object
-- is what the route names, or of a body: the match or line of a request, event_type:event_key of a posting, rail:reference of what
-- arrived. Internal.
create or replace function xuqi.finance_overtaken(
    in_code text, in_route text, in_object text, out who bigint, out actor text, out at timestamptz, out what text)
language plpgsql stable set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    number bigint := case when in_object ~ '^[0-9]{1,18}$' then in_object::bigint end;
    asked  finance_request;
    line   bigint;
    no     text;
begin
    if in_route like '% /api/v1/finance/requests/{id}/%' then
        select * into asked from finance_request where id = number;
    end if;
    no := coalesce((select f.order_no from refund as f where f.refund_no = in_object), in_object);
    if in_code = 'request_decided' then
        select f.decided_by, f.decided_at, f.state into who, at, what from finance_request as f where f.id = number;
    elsif in_code = 'change_settled' then
        select c.settled_by, c.settled_at, c.state into actor, at, what
          from statement_change as c where c.id = coalesce(asked.change_id, number);
    elsif in_code = 'change_overtaken' then
        select i.imported_by, i.imported_at, 'import' into actor, at, what
          from statement_change as c
          left join statement_line as known on known.id = c.line_id
          join statement_line as later on later.id = known.reversed_by
               or (later.collecting_account_id = c.collecting_account_id and later.line_key = c.content ->> 'line_key'
                   and later.id is distinct from c.line_id)
          join statement_import as i on i.id = later.import_id
         where c.id = coalesce(asked.change_id, number) order by later.id desc limit 1;
    elsif in_code = 'match_undone' then
        select m.undone_by, m.undone_at, 'unmatch' into actor, at, what
          from transfer_match as m where m.id = coalesce(asked.match_id, number);
    elsif in_code = 'line_taken' then
        line := coalesce(asked.line_id, (select c.line_id from statement_change as c
                                          where c.id = number and in_route like '%/changes/{id}/%'), number);
        select took.actor, took.at, took.what into actor, at, what
          from (select m.made_by as actor, m.made_at as at, 'match' as what from transfer_match as m where m.line_id = line and m.undone_at is null
                union all
                select 'staff:' || person.name, f.decided_at, case f.kind when 'return' then 'return_line' else f.kind end from finance_request as f join staff as person on person.id = f.decided_by
                 where f.line_id = line and f.state = 'done' and f.kind in ('suspend', 'return') and f.released_by is null
                union all
                select i.imported_by, i.imported_at, 'import'
                  from statement_line as l join statement_line as later on later.id = l.reversed_by
                  join statement_import as i on i.id = later.import_id where l.id = line) as took
         order by took.at desc limit 1;
    elsif in_code in ('difference_changed', 'difference_closed') then
        select x.changed_by, x.changed_at, case when x.state = 'resolved' then 'resolution' when x.changed_by is null then 'reconciliation'
                                                else 'assignment' end
          into who, at, what from match_difference as x where x.id = number;
    elsif in_code = 'settlement_differs' then
        select s.staff_id, s.created_at, 'settlement.book' into who, at, what from settlement as s
         where s.rail = split_part(in_object, ':', 1) and s.reference = substr(in_object, strpos(in_object, ':') + 1);
    elsif in_code = 'reversal_decided' then
        select v.decided_by, v.decided_at, v.state into who, at, what from reversal as v where v.id = number;
    elsif in_code = 'posting_reversed' then
        select p.actor, p.created_at, 'reverse' into actor, at, what
          from posting as p
         where p.reverses = coalesce((select v.posting_id from reversal as v where v.id = number),
                                     (select t.id from posting as t where t.event_type = split_part(in_object, ':', 1)
                                                                      and t.event_key = substr(in_object, strpos(in_object, ':') + 1)));
    elsif in_code = 'refund_state' or (in_code = 'refund_differs' and in_route like '%/payout') then
        select coalesce(f.ended_by, f.approved_by), coalesce(f.ended_at, f.approved_at), f.state into who, at, what
          from refund as f where f.refund_no = in_object;
    elsif in_code = 'refund_exceeds' then
        select f.asked_by, f.asked_at, 'refund' into who, at, what
          from refund as f where f.order_no = no and f.refund_no <> in_object and f.state <> 'refused' order by f.asked_at desc, f.refund_no desc limit 1;
    elsif in_code = 'invoice_issued' then
        select e.recorded_by, e.recorded_at, case when e.corrects is null then 'invoice.issued' else 'invoice.corrected' end into who, at, what
          from invoice_record as e where e.order_no = no order by e.version desc limit 1;
    elsif in_code = 'resolution_differs' then
        select s.said_by, s.said_at, 'proposal' into who, at, what
          from resolution as s where s.number = in_object and s.decided_at is null;
    elsif in_code = 'not_unknown' then
        select s.decided_by, s.decided_at, 'resolution' into who, at, what
          from resolution as s where s.number = in_object and s.decided_at is not null order by s.id desc limit 1;
    end if;
end
$$;
