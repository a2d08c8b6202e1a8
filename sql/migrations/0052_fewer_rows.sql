-- SPDX-License-Identifier: Apache-2.0
-- What matching reads and writes for each line and each order, less still. Nothing is asked or promised less.
begin;

-- -- whose account it is --------------------------------------------------------------------------------------------------
-- The other side's account stands with the match. Who has paid from an account before is then one lookup, also when the answer is
-- nobody; it was one of all lines of that account, each of them read to see whether something had been taken of it.
alter table xuqi.transfer_match add column payer_account_digits text not null default '';
comment on column xuqi.transfer_match.payer_account_digits is 'As its line has them';
alter table xuqi.transfer_match disable trigger user;
update xuqi.transfer_match as m set payer_account_digits = l.payer_account_digits
  from xuqi.statement_line as l where l.id = m.line_id and l.payer_account_digits <> '';
alter table xuqi.transfer_match enable trigger user;
create index transfer_match_payer on xuqi.transfer_match (payer_account_digits) where payer_account_digits <> '';

create or replace function xuqi.transfer_match_stands() returns trigger
language plpgsql set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
    bare bigint;
begin
    select m.id into bare from made as m
     where (select l.payer_account_digits from statement_line as l where l.id = m.line_id) is distinct from m.payer_account_digits
        or (select o.payer_credit_id from "order" as o where o.order_no = m.order_no and o.renewal_no = m.renewal_no)
           is distinct from m.payer_credit_id
        or (select p.id from posting as p where p.id = m.posting_id) is null
     limit 1;
    if found then
        raise exception 'match %: its line, its posting or its renewal''s order is not there', bare using errcode = '23503';
    end if;
    return null;
end
$$;

-- -- keys that hardly any row has -----------------------------------------------------------------------------------------
-- As unique as before, without an entry for each row that has none.
alter table xuqi.posting drop constraint posting_reverses_key;
create unique index posting_reverses_key on xuqi.posting (reverses) where reverses is not null;
alter table xuqi.transfer_match drop constraint transfer_match_declared_id_key, drop constraint transfer_match_undo_posting_id_key;
create unique index transfer_match_declared_id_key on xuqi.transfer_match (declared_id) where declared_id is not null;
create unique index transfer_match_undo_posting_id_key on xuqi.transfer_match (undo_posting_id) where undo_posting_id is not null;

-- As before, each renewal's order by its key and whether it is paid: for "exists" a plan may read all that are.
create or replace function xuqi.renewals_touched() returns trigger
language plpgsql set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
    update renewal as r set version = version
     where r.renewal_no in (select t.renewal_no from touched as t)
       and (r.status <> 'awaiting_payment'
            or (select o.state from "order" as o where o.order_no = r.order_no) is distinct from 'paid');
    return null;
end
$$;

-- -- what comes to the desk -----------------------------------------------------------------------------------------------
-- Of whom a look, a step or a tail is, asked for all that a statement wrote instead of by a foreign key for each row. As strong:
-- renewals are never removed and their numbers never change (renewal_moves), looks and steps stay as they were written
-- (append_only).
alter table xuqi.review_look drop constraint review_look_renewal_no_fkey;
alter table xuqi.review_step drop constraint review_step_renewal_no_fkey;
alter table xuqi.review_tail drop constraint review_tail_renewal;
create function xuqi.renewal_known() returns trigger
language plpgsql set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
    bare text;
begin
    select w.renewal_no into bare from written as w
     where (select r.renewal_no from renewal as r where r.renewal_no = w.renewal_no) is null limit 1;
    if found then
        raise exception '%: there is no renewal %', tg_table_name, bare using errcode = '23503';
    end if;
    return null;
end
$$;
create trigger known after insert on xuqi.review_look
    referencing new table as written for each statement execute function xuqi.renewal_known();
create trigger known after insert on xuqi.review_step
    referencing new table as written for each statement execute function xuqi.renewal_known();
create trigger known after insert on xuqi.review_tail
    referencing new table as written for each statement execute function xuqi.renewal_known();
create trigger stays before update on xuqi.review_tail for each statement execute function xuqi.forbid();

insert into xuqi.schema_migration (number, name, sha256) values (52, 'fewer_rows', :'sha256');
commit;
