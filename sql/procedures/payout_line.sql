-- SPDX-License-Identifier: Apache-2.0
-- What a line of a statement says of a payout of ours. It is found by its number in the remark; otherwise by the other side's
-- account (in_payee_index, under the lookup key; a repayment's as the statement has it), the amount, our account and the day,
-- the oldest first. Money that left: the payout is paid, whatever the bank has said before, and this is its line. Money that
-- came back: payout_returned, and the line is used up by it; in_failure is the class of why. Safe to call again.
-- Outcomes: paid, known (it was paid), returned, replayed, unclear (a person must look: raised where money came back), none.
create or replace function xuqi.payout_line(
    in_line_id bigint, in_payee_index bytea, in_failure text, in_code_days bigint, in_success_days bigint,
    out outcome text, out client_id text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    days_apart constant integer := 3; -- between the day it was sent and the bank's
    evidence constant text := 'statement_line:' || in_line_id;
    line statement_line;
    ours text;
    said text[];
begin
    perform pg_advisory_xact_lock(hashtextextended(evidence, 31));
    select l.* into line from statement_line as l where l.id = in_line_id;
    select c.account_no into ours from collecting_account as c where c.id = line.collecting_account_id;
    select p.client_id into client_id from payout as p where in_line_id in (p.line_id, p.returned_line_id);
    if found or line.id is null or line.reversed_by is not null then
        outcome := case when client_id is null then 'none' else 'replayed' end;
        return;
    end if;
    said := array(select m[1] from regexp_matches(upper(line.remark), '(X[A-Z][0-9]{18})', 'g') as m);
    if line.direction = 'credit' then
        select p.client_id into client_id from payout as p
         where p.client_id = any (said) and p.amount_fen = line.amount_fen and p.from_account = ours
           and p.state in ('sent', 'paid');
        if client_id is null and in_payee_index is not null then
            select r.outcome, r.client_id into outcome, client_id
              from payout_returned_line(in_payee_index, line.amount_fen, (line.booked_on + 1)::timestamp at time zone 'Asia/Shanghai',
                                        in_failure, evidence, 'statement', account_open('unmatched_receipts', ours)) as r;
        end if;
        if client_id is null then
            select p.client_id into client_id
              from payout as p join payout_request as q on q.id = p.request_id join statement_line as l on l.id = q.line_id
             where l.payer_account_digits = line.payer_account_digits and l.payer_account_digits <> ''
               and p.amount_fen = line.amount_fen and p.from_account = ours and p.state in ('sent', 'paid')
               and beijing(p.sent_at)::date <= line.booked_on
             order by p.sent_at, p.client_id limit 1;
        end if;
        if client_id is not null and outcome is distinct from 'returned' then
            outcome := (payout_returned(client_id, in_failure, evidence, 'statement', account_open('unmatched_receipts', ours)));
        end if;
        if outcome is distinct from 'returned' then
            insert into statement_change (collecting_account_id, import_id, reason, line_id, fingerprint)
            values (line.collecting_account_id, line.import_id, 'reversal_unknown', line.id, line.fingerprint)
                on conflict do nothing;
            outcome := 'unclear';
            client_id := null;
            return;
        end if;
        update payout as p
           set returned_line_id = line.id,
               line_id = coalesce(p.line_id, (select d.id from statement_line as d -- what it takes back is not looked at any more
                                               where d.id = line.reverses_line
                                                 and not exists (select from payout as o where o.line_id = d.id)))
         where p.client_id = payout_line.client_id;
        update statement_line set taken_fen = amount_fen where id = line.id;
        update statement_change set state = 'dismissed', settled_by = 'statement', settled_at = now(),
               note = 'payout ' || payout_line.client_id
         where line_id = line.id and reason = 'reversal_unknown' and state = 'open';
        return;
    end if;

    select p.client_id into client_id
      from payout as p
      left join payout_request as q on q.id = p.request_id
      left join statement_line as l on l.id = q.line_id
     where p.line_id is null and p.amount_fen = line.amount_fen and p.from_account = ours
       and p.state in ('sent', 'paid', 'returned')
       and (p.client_id = any (said)
            or (line.booked_on between beijing(p.sent_at)::date and beijing(p.sent_at)::date + days_apart
                and (p.payee_index = in_payee_index
                     or (l.payer_account_digits = line.payer_account_digits and line.payer_account_digits <> ''))))
     order by p.client_id = any (said) desc, p.sent_at, p.client_id limit 1;
    outcome := 'none';
    if client_id is null then
        return;
    end if;
    perform payout_lock_renewal(client_id);
    perform from outbox where topic = 'payout' and event = payout_line.client_id for update;
    select case p.state when 'sent' then 'paid' else 'known' end into outcome
      from payout as p where p.client_id = payout_line.client_id and p.line_id is null for update;
    if outcome = 'paid' then
        perform payout_end(client_id, 'paid', '', 'paid, as the statement says', in_code_days, in_success_days);
    end if;
    update payout as p set line_id = line.id where p.client_id = payout_line.client_id and p.line_id is null;
    insert into audit_event (actor, action, object, detail)
    select 'statement', 'payout.line', payout_subject(p), p.client_id || ' ' || evidence
      from payout as p where p.client_id = payout_line.client_id;
end
$$;
