-- SPDX-License-Identifier: Apache-2.0
-- What an order that is paid by transfer writes, in fewer and cheaper steps still. Nothing is asked or written less.
begin;

-- -- the desk's search ----------------------------------------------------------------------------------------------------
-- One row for a case, where there was one for each of its tails.
alter table xuqi.review_tail rename to review_tail_before;
create table xuqi.review_tail (
    renewal_no text constraint review_tail_once primary key constraint review_tail_renewal references xuqi.renewal,
    number     text not null constraint review_tail_number_check check (length(number) = 4),
    serial     text constraint review_tail_serial_check check (length(serial) = 4),
    mobile     text constraint review_tail_mobile_check check (length(mobile) = 4)
);
comment on table xuqi.review_tail is 'Four digits that find a case at the desk: last of its number, of its certificate''s serial, of the agent''s mobile';
comment on column xuqi.review_tail.serial is 'Null where there are not four, as of mobile';
create index review_tail_number on xuqi.review_tail (number);
create index review_tail_serial on xuqi.review_tail (serial);
create index review_tail_mobile on xuqi.review_tail (mobile);
insert into xuqi.review_tail (renewal_no, number, serial, mobile)
select r.renewal_no, right(r.renewal_no, 4),
       case when length(r.certificate_serial) >= 4 then right(r.certificate_serial, 4) end,
       case when length(said.mobile) >= 4 then right(said.mobile, 4) end
  from xuqi.renewal as r
  left join xuqi.renewal_content as c on c.renewal_no = r.renewal_no
  left join lateral (select n.agent_mobile_masked from xuqi.correction as n
                      where r.returns > 0 and n.renewal_no = r.renewal_no order by n.number desc limit 1) as n on true
 cross join lateral (select coalesce(n.agent_mobile_masked, c.agent_mobile_masked)) as said (mobile)
 where r.renewal_no in (select b.renewal_no from xuqi.review_tail_before as b);
drop table xuqi.review_tail_before;

-- As it comes to the desk for the first time review_enters writes it; what was here before is written anew.
create or replace function xuqi.review_tails() returns trigger
language plpgsql security definer set search_path = xuqi, pg_temp set enable_seqscan = off as $$
begin
    delete from review_tail where renewal_no = new.renewal_no;
    if new.status in ('awaiting_review', 'returned') then
        perform review_tail_add(array[new]);
    end if;
    return null;
end
$$;
drop trigger tails on xuqi.renewal;
create trigger tails after update of status on xuqi.renewal for each row
    when (new.status <> old.status and (old.status in ('awaiting_review', 'returned') or new.status = 'returned'))
    execute function xuqi.review_tails();

-- -- a renewal that moves -------------------------------------------------------------------------------------------------
-- Triggers of each row have no settings of their own from here on, which cost as much as what they do: they name everything
-- in full instead.
create or replace function xuqi.review_enters() returns trigger
language plpgsql as $$
declare
    look record;
    rule xuqi.review_rule;
begin
    if new.status = 'awaiting_review' then
        select l.*, exists (select from xuqi.review_step as s
                           where s.renewal_no = new.renewal_no and s.kind = 'wait' and s.version = old.version + 1) as told
          into look
          from xuqi.review_look as l where l.renewal_no = new.renewal_no and l.round = new.returns;
        if not found then
            select a.*, false as told into strict look from xuqi.review_look_add(array[new]) as a;
        end if;
        new.review_since := now();
        new.review_due := look.due_at;
        new.review_order := look.order_at;
        new.risk := case when array_to_string(look.details, '') <> '' then 'high' else 'ordinary' end;
        if look.looked_at <> now() or new.risk = 'high' then
            select * into rule from xuqi.review_rule where platform = new.platform and version = new.platform_version;
        end if;
        if look.looked_at <> now() then -- it has been here in this round: the promise counts anew
            new.review_due := case when rule.promised_days > 0 then xuqi.working_days_after(now(), rule.promised_days) end;
            new.review_order := coalesce(new.review_due, xuqi.working_days_after(now(), 3));
        end if;
        if old.status = 'awaiting_payment' and new.risk = 'high' and rule.risk_reviews > new.reviews_required then
            new.reviews_required := rule.risk_reviews;
        end if;
        if not look.told then
            insert into xuqi.review_step (renewal_no, kind, version)
            values (new.renewal_no, case old.status when 'returned' then 'correct' else 'wait' end, old.version + 1);
            if old.status <> 'returned' then
                perform xuqi.review_tail_add(array[new]);
            end if;
        end if;
    else
        new.held_until := null;
        new.held_by := null;
        new.held_reason := null;
        new.second_claimed_by := null;
        new.second_claimed_at := null;
        new.second_claimed_until := null;
        if new.status = 'cancelled' then
            insert into xuqi.review_step (renewal_no, kind, version) values (new.renewal_no, 'leave', old.version + 1);
        end if;
    end if;
    return new;
end
$$;
create or replace function xuqi.renewal_moves() returns trigger
language plpgsql as $$
begin
    if (new.renewal_no, new.platform, new.platform_version, new.certificate_fingerprint, new.certificate_serial,
        new.certificate_not_after, new.subject, new.organisation, new.term_months, new.amount_fen,
        new.tax_rate_permyriad, new.not_after, new.profile, new.profile_version,
        new.account_verification, new.payment_methods, new.submitted_at)
       is distinct from
       (old.renewal_no, old.platform, old.platform_version, old.certificate_fingerprint, old.certificate_serial,
        old.certificate_not_after, old.subject, old.organisation, old.term_months, old.amount_fen,
        old.tax_rate_permyriad, old.not_after, old.profile, old.profile_version,
        old.account_verification, old.payment_methods, old.submitted_at)
       or new.reviews_required <> old.reviews_required
          and not (old.status = 'awaiting_payment' and new.status = 'awaiting_review'
                   and new.reviews_required > old.reviews_required) then
        raise exception 'renewal %: frozen content may not change', old.renewal_no using errcode = '23514';
    end if;
    if new.status <> old.status
       and not exists (select from xuqi.renewal_transition
                        where from_state = old.status and to_state = new.status) then
        raise exception 'renewal %: % -> % is not a move', old.renewal_no, old.status, new.status
            using errcode = '23514';
    end if;
    return new;
end
$$;
alter function xuqi.renewal_versions() reset search_path; -- names nothing
alter function xuqi.statement_line_frozen() reset search_path;
alter function xuqi.audit_tell() reset search_path;

-- Each name once, said without a query.
alter table xuqi.review_look
    drop constraint review_look_once,
    add constraint review_look_once check (cardinality(names) =
        ('window' = any (names))::int + ('payment' = any (names))::int + ('identity_numbers' = any (names))::int
        + ('organisation' = any (names))::int + ('liveness' = any (names))::int + ('telecom' = any (names))::int
        + ('duplicate_key' = any (names))::int + ('duplicate_subject' = any (names))::int + ('duplicate_agent' = any (names))::int
        + ('last_renewal' = any (names))::int + ('form_version' = any (names))::int + ('amount' = any (names))::int);
drop function xuqi.review_names_once(text[]);

-- -- the trail and the books ----------------------------------------------------------------------------------------------
create or replace function xuqi.audit_sequence() returns trigger
language plpgsql as $$
declare
    state text[] := string_to_array(current_setting('xuqi.audit_writer', true), ' ');
    key   bytea;
    kept  text;
begin
    if cardinality(state) is distinct from 4 then
        state := array['unnamed/' || gen_random_uuid(), '0', '', repeat('0', 64)];
    end if;
    key := decode(state[3], 'hex');
    new.xid := pg_current_xact_id();
    new.writer := state[1];
    new.writer_seq := state[2]::bigint + 1;
    new.mac := sha256(key || sha256('\x00' || xuqi.audit_canonical(new)) || decode(state[4], 'hex'));
    kept := set_config('xuqi.audit_writer', concat_ws(' ', new.writer, new.writer_seq,
        case when key = '' then '' else encode(sha256(key), 'hex') end, encode(new.mac, 'hex')), false);
    return new;
end
$$;
create or replace function xuqi.posting_dated() returns trigger
language plpgsql as $$
declare
    shared boolean := pg_advisory_xact_lock_shared(xuqi.period_lock(null), 0) is null;
    month  date;
    closed date;
begin
    loop
        month := date_trunc('month', xuqi.beijing(new.event_at))::date;
        shared := pg_advisory_xact_lock_shared(xuqi.period_lock(month), 0) is null;
        closed := (select max(p.month) from xuqi.period as p);
        exit when closed is null or month > closed;
        new.occurred_at := coalesce(new.occurred_at, new.event_at);
        new.event_at := clock_timestamp();
    end loop;
    return new;
end
$$;

-- A posting and its legs are one statement: what is looked at is all that the statement wrote, where it was each posting at the end
-- of the transaction.
drop trigger legs on xuqi.posting;
create or replace function xuqi.posting_has_legs() returns trigger
language plpgsql set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
    bare bigint;
begin
    select p.id into bare from posted as p
     where (select t.leg from transfer as t where t.posting_id = p.id limit 1) is null limit 1;
    if found then
        raise exception 'posting % has no legs', bare using errcode = '23514';
    end if;
    return null;
end
$$;
create trigger legs after insert on xuqi.posting
    referencing new table as posted for each statement execute function xuqi.posting_has_legs();

-- As before, but of the accounts that have no balance alone it is asked whether they may have none.
create or replace function xuqi.transfer_apply() returns trigger
language plpgsql set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off as $$
declare
    late     bigint;
    ids      bigint[];
    debited  bigint[];
    credited bigint[];
    missing  bigint;
begin
    select new_legs.posting_id into late
      from new_legs
     where (select posting.xid from posting where posting.id = new_legs.posting_id)
           is distinct from pg_current_xact_id()
     limit 1;
    if found then
        raise exception 'late leg for posting %', late using errcode = '23514';
    end if;
    select array_agg(moved.account_id order by moved.account_id), array_agg(moved.debit order by moved.account_id),
           array_agg(moved.credit order by moved.account_id)
      into ids, debited, credited
      from (select side.account_id, sum(side.debit)::bigint as debit, sum(side.credit)::bigint as credit
              from (select debit_id as account_id, amount as debit, 0::bigint as credit from new_legs
                    union all
                    select credit_id, 0, amount from new_legs) as side
             group by side.account_id) as moved;
    perform from balance where account_id = any (ids) order by account_id for update;
    with written as (
        update balance
           set debits = debits + moved.debit, credits = credits + moved.credit, version = version + 1
          from unnest(ids, debited, credited) as moved (account_id, debit, credit)
         where balance.account_id = moved.account_id
        returning balance.account_id)
    select left_over.account_id into missing
      from (select unnest(ids) as account_id except select account_id from written) as left_over
     where (select account.guarded from account where account.id = left_over.account_id) is distinct from false
     limit 1;
    if found then
        raise exception 'account % does not exist or has lost its balance', missing using errcode = '23503';
    end if;
    return null;
end
$$;

-- -- finding --------------------------------------------------------------------------------------------------------------
-- As before, but each line's matches are looked up, also by a plan that was made while there were next to none.
create or replace view xuqi.free_line as
select l.* from xuqi.statement_line as l
 where l.direction = 'credit' and l.kind = 'ordinary' and l.reversed_by is null and l.taken_fen = 0
   and (select m.id from xuqi.transfer_match as m where m.line_id = l.id limit 1) is null;

-- -- matches --------------------------------------------------------------------------------------------------------------
-- What a match names is there, and belongs together. As the ledger's legs, checked for all rows of a statement and without a lock on
-- each: lines, orders, renewals and postings are never removed, their keys never change, and neither does a match.
alter table xuqi.transfer_match
    drop constraint transfer_match_line_id_fkey,
    drop constraint transfer_match_order_no_fkey,
    drop constraint transfer_match_renewal_no_fkey,
    drop constraint transfer_match_posting_id_fkey;
create function xuqi.transfer_match_stands() returns trigger
language plpgsql set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
    bare bigint;
begin
    select m.id into bare from made as m
     where (select l.id from statement_line as l where l.id = m.line_id) is null
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
create trigger stands after insert on xuqi.transfer_match
    referencing new table as made for each statement execute function xuqi.transfer_match_stands();

-- -- importing ------------------------------------------------------------------------------------------------------------
-- Asked of the few lines that replace another, where a foreign key is kept for the end of the statement for each of a million. As
-- strong: lines are never removed, and neither number changes (frozen).
alter table xuqi.statement_line drop constraint statement_line_replaces_line_fkey;
create function xuqi.statement_line_replaces_one() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if not exists (select from statement_line where id = new.replaces_line) then
        raise exception 'statement line %: there is no line % that it could replace', new.id, new.replaces_line using errcode = '23503';
    end if;
    return null;
end
$$;
create trigger replaces after insert on xuqi.statement_line
    for each row when (new.replaces_line is not null) execute function xuqi.statement_line_replaces_one();

insert into xuqi.schema_migration (number, name, sha256) values (48, 'fewer_steps', :'sha256');
commit;
