-- SPDX-License-Identifier: Apache-2.0
-- What staff types, kept apart from the audit trail; samples that were judged wrong.
begin;

-- -- what staff types ----------------------------------------------------------------------------------------------------
-- A reason may hold personal data. An event has its salted hash; the words are here, and go with what else is erased.
create table xuqi.reason (
    id        bigint generated always as identity primary key,
    object    text not null constraint reason_object_check check (object <> ''),
    actor     text not null constraint reason_actor_check check (actor <> ''),
    salt      bytea not null,
    words     text not null,
    said_at   timestamptz not null default clock_timestamp(),
    erased_at timestamptz,
    constraint reason_erased check (case when erased_at is null then length(salt) = 16 and words <> '' else salt = '' and words = '' end)
);
comment on column xuqi.reason.object is 'As in the event: a renewal''s number, posting:…; erased with a renewal of that number';
comment on column xuqi.reason.salt is 'The event has SHA-256 of this and the words: without it nothing leads back to them';
create index reason_of_object on xuqi.reason (object) where erased_at is null;
create trigger never_removed before delete or truncate on xuqi.reason
    for each statement execute function xuqi.forbid();
create function xuqi.reason_once() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if old.erased_at is not null or new.erased_at is null
       or (new.id, new.object, new.actor, new.said_at) is distinct from (old.id, old.object, old.actor, old.said_at) then
        raise exception 'reason %: may be erased, nothing else', old.id using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger once before update on xuqi.reason for each row execute function xuqi.reason_once();

-- Why personal data was looked at is erased with it.
drop trigger append_only on xuqi.unmasking;
create trigger never_removed before delete or truncate on xuqi.unmasking
    for each statement execute function xuqi.forbid();
create function xuqi.unmasking_kept() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if new.reason <> '' or to_jsonb(new) - 'reason' is distinct from to_jsonb(old) - 'reason' then
        raise exception 'unmasking %: its reason may be erased, nothing else', old.id using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger kept before update on xuqi.unmasking for each row execute function xuqi.unmasking_kept();
alter table xuqi.unmasking
    drop constraint unmasking_reason_check,
    add constraint unmasking_reason_check check (reason = '' or length(reason) between 5 and 200);

-- -- a sample that was judged wrong --------------------------------------------------------------------------------------
alter table xuqi.review_rule
    add column sample_last     bigint not null default 0 constraint review_rule_last_check check (sample_last between 0 and 1000),
    add column wrong_permyriad bigint not null default 0 constraint review_rule_wrong_check check (wrong_permyriad between 0 and 10000);
comment on column xuqi.review_rule.sample_last is 'Of so many samples looked at last…; 0: nothing follows';
comment on column xuqi.review_rule.wrong_permyriad is '…more than this share wrong: nothing of the platform passes without a person any more';
create index review_sample_looked_at on xuqi.review_sample (looked_at desc) where looked_at is not null;

-- It waits for somebody until a senior reviewer closes it and says why.
create table xuqi.review_mistake (
    renewal_no text primary key references xuqi.review_sample,
    platform   text not null constraint review_mistake_platform_check check (platform <> ''),
    opened_at  timestamptz not null default now(),
    owner_id   bigint references xuqi.staff,
    closed_by  bigint references xuqi.staff,
    closed_at  timestamptz,
    reason     text constraint review_mistake_reason_check check (reason ~ '[^ ]' and length(reason) <= 500),
    constraint review_mistake_closed check ((closed_by is null) = (closed_at is null) and (closed_by is null) = (reason is null))
);
create index review_mistake_open on xuqi.review_mistake (platform, opened_at) where closed_at is null;
create trigger never_removed before delete or truncate on xuqi.review_mistake
    for each statement execute function xuqi.forbid();
create function xuqi.review_mistake_once() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if old.closed_at is not null or (new.renewal_no, new.platform, new.opened_at) is distinct from (old.renewal_no, old.platform, old.opened_at) then
        raise exception 'mistake %: is closed once, and stays what it was', old.renewal_no using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger once before update on xuqi.review_mistake for each row execute function xuqi.review_mistake_once();

-- While one is open, what the platform's file lets pass gets one reviewer.
create table xuqi.review_pass_stop (
    id         bigint generated always as identity primary key,
    platform   text not null constraint review_pass_stop_platform_check check (platform <> ''),
    wrong      bigint not null,
    looked     bigint not null,
    stopped_at timestamptz not null default now(),
    ended_at   timestamptz,
    ended_by   bigint references xuqi.staff,
    constraint review_pass_stop_share check (wrong between 1 and looked),
    constraint review_pass_stop_ended check ((ended_at is null) = (ended_by is null))
);
create unique index review_pass_stop_one on xuqi.review_pass_stop (platform) where ended_at is null;
create trigger never_removed before delete or truncate on xuqi.review_pass_stop
    for each statement execute function xuqi.forbid();

-- After `enters` has said how many reviewers it takes: while a stop is open, at least one.
create function xuqi.review_pass_stopped() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if exists (select from review_pass_stop as p where p.platform = new.platform and p.ended_at is null) then
        new.reviews_required := 1;
    end if;
    return new;
end
$$;
create trigger enters_stopped before update on xuqi.renewal for each row
    when (old.status = 'awaiting_payment' and new.status = 'awaiting_review' and new.reviews_required = 0)
    execute function xuqi.review_pass_stopped();

-- They take or answer more now.
drop function if exists xuqi.review_rules_publish;
drop function if exists xuqi.staff_overview;
drop function if exists xuqi.staff_review;

insert into xuqi.schema_migration (number, name, sha256) values (43, 'reasons', :'sha256');
commit;
