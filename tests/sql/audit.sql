-- SPDX-License-Identifier: Apache-2.0
-- The audit trail: each writer's sequence and MAC, sealing into the tree, proofs, checkpoints.
set search_path = story;

-- A session of one of our processes: its name and first key.
create function story.write_as(writer text, key bytea default digest('key of ' || 'web/story/1')) returns void language sql as $$
    select set_config('xuqi.audit_writer', concat_ws(' ', writer, 0, encode(key, 'hex'), repeat('0', 64)), false)
$$;
create function story.happens(what text default 'something') returns bigint language sql as $$
    insert into xuqi.audit_event (actor, action, object, detail) values ('story', 'story.tell', what, '详情 ' || what) returning id
$$;
create function story.leaf(e xuqi.audit_event) returns bytea language sql as $$ select sha256('\x00' || xuqi.audit_canonical(e)) $$;
-- What the writer's event must have as its MAC, from the first key on.
create function story.macs(in_writer text, key bytea) returns table (id bigint, mac bytea) language plpgsql as $$
declare e xuqi.audit_event; last bytea := decode(repeat('0', 64), 'hex');
begin
    for e in select * from xuqi.audit_event as a where a.writer = in_writer order by writer_seq loop
        last := sha256(key || story.leaf(e) || last);
        key := sha256(key);
        id := e.id;
        mac := last;
        return next;
    end loop;
end
$$;
-- MTH of RFC 6962 2.1 by its own words.
create function story.mth(hashes bytea[]) returns bytea language plpgsql as $$
declare half int := 1; n int := cardinality(hashes);
begin
    if n = 1 then return hashes[1]; end if;
    while half * 2 < n loop half := half * 2; end loop;
    return sha256('\x01' || mth(hashes[1:half]) || mth(hashes[half + 1:n]));
end
$$;
create function story.root(size bigint) returns bytea language sql as $$
    select mth(array_agg(hash order by leaf_index)) from xuqi.audit_leaf where leaf_index < size
$$;
create function story.seal_all(batch bigint default 1000) returns bigint language plpgsql as $$
declare n bigint; all_of_them bigint := 0;
begin
    loop
        select sealed into n from xuqi.audit_seal(batch);
        all_of_them := all_of_them + n;
        exit when n < batch;
    end loop;
    return all_of_them;
end
$$;

-- -- writers
select write_as('web/story/1') \g /dev/null
select happens('one') as first \gset
select happens('two') as second \gset
begin;
select happens('never') \g /dev/null
rollback;
begin;
savepoint before;
select happens('not this') \g /dev/null
rollback to before;
select happens('three') as third \gset
commit;
select same('a writer counts without a gap, whatever was rolled back',
            (select string_agg(writer_seq || object, ' ' order by id) from xuqi.audit_event where writer = 'web/story/1'), '1one 2two 3three');
select same('each MAC is made of the key of its moment, the leaf and the MAC before', (select count(*) from xuqi.audit_event as e
    join macs('web/story/1', digest('key of web/story/1')) as m on m.id = e.id and m.mac = e.mac)::text, '3');
select yes('the session''s key is not the one that made its last MAC', split_part(current_setting('xuqi.audit_writer'), ' ', 3)
    = encode(sha256(sha256(sha256(digest('key of web/story/1')))), 'hex'));
select same('nobody says who he is by writing it', (select string_agg(writer || ' ' || writer_seq, '') from xuqi.audit_event as e
    where id = (select max(id) from xuqi.audit_event)), 'web/story/1 3');
insert into xuqi.audit_event (actor, action, object, writer, writer_seq, mac, xid) values ('a', 'b', 'c', 'forged', 77, sha256('x'), '3');
select same('nor his place', (select writer || ' ' || writer_seq from xuqi.audit_event where id = (select max(id) from xuqi.audit_event)), 'web/story/1 4');
select same('the canonical form', (select convert_from(xuqi.audit_canonical(row(7, '2026-11-21 12:00:00.000001+08', '42', 'staff:王', 'a', '', 'd:1', 'w/1', 3, '\x')::xuqi.audit_event), 'UTF8')),
            '1:11:73:w/11:316:17952336000000012:429:staff:王1:a0:3:d:1');
\connect
set search_path = story;
select happens('from a console') \g /dev/null
select happens('and again') \g /dev/null
select same('a session without a key is told apart, and counts as well', (select string_agg(left(writer, 8) || writer_seq, ' ' order by id)
    from xuqi.audit_event where object in ('from a console', 'and again')), 'unnamed/1 unnamed/2');

-- -- sealing
select seal_all() \g /dev/null
select same('every event has a leaf', (select count(*) - (select count(*) from xuqi.audit_leaf) from xuqi.audit_event)::text, '0');
select same('which is its hash', (select count(*) from xuqi.audit_event as e join xuqi.audit_leaf as l on l.event_id = e.id where l.hash <> leaf(e))::text, '0');
select same('there is nothing to do then', (select sealed::text from xuqi.audit_seal(10)), '0');
select count(*) as before from xuqi.audit_leaf \gset
select happens(n::text) from generate_series(1, 1300) as n \g /dev/null
select same('in batches', seal_all(100)::text, '1300');
select same('leaves are dense', (select max(leaf_index) + 1 - count(*) from xuqi.audit_leaf)::text, '0');
select same('a writer''s events have its order', (select count(*) from (select writer_seq, lag(writer_seq) over (partition by writer order by leaf_index) as last
    from xuqi.audit_event as e join xuqi.audit_leaf as l on l.event_id = e.id) as s where writer_seq <= last)::text, '0');
select yes('the nodes are roots of their subtrees', (select bool_and(n.hash = (select mth(array_agg(l.hash order by l.leaf_index))
    from xuqi.audit_leaf as l where l.leaf_index >= n.node_index << level::int and l.leaf_index < (n.node_index + 1) << level::int)) from xuqi.audit_node as n));
select same('every fourth level has all of them', (select string_agg(level || ':' || count, ' ' order by level)
    from (select level, count(*) from xuqi.audit_node group by level) as c), '4:' || (:before + 1300) / 16 || ' 8:' || (:before + 1300) / 256);
select same('roots of any size', (select string_agg(n::text, ' ') from unnest(array[1, 2, 3, 15, 16, 17, 255, 256, 257, 1000, 1300]) as n
    where xuqi.audit_subtree(0, n) <> root(n)), null);
-- What commits late is not forgotten: it began before others that are sealed.
create extension if not exists dblink schema story;
\set on 'user=postgres host=' :HOST ' dbname=' :DBNAME
select dblink_connect('late', :'on'), dblink_exec('late', 'begin'),
       dblink_exec('late', 'insert into xuqi.audit_event (actor, action, object) values (''late'', ''story.tell'', ''late'')') \g /dev/null
select happens('sooner') \g /dev/null
select same('what is there is sealed', seal_all()::text, '1');
select happens('later') \g /dev/null
select same('and again', seal_all()::text, '1');
select dblink_exec('late', 'commit') \g /dev/null
select same('then what came late', seal_all()::text, '1');
select same('once', (select count(*) from xuqi.audit_event as e join xuqi.audit_leaf as l on l.event_id = e.id where object = 'late')::text, '1');
-- Only one seals.
select dblink_exec('late', 'begin'), happens('contended') \g /dev/null
select (select sealed from dblink('late', 'select sealed from xuqi.audit_seal(1000)') as t (sealed bigint)) as theirs \gset
select same('another one finds nothing to do meanwhile', :'theirs' || ' ' || (select sealed from xuqi.audit_seal(1000)), '1 0');
select dblink_exec('late', 'rollback') \g /dev/null
select same('and does it when the first has failed', seal_all()::text, '1');
-- A cluster that was restored from a dump counts transactions anew.
update xuqi.audit_tree set xid_from = '9999999999';
select happens('after a restore') \g /dev/null
select same('transactions that count anew are sealed', seal_all()::text, '1');

-- -- proofs
create function story.path_root(leaf_hash bytea, place bigint, size bigint, path bytea) returns bytea language plpgsql as $$
declare node bigint := place; last bigint := size - 1; hash bytea := leaf_hash; step bytea; used int := 0;
begin
    while last > 0 loop
        if node % 2 = 1 or node < last then
            step := substr(path, used * 32 + 1, 32);
            used := used + 1;
            hash := case when node % 2 = 1 then sha256('\x01' || step || hash) else sha256('\x01' || hash || step) end;
        end if;
        node := node / 2;
        last := last / 2;
    end loop;
    return case when used * 32 = length(path) then hash end;
end
$$;
select fence() as fence \gset
select seal_all() \g /dev/null
select size as leaves from xuqi.audit_tree \gset
select same('without a checkpoint nothing is proven', (select outcome from xuqi.audit_prove(:first)), 'event_not_signed');
select same('a head is recorded', (select outcome from xuqi.audit_checkpoint_record(:fence, :leaves, root(:leaves), 'note')), 'recorded');
select same('again', (select outcome from xuqi.audit_checkpoint_record(:fence, :leaves, root(:leaves), 'note')), 'recorded');
select same('another of this size', (select outcome from xuqi.audit_checkpoint_record(:fence, :leaves, root(:leaves), 'other')), 'busy');
select same('an older one', (select outcome from xuqi.audit_checkpoint_record(:fence, :leaves - 1, root(:leaves - 1), 'older')), 'busy');
select same('by an issuer that was replaced', (select outcome from xuqi.audit_checkpoint_record(:fence - 1, :leaves + 1, root(:leaves), 'old')), 'fenced');
select refused('of more leaves than there are', format('select xuqi.audit_checkpoint_record(%s, %s, sha256(''''), ''x'')', :fence, :leaves + 1));
select same('the head', (select leaves || ' ' || size || ' ' || note from xuqi.audit_head()), :leaves || ' ' || :leaves || ' note');
select same('every event is proven', (select count(*) from xuqi.audit_event as e, xuqi.audit_prove(e.id) as p
    where p.outcome <> 'proven' or p.size <> :leaves or path_root(p.hash, p.leaf_index, p.size, p.path) <> root(:leaves))::text, '0');
select same('one that is not there', (select outcome from xuqi.audit_prove(-1)), 'event_unknown');
select happens('behind the head') as behind \gset
select same('one that is not sealed', (select outcome from xuqi.audit_prove(:behind)), 'event_not_signed');
select seal_all() \g /dev/null
select same('nor signed', (select outcome from xuqi.audit_prove(:behind)), 'event_not_signed');
select xuqi.audit_checkpoint_record(:fence, :leaves + 1, root(:leaves + 1), 'next') \g /dev/null
select same('two heads', (select outcome || ' ' || old_note || ' ' || new_note || ' ' || (length(path) > 0) from xuqi.audit_between(:leaves, :leaves + 1)), 'proven note next true');
select same('the wrong way round', (select outcome from xuqi.audit_between(:leaves + 1, :leaves)), 'checkpoint_unknown');
select same('a range is the whole subtrees', (select (length(xuqi.audit_range(n)) / 32)::text || (substr(xuqi.audit_range(n), 1, 32) = root(1024)) from (select 1024 + 37 as n) as x), '4true');
select same('leaves come one after the other', (select (xuqi.audit_leaves(3, 2) = string_agg(hash, '' order by leaf_index))::text from xuqi.audit_leaf where leaf_index in (3, 4)), 'true');
select same('everything comes in order', (select count(*) || ' ' || bool_and(leaf_index = n - 1 and present) from xuqi.audit_sealed(0, 100000) with ordinality as s
    (leaf_index, hash, event_id, present, writer, writer_seq, at_us, xid, actor, action, object, detail, mac, n)), (:leaves + 1) || ' true');
select happens('the last') \g /dev/null
select same('and what is not sealed', (select string_agg(object, ',') from xuqi.audit_unsealed(10)), 'the last');
select outcome as noted from xuqi.audit_export('op') \gset
select same('an export is on the trail', :'noted' || (select ' ' || actor || ' ' || action from xuqi.audit_event order by id desc limit 1), 'noted admin:op audit.export');

-- -- the outside witness: here are two checkpoints, of :leaves and of one more
select same('the newest checkpoint is due', (select size || note from xuqi.audit_timestamp_due(3600)), (:leaves + 1) || 'next');
select same('a time stamp is kept', (select outcome from xuqi.audit_timestamp_record(:leaves, 'token', '2026-11-21 12:00+08')), 'recorded');
select same('again', (select outcome from xuqi.audit_timestamp_record(:leaves, 'other', '2026-11-21 12:01+08')), 'recorded');
select same('which an event says, once and with its hash', (select string_agg(actor || ' ' || object || ' ' || detail, ',') from xuqi.audit_event where action = 'audit.timestamp'),
            'jobs checkpoint:' || :leaves || ' ' || encode(sha256('token'), 'hex'));
select same('the first stays', (select convert_from(token, 'UTF8') from xuqi.audit_timestamp), 'token');
select same('of nothing that was signed', (select outcome from xuqi.audit_timestamp_record(:leaves + 7, 'token', now())), 'checkpoint_unknown');
select same('soon after it the next is not due', (select size || ' ' || note from xuqi.audit_timestamp_due(3600)), '0 ');
select same('but later', (select size || note from xuqi.audit_timestamp_due(0)), (:leaves + 1) || 'next');
select yes('and its wait is counted', (select lag_s between 0 and 600 from xuqi.audit_timestamp_due(3600)));
select same('what a stamp covers', (select size || ' ' || convert_from(token, 'UTF8') from xuqi.audit_stamped(:first)), :leaves || ' token');
select same('what none covers yet has the last before', (select size::text from xuqi.audit_stamped(:behind)), :leaves::text);
select xuqi.audit_timestamp_record(:leaves + 1, 'second', now()) \g /dev/null
select same('the first that covers it', (select size from xuqi.audit_stamped(:first)) || ' ' || (select size from xuqi.audit_stamped(:behind)), :leaves || ' ' || :leaves + 1);
select same('nothing is due then, and nothing waits', (select size || ' ' || lag_s from xuqi.audit_timestamp_due(0)), '0 0');
create function story.head(note text) returns bigint language plpgsql as $$
declare
    leaves bigint;
begin
    perform seal_all();
    select size into leaves from xuqi.audit_tree;
    perform xuqi.audit_checkpoint_record((select max(fence) from xuqi.issuer_lease), leaves, root(leaves), note);
    return leaves;
end
$$;
select head('of it all') as all_of_it \gset
select xuqi.audit_timestamp_record(:all_of_it, 'third', now()), head('of the stamp') \g /dev/null
select same('a stamp is no reason for another one', (select size || ' ' || lag_s from xuqi.audit_timestamp_due(0)), '0 0');
select happens('more') \g /dev/null
select head('of more') as more \gset
select same('what happens next is', (select size || note from xuqi.audit_timestamp_due(0)), :more || 'of more');
select same('of no event none', (select count(*)::text from xuqi.audit_stamped(-1)), '0');
select refused('a time stamp does not change', 'update xuqi.audit_timestamp set token = ''x''');
select refused('nor go', 'delete from xuqi.audit_timestamp');

-- -- what nobody may
select refused('the tree does not shrink', 'update xuqi.audit_tree set size = size - 1');
select refused('nor go', 'delete from xuqi.audit_tree');
select refused('nor does a trigger that is not asked for let anything through', 'set session_replication_role = replica; delete from xuqi.audit_event');
reset session_replication_role;
select set_config('xuqi.audit_writer', 'w 5 nothex ' || repeat('0', 64), false) \g /dev/null
select refused('a key that is none stops whoever writes', 'select story.happens()', '22023');
reset xuqi.audit_writer;
