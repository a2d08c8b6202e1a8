-- SPDX-License-Identifier: Apache-2.0
-- The cases that tests/chaos/desk has two reviewers, and a reviewer and an applicant, race for; and how two connections begin
-- a round together. Variable: rounds.
create schema race;
set search_path = story, race;

select hire('carl', array['senior_reviewer']) as hired, renewal_in('awaiting_review', 'seed') as seed \gset
select xuqi.review_rules_publish(array['sz-consumables'], array['parallel'], array[3], array[1], array[0], array[0], array[0], array[0]) as published \gset

create table race.claims as
select n, story.renewal_in('awaiting_review', 'claim ' || n) as no from generate_series(1, :rounds) as n;
create table race.edits as
select n, story.renewal_in('awaiting_review', 'edit ' || n, 2) as no from generate_series(1, :rounds) as n;
set session_replication_role = replica;
update xuqi.renewal set platform_version = 'parallel' where renewal_no in (select no from race.edits);
set session_replication_role = origin;
alter table race.edits add column seen bytea;
-- Both have opened the case and seen the same content.
update race.edits set seen = xuqi.renewal_content_hash(no);
select count(story.claim('ann', no) || story.claim('bob', no)) as held from race.edits \gset
alter table race.claims add primary key (n);
alter table race.edits add primary key (n);
create table race.answer (game text not null, n bigint not null, who bigint not null, said text not null);

-- Waits until the other of two has come to this round as well; lets go of the round before, which both have left.
create function race.together(n bigint, who bigint) returns void language plpgsql as $$
begin
    perform pg_advisory_lock(n::int * 2 + who::int);
    while not exists (select from pg_locks where locktype = 'advisory' and objid = n::int * 2 + (1 - who::int) and granted) loop
        null;
    end loop;
    perform pg_advisory_unlock(n::int * 2 - 2 + who::int) where n > 1;
end
$$;

create function race.play(game text, n bigint, who bigint) returns void language plpgsql as $$
declare
    case_no text := (select no from race.claims as c where c.n = play.n);
    edit    race.edits;
    said    text;
begin
    if game = 'claim' then
        insert into race.answer values (game, n, who, story.claim((array['ann', 'bob'])[who + 1], case_no));
        return;
    end if;
    select * into edit from race.edits as e where e.n = play.n;
    if who = 0 then
        select outcome into said from xuqi.review_approve(story.token('ann'), edit.no, edit.seen);
    else
        said := story.give_back('bob', edit.no);
    end if;
    insert into race.answer values (game, n, who, said);
end
$$;
-- What follows a return: the applicant corrects, and the reviewer who saw the old content holds the case again.
create function race.follow(n bigint, who bigint) returns void language plpgsql as $$
declare
    edit race.edits := (select e from race.edits as e where e.n = follow.n);
begin
    if who = 1 then
        insert into race.answer values ('correct', n, who, story.correct(edit.no, word => 'other ' || n));
        insert into race.answer values ('claim again', n, who, story.claim('ann', edit.no));
    else
        insert into race.answer
        select 'approve late', n, who, outcome from xuqi.review_approve(story.token('ann'), edit.no, edit.seen);
    end if;
end
$$;
