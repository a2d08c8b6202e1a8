-- SPDX-License-Identifier: Apache-2.0
-- The cases that tests/chaos/desk has two reviewers, and a reviewer and an applicant, race for; and how two connections begin
-- a round together.
create schema race;
set search_path = story, race;

select hire('carl', array['senior_reviewer']) as hired, renewal_in('awaiting_review', 'seed') as seed \gset
select xuqi.review_rules_publish(array['sz-consumables'], array['parallel'], array[3], array[1], array[0], array[0], array[0], array[0]) as published \gset

create sequence race.number;
create table race.claims (n bigint primary key, no text not null);
create table race.edits (n bigint primary key, no text not null, seen bytea not null); -- both have opened the case and seen the same
create table race.answer (game text not null, n bigint not null, who bigint not null, said text not null);

-- The cases of one round.
create function race.prepare() returns void language plpgsql as $$
declare
    round  bigint := nextval('race.number');
    edited text := story.renewal_in('awaiting_review', 'edit ' || round, 2);
begin
    insert into race.claims values (round, story.renewal_in('awaiting_review', 'claim ' || round));
    set local session_replication_role = replica;
    update xuqi.renewal set platform_version = 'parallel' where renewal_no = edited;
    set local session_replication_role = origin;
    insert into race.edits values (round, edited, xuqi.renewal_content_hash(edited));
    if story.claim('ann', edited) || ' ' || story.claim('bob', edited) <> 'claimed claimed' then
        raise exception 'round %: it is not both reviewers'' case', round;
    end if;
end
$$;

-- Waits until the other of two has come to this round as well, asleep: under load whoever waits awake keeps the other from coming.
-- A gate (round, who) is shut until he comes; that of the next round is shut before this one is opened.
create function race.gate(n bigint, who bigint) returns bigint language sql immutable as $$ select n * 2 + who $$;
create function race.together(n bigint, who bigint) returns void language plpgsql as $$
begin
    perform pg_advisory_lock(race.gate(n + 1, who));
    if n = 1 then -- there may be nobody yet whose gate is shut
        perform pg_advisory_lock(race.gate(1, who));
        while not exists (select from pg_locks where locktype = 'advisory' and objid = race.gate(1, 1 - who)::int and granted) loop
            perform pg_sleep(0.001);
        end loop;
    else
        perform pg_advisory_unlock(race.gate(n, who));
        perform pg_advisory_lock_shared(race.gate(n, 1 - who));
        perform pg_advisory_unlock_shared(race.gate(n, 1 - who));
    end if;
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
        said := story.give_back('bob', edit.no, hash => edit.seen);
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
