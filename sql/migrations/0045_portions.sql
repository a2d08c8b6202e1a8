-- SPDX-License-Identifier: Apache-2.0
-- What an order that is paid by transfer writes, in fewer and cheaper steps: the desk's checks of a case are one row, and are
-- asked and written for all cases of a portion together; a renewal that moves is not touched before.
begin;

-- -- the desk's checks ----------------------------------------------------------------------------------------------------
create function xuqi.review_names_once(in_names text[]) returns boolean
language plpgsql immutable strict parallel safe set search_path = xuqi, pg_temp as $$
begin
    return (select count(distinct name) = count(*) from unnest(in_names) as name);
end
$$;

-- What is in review_look may be asked of it as rows: review_check.
create table xuqi.review_look (
    renewal_no text not null references xuqi.renewal,
    round      bigint not null check (round between 0 and 99),
    names      text[] not null,
    sources    text[] not null,
    details    text[] not null,
    unsaid     text[] not null,
    due_at     timestamptz,
    order_at   timestamptz not null,
    looked_at  timestamptz not null default now(),
    primary key (renewal_no, round),
    constraint review_look_names_check check (names <@ array[
        'window', 'payment', 'identity_numbers', 'organisation', 'liveness', 'telecom', 'duplicate_key',
        'duplicate_subject', 'duplicate_agent', 'last_renewal', 'form_version', 'amount']),
    constraint review_look_once check (xuqi.review_names_once(names)),
    constraint review_look_whole check (cardinality(sources) = cardinality(names) and cardinality(details) = cardinality(names)
                                        and array_position(sources || details, null) is null),
    constraint review_look_sources_check check ('' <> all (sources)),
    constraint review_look_unsaid_check check (unsaid <@ names)
);
comment on table xuqi.review_look is 'What the server found as a case came to the desk, once for each round: one row for all checks';
comment on column xuqi.review_look.details is 'Of each name: words that the program has sentences for, never personal data; empty where it passed';
comment on column xuqi.review_look.unsaid is 'Those that nobody can say; a person has to look, as at what was found';
comment on column xuqi.review_look.due_at is 'By when it was promised, as it came';
comment on column xuqi.review_look.order_at is 'Where it was put in the queue, as it came';
insert into xuqi.review_look (renewal_no, round, names, sources, details, unsaid, due_at, order_at, looked_at)
select k.renewal_no, k.round, array_agg(k.name order by k.name), array_agg(k.source order by k.name),
       array_agg(case k.result when 'passed' then '' else k.detail end order by k.name),
       coalesce(array_agg(k.name order by k.name) filter (where k.result = 'open'), '{}'), min(r.review_due),
       coalesce(min(r.review_order), min(k.checked_at)), min(k.checked_at)
  from xuqi.review_check as k join xuqi.renewal as r on r.renewal_no = k.renewal_no
 group by k.renewal_no, k.round;
create trigger append_only before update or delete or truncate on xuqi.review_look
    for each statement execute function xuqi.forbid();
drop table xuqi.review_check;
create view xuqi.review_check as
select l.renewal_no, l.round, k.name, case when k.detail = '' then 'passed' when k.name = any (l.unsaid) then 'open' else 'found' end as result,
       k.source, k.detail, l.looked_at as checked_at
  from xuqi.review_look as l, unnest(l.names, l.sources, l.details) as k (name, source, detail);
comment on view xuqi.review_check is 'A row for each check of each look';

-- What was paid twice is asked of every order that is paid.
create index surplus_order on xuqi.surplus (order_no);

-- It writes only what nobody has written for it before in this transaction (review_prepare).
create or replace function xuqi.review_enters() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    rule review_rule;
    look review_look;
    told boolean;
begin
    if new.status = 'awaiting_review' then
        select * into look from review_look where renewal_no = new.renewal_no and round = new.returns;
        if found then
            told := exists (select from review_step where renewal_no = new.renewal_no and kind = 'wait' and version = old.version + 1);
        else
            select * into strict look from review_look_add(array[new]);
        end if;
        new.review_since := now();
        new.review_due := look.due_at;
        new.review_order := look.order_at;
        new.risk := case when array_to_string(look.details, '') <> '' then 'high' else 'ordinary' end;
        if look.looked_at <> now() or new.risk = 'high' then
            select * into rule from review_rule where platform = new.platform and version = new.platform_version;
        end if;
        if look.looked_at <> now() then -- it has been here in this round: the promise counts anew
            new.review_due := case when rule.promised_days > 0 then working_days_after(now(), rule.promised_days) end;
            new.review_order := coalesce(new.review_due, working_days_after(now(), 3));
        end if;
        if old.status = 'awaiting_payment' and new.risk = 'high' and rule.risk_reviews > new.reviews_required then
            new.reviews_required := rule.risk_reviews;
        end if;
        if told is not true then
            insert into review_step (renewal_no, kind, version)
            values (new.renewal_no, case old.status when 'returned' then 'correct' else 'wait' end, old.version + 1);
        end if;
    else
        new.held_until := null;
        new.held_by := null;
        new.held_reason := null;
        new.second_claimed_by := null;
        new.second_claimed_at := null;
        new.second_claimed_until := null;
        if new.status = 'cancelled' then
            insert into review_step (renewal_no, kind, version) values (new.renewal_no, 'leave', old.version + 1);
        end if;
    end if;
    return new;
end
$$;

-- What comes for the first time has nothing to be taken away, and a table that was empty when the plan was made is not read
-- from end to end.
create or replace function xuqi.review_tails() returns trigger
language plpgsql security definer set search_path = xuqi, pg_temp set enable_seqscan = off as $$
begin
    if old.status in ('awaiting_review', 'returned') then
        delete from review_tail where renewal_no = new.renewal_no;
    end if;
    if new.status in ('awaiting_review', 'returned') and not exists (select from review_tail where renewal_no = new.renewal_no) then
        insert into review_tail (tail, renewal_no)
        select distinct right(known.text, 4), new.renewal_no
          from renewal_personal(new.renewal_no) as p,
               unnest(array[new.renewal_no, new.certificate_serial, p.agent_mobile_masked]) as known (text)
         where length(known.text) >= 4;
    end if;
    return null;
end
$$;

-- -- matching ------------------------------------------------------------------------------------------------------------
-- Only these are matched without a person. As a view it becomes part of the query that asks it of every line of an import.
create view xuqi.free_line as
select l.* from xuqi.statement_line as l
 where l.direction = 'credit' and l.kind = 'ordinary' and l.reversed_by is null and l.taken_fen = 0
   and not exists (select from xuqi.transfer_match as m where m.line_id = l.id);
comment on view xuqi.free_line is
    'Receipts of which nothing has been used, sent back or put into suspense, and which nobody has taken away from an order before';
drop function if exists xuqi.line_is_free(xuqi.statement_line);

-- A renewal whose order is paid and which still awaits its payment is about to move: that is its change.
create or replace function xuqi.renewals_touched() returns trigger
language plpgsql set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
    update renewal as r set version = version
     where r.renewal_no in (select t.renewal_no from touched as t)
       and not (r.status = 'awaiting_payment'
                and exists (select from "order" as o where o.order_no = r.order_no and o.state = 'paid'));
    return null;
end
$$;

-- -- importing -----------------------------------------------------------------------------------------------------------
-- What is compared is made as each chunk comes, by several at the same time, not by the one that takes the upload over.
alter table xuqi.statement_chunk
    add column payer_digits text[],
    add column payer_normal text[],
    add column fingerprints bytea[];
do $$
begin
    if exists (select from xuqi.statement_chunk) then -- of a database whose procedures are there
        execute $q$ update xuqi.statement_chunk as c
                       set payer_digits = made.digits, payer_normal = made.normal, fingerprints = made.fingerprints
                      from (select upload_id, number,
                                   array_agg(xuqi.account_digits(account) order by n) as digits,
                                   array_agg(xuqi.party_name_normal(name) order by n) as normal,
                                   array_agg(sha256(convert_to(concat_ws(E'\x1f', day, time_us, movement, balance, account, name, bank,
                                                                         remark, ref, kind), 'UTF8')) order by n) as fingerprints
                              from xuqi.statement_chunk,
                                   unnest(days, times_us, movements_fen, balances_fen, payer_accounts, payer_names, payer_banks,
                                          remarks, bank_refs, kinds) with ordinality
                                       as line (day, time_us, movement, balance, account, name, bank, remark, ref, kind, n)
                             group by upload_id, number) as made
                     where made.upload_id = c.upload_id and made.number = c.number $q$;
    end if;
end
$$;
alter table xuqi.statement_chunk
    alter payer_digits set not null, alter payer_normal set not null, alter fingerprints set not null,
    alter payer_digits set storage external, alter payer_normal set storage external, alter fingerprints set storage external,
    add constraint statement_chunk_made check (cardinality(payer_digits) = cardinality(places) and cardinality(payer_normal) = cardinality(places)
                                               and cardinality(fingerprints) = cardinality(places));
comment on column xuqi.statement_chunk.payer_digits is 'account_digits of each of payer_accounts; payer_normal: party_name_normal of payer_names';
comment on column xuqi.statement_chunk.fingerprints is 'SHA-256 over what the bank said of each line';

drop function if exists xuqi.statement_match(bigint, text, bigint, bigint); -- it takes where to end as well
drop function if exists xuqi.review_findings(xuqi.renewal, bigint); -- it answers for many now

insert into xuqi.schema_migration (number, name, sha256) values (45, 'portions', :'sha256');
commit;
