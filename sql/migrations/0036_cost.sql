-- SPDX-License-Identifier: Apache-2.0
-- What is done with every event, posting and message, in fewer and cheaper steps. Nothing is asked or written less: the
-- same canonical form, the same MACs, the same locks.
begin;

-- The same octets as before. A single expression without settings of its own becomes part of the statement that uses it
-- (as canonical() does), where it took a call and a change of settings for each event; and only if it claims no more
-- than convert_to does (stable).
create or replace function xuqi.audit_canonical(e xuqi.audit_event) returns bytea
language sql stable
return convert_to(
    '1:1'
    || octet_length(e.id::text) || ':' || e.id
    || octet_length(e.writer) || ':' || e.writer
    || octet_length(e.writer_seq::text) || ':' || e.writer_seq
    || octet_length((extract(epoch from e.at) * 1000000)::bigint::text) || ':' || (extract(epoch from e.at) * 1000000)::bigint
    || octet_length(e.xid::text) || ':' || e.xid
    || octet_length(e.actor) || ':' || e.actor
    || octet_length(e.action) || ':' || e.action
    || octet_length(e.object) || ':' || e.object
    || octet_length(e.detail) || ':' || e.detail, 'UTF8');

-- As before: the session's setting xuqi.audit_writer holds "writer sequence key mac". Assignments of expressions only,
-- which plpgsql evaluates by itself; perform would make a statement of each.
create or replace function xuqi.audit_sequence() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
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
    new.mac := sha256(key || sha256('\x00' || audit_canonical(new)) || decode(state[4], 'hex'));
    kept := set_config('xuqi.audit_writer', concat_ws(' ', new.writer, new.writer_seq,
        case when key = '' then '' else encode(sha256(key), 'hex') end, encode(new.mac, 'hex')), false);
    return new;
end
$$;

-- The last event of a transaction vouches for those before it: where the session has written on, the later one is told.
create or replace function xuqi.audit_tell() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    state text[];
begin
    if new.writer like 'unnamed/%' then
        return null;
    end if;
    state := string_to_array(current_setting('xuqi.audit_writer', true), ' ');
    if state[1] is distinct from new.writer or state[2]::bigint <= new.writer_seq then
        raise info 'xuqi audit % % %', new.writer, new.writer_seq, encode(new.mac, 'hex');
    end if;
    return null;
end
$$;

-- As before: a late event goes to the open month and keeps its own day; postings of a month share its lock, which closing
-- takes alone. The lock of no month, which the first closing takes too, is shared by all, so that one look is enough.
create or replace function xuqi.posting_dated() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    shared boolean := pg_advisory_xact_lock_shared(period_lock(null), 0) is null;
    month  date;
    closed date;
begin
    loop
        month := date_trunc('month', beijing(new.event_at))::date;
        shared := pg_advisory_xact_lock_shared(period_lock(month), 0) is null;
        closed := (select max(p.month) from period as p);
        exit when closed is null or month > closed;
        new.occurred_at := coalesce(new.occurred_at, new.event_at);
        new.event_at := clock_timestamp();
    end loop;
    return new;
end
$$;

-- As before, but all balances in one statement, after they were locked in the order of their ids.
create or replace function xuqi.transfer_apply() returns trigger
language plpgsql set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan as $$
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
    update balance
       set debits = debits + moved.debit, credits = credits + moved.credit, version = version + 1
      from unnest(ids, debited, credited) as moved (account_id, debit, credit)
     where balance.account_id = moved.account_id;
    select moved.account_id into missing
      from unnest(ids) as moved (account_id)
     where not exists (select from balance where balance.account_id = moved.account_id)
       and (select account.guarded from account where account.id = moved.account_id) is distinct from false
     limit 1;
    if found then
        raise exception 'account % does not exist or has lost its balance', missing using errcode = '23503';
    end if;
    return null;
end
$$;

-- It answers for several renewals in one call now.
drop function if exists xuqi.message_facts;

insert into xuqi.schema_migration (number, name, sha256) values (36, 'cost', :'sha256');
commit;
