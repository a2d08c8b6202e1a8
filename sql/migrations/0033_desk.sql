-- SPDX-License-Identifier: Apache-2.0
-- The review desk: the calendar that promises are counted by, each platform's rules of review, the queue's order, holds,
-- the checks made by the server, every step of the desk, and the sample of what passed without a person.
begin;

-- -- working days ------------------------------------------------------------------------------------------------------
create table xuqi.calendar_year (
    year        bigint primary key check (year between 2000 and 2100),
    source      text not null constraint calendar_year_source_check check (source <> ''),
    sha256      text not null constraint calendar_year_sha256_check check (length(sha256) = 64),
    imported_at timestamptz not null default now()
);
comment on table xuqi.calendar_year is 'Of which years the notice of holidays and shifted working days is here';

create table xuqi.calendar_day (
    day     date primary key,
    year    bigint not null references xuqi.calendar_year,
    working boolean not null,
    name    text not null constraint calendar_day_name_check check (name <> ''),
    constraint calendar_day_year check (extract(year from day) between year - 1 and year)
);
comment on table xuqi.calendar_day is 'Days that are not what their weekday says: holidays, and weekends that are worked';
create index calendar_day_of_year on xuqi.calendar_day (year);

-- -- how a platform has its renewals reviewed --------------------------------------------------------------------------
create table xuqi.review_rule (
    id               bigint generated always as identity primary key,
    platform         text not null,
    version          text not null,
    promised_days    bigint not null constraint review_rule_promised_check check (promised_days between 0 and 60),
    parallel         boolean not null,
    risk_reviews     bigint not null constraint review_rule_risk_check check (risk_reviews between 0 and 2),
    risk_fen         bigint not null constraint review_rule_fen_check check (risk_fen >= 0),
    approval_days    bigint not null constraint review_rule_approval_check check (approval_days between 0 and 60),
    sample_permyriad bigint not null constraint review_rule_sample_check check (sample_permyriad between 0 and 10000),
    published_at     timestamptz not null default now(),
    constraint review_rule_once unique (platform, version)
);
comment on table xuqi.review_rule is
    'From the platforms'' files, one row for each version of a file: a renewal is reviewed by the rules it was submitted under';
comment on column xuqi.review_rule.parallel is 'Of two reviewers both may hold the case at once';
comment on column xuqi.review_rule.risk_reviews is 'How many reviewers where the checks found something; 0: as many as otherwise';
comment on column xuqi.review_rule.risk_fen is 'From this price on a case counts as risky; 0: whatever it costs';
comment on column xuqi.review_rule.approval_days is 'Working days that a first approval waits for the second; 0: for ever';
create trigger append_only before update or delete or truncate on xuqi.review_rule
    for each statement execute function xuqi.forbid();

-- -- the case ----------------------------------------------------------------------------------------------------------
alter table xuqi.renewal
    add column review_since         timestamptz,
    add column review_due           timestamptz,
    add column review_order         timestamptz,
    add column risk                 text not null default 'ordinary'
        constraint renewal_risk_check check (risk in ('ordinary', 'high')),
    add column held_until           timestamptz,
    add column held_by              bigint references xuqi.staff,
    add column held_reason          text,
    add column second_claimed_by    bigint references xuqi.staff,
    add column second_claimed_at    timestamptz,
    add column second_claimed_until timestamptz;
comment on column xuqi.renewal.review_since is 'Since when it waits for its review, or last did; anew after a correction';
comment on column xuqi.renewal.review_due is 'By when a review was promised; null: never promised';
comment on column xuqi.renewal.review_order is 'What the queue is in order of: the promise, or as if three working days had been promised';
comment on column xuqi.renewal.second_claimed_by is 'The other of two who review at the same time';
update xuqi.renewal
   set review_since = paid_at, review_order = paid_at + interval '3 days'
 where status in ('awaiting_review', 'returned');
alter table xuqi.renewal
    add constraint renewal_check_queued check (status <> 'awaiting_review' or (review_order is not null and review_since is not null)),
    add constraint renewal_check_held check ((held_until is null) = (held_by is null) and (held_until is null) = (held_reason is null)),
    add constraint renewal_check_held_state check (held_until is null or status = 'awaiting_review'),
    add constraint renewal_check_second check ((second_claimed_by is null) = (second_claimed_at is null)
                                               and (second_claimed_by is null) = (second_claimed_until is null)),
    add constraint renewal_check_two_people check (second_claimed_by <> claimed_by);
drop index xuqi.renewal_waiting;
create index renewal_waiting on xuqi.renewal (review_order, renewal_no) where status = 'awaiting_review';
create index renewal_second on xuqi.renewal (review_order, renewal_no) where status = 'awaiting_review' and reviews_done > 0;
create index renewal_held on xuqi.renewal (review_order, renewal_no) where held_until is not null;
create index renewal_returned on xuqi.renewal (review_order, renewal_no) where status = 'returned';
create index renewal_second_claimed on xuqi.renewal (second_claimed_by)
    where status = 'awaiting_review' and second_claimed_by is not null;

-- The last applications of an agent, however many there are.
drop index xuqi.renewal_agent_id;
create index renewal_agent_id on xuqi.renewal_content (agent_id_index, renewal_no) where agent_id_index is not null;

-- What the server found out about a case when it came to the desk. A correction is looked at anew.
create table xuqi.review_check (
    renewal_no text not null references xuqi.renewal,
    round      bigint not null check (round between 0 and 99),
    name       text not null constraint review_check_name_check check (name in (
        'window', 'payment', 'identity_numbers', 'organisation', 'liveness', 'telecom', 'duplicate_key',
        'duplicate_subject', 'duplicate_agent', 'last_renewal', 'form_version', 'amount')),
    result     text not null constraint review_check_result_check check (result in ('passed', 'found', 'open')),
    source     text not null constraint review_check_source_check check (source <> ''),
    detail     text not null default '',
    checked_at timestamptz not null default now(),
    primary key (renewal_no, round, name),
    constraint review_check_said check (result = 'passed' or detail <> '')
);
comment on column xuqi.review_check.result is 'open: nobody can say; a person has to look, as at what was found';
comment on column xuqi.review_check.detail is 'Words that the program has sentences for; never personal data';
create trigger append_only before update or delete or truncate on xuqi.review_check
    for each statement execute function xuqi.forbid();

-- Everything that happened to a case at the desk, in order: what a late write is told, what figures are counted from, and
-- what makes a repeated request the same request.
create table xuqi.review_step (
    id          bigint generated always as identity primary key,
    renewal_no  text not null references xuqi.renewal,
    staff_id    bigint references xuqi.staff,
    kind        text not null constraint review_step_kind_check check (kind in (
        'wait', 'correct', 'leave', 'claim', 'release', 'hold', 'resume', 'reassign', 'approve', 'return', 'reject',
        'expire', 'pass', 'sample')),
    at          timestamptz not null default clock_timestamp(),
    version     bigint not null,
    detail      text not null default '',
    request_key text constraint review_step_key_check check (length(request_key) between 8 and 64),
    waited_from timestamptz,
    claimed_at  timestamptz,
    due_at      timestamptz,
    constraint review_step_decision check (kind not in ('approve', 'return', 'reject')
                                           or (staff_id is not null and waited_from is not null)),
    constraint review_step_keyed check (request_key is null or staff_id is not null)
);
comment on column xuqi.review_step.staff_id is 'Null: the applicant or the server';
comment on column xuqi.review_step.version is 'The renewal''s version from this step on';
create unique index review_step_once on xuqi.review_step (staff_id, request_key) where request_key is not null;
create index review_step_renewal on xuqi.review_step (renewal_no, id);
create index review_step_done on xuqi.review_step (staff_id, id) where kind in ('approve', 'return', 'reject');
create index review_step_decided on xuqi.review_step (at) where kind in ('approve', 'return', 'reject', 'pass');
create trigger append_only before update or delete or truncate on xuqi.review_step
    for each statement execute function xuqi.forbid();
insert into xuqi.review_step (renewal_no, staff_id, kind, at, version, waited_from)
select a.renewal_no, a.staff_id, 'approve', a.approved_at, 1, r.paid_at
  from xuqi.approval as a join xuqi.renewal as r on r.renewal_no = a.renewal_no where a.voided_at is null
union all
select e.renewal_no, e.staff_id, 'return', e.returned_at, 1, r.paid_at
  from xuqi.renewal_return as e join xuqi.renewal as r on r.renewal_no = e.renewal_no
union all
select renewal_no, rejected_by, 'reject', decided_at, 1, paid_at from xuqi.renewal where rejected_by is not null
 order by 4;

-- What passed without a person and was drawn to be looked at afterwards.
create table xuqi.review_sample (
    renewal_no text primary key references xuqi.renewal,
    drawn_at   timestamptz not null default now(),
    looked_by  bigint references xuqi.staff,
    looked_at  timestamptz,
    verdict    text constraint review_sample_verdict_check check (verdict in ('right', 'wrong')),
    note       text,
    constraint review_sample_looked check ((looked_by is null) = (looked_at is null) and (looked_by is null) = (verdict is null)
                                           and (looked_by is null) = (note is null)),
    constraint review_sample_why check (verdict <> 'wrong' or note <> '')
);
create index review_sample_open on xuqi.review_sample (drawn_at, renewal_no) where looked_at is null;
create trigger never_removed before delete or truncate on xuqi.review_sample
    for each statement execute function xuqi.forbid();
create function xuqi.review_sample_once() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if old.looked_at is not null or (new.renewal_no, new.drawn_at) is distinct from (old.renewal_no, old.drawn_at) then
        raise exception 'sample %: may be looked at once, nothing else', old.renewal_no using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger once before update on xuqi.review_sample for each row execute function xuqi.review_sample_once();

-- Who a member of staff is, so that nobody reviews what he applied for himself: of the same places as of agents.
alter table xuqi.staff
    add column person_sealed       bytea,
    add column person_id_index     bytea,
    add column person_mobile_index bytea,
    add constraint staff_person check ((person_sealed is null) = (person_id_index is null)
                                       and (person_sealed is null) = (person_mobile_index is null));
comment on column xuqi.staff.person_sealed is '{"agent": {"id_number", "mobile"}}, encrypted by the server';
insert into xuqi.sealed_column (name, place, kind, table_name, column_name, lead, row_key, context, source)
values ('staff.person_sealed', 'staff.person', 'sealed', 'staff', 'person_sealed', 'name', 'name',
        'convert_to(name, ''UTF8'')', null),
       ('staff.person_id_index', 'agent.id_number', 'index', 'staff', 'person_id_index', 'name', 'name',
        'convert_to(name, ''UTF8'')', 'staff.person_sealed'),
       ('staff.person_mobile_index', 'agent.mobile', 'index', 'staff', 'person_mobile_index', 'name', 'name',
        'convert_to(name, ''UTF8'')', 'staff.person_sealed');

-- -- coming to the desk and leaving it ---------------------------------------------------------------------------------
-- As before; but a case in which something was found may get more reviewers than it was promised, in the moment it comes.
create or replace function xuqi.renewal_moves() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
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
       and not exists (select from renewal_transition
                        where from_state = old.status and to_state = new.status) then
        raise exception 'renewal %: % -> % is not a move', old.renewal_no, old.status, new.status
            using errcode = '23514';
    end if;
    return new;
end
$$;

-- Whichever procedure brings a renewal to the desk: since when it waits, what was promised, what the checks found, how risky
-- that makes it and how many reviewers that takes. Whichever takes it away ends holds and claims.
create function xuqi.review_enters() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    rule review_rule;
begin
    if new.status = 'awaiting_review' then
        select * into rule from review_rule where platform = new.platform and version = new.platform_version;
        new.review_since := now();
        new.review_due := case when rule.promised_days > 0 then working_days_after(now(), rule.promised_days) end;
        new.review_order := coalesce(new.review_due, working_days_after(now(), 3));
        insert into review_check (renewal_no, round, name, result, source, detail)
        select new.renewal_no, new.returns, f.name, f.result, f.source, f.detail
          from review_findings(new, coalesce(rule.risk_fen, 0)) as f
            on conflict (renewal_no, round, name) do nothing; -- each time it comes there is looked once
        new.risk := case when exists (select from review_check as k where k.renewal_no = new.renewal_no
                                         and k.round = new.returns and k.result <> 'passed')
                         then 'high' else 'ordinary' end;
        if old.status = 'awaiting_payment' and new.risk = 'high' and rule.risk_reviews > new.reviews_required then
            new.reviews_required := rule.risk_reviews;
        end if;
        insert into review_step (renewal_no, kind, version)
        values (new.renewal_no, case old.status when 'returned' then 'correct' else 'wait' end, old.version + 1);
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
create trigger enters before update on xuqi.renewal for each row
    when (new.status <> old.status and 'awaiting_review' in (new.status, old.status))
    execute function xuqi.review_enters();

-- They take or answer more now.
drop function if exists xuqi.review_approve;
drop function if exists xuqi.review_case;
drop function if exists xuqi.review_claim;
drop function if exists xuqi.review_list;
drop function if exists xuqi.review_reject;
drop function if exists xuqi.review_release;
drop function if exists xuqi.review_return;

insert into xuqi.schema_migration (number, name, sha256) values (33, 'desk', :'sha256');
commit;
