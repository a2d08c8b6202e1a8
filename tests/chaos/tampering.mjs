// SPDX-License-Identifier: Apache-2.0
// The tamperings of tests/chaos/tampering. The trail is written as by our processes: keyed sessions, heads kept aside, sealed
// in several steps, each head of the tree signed with a key made here and witnessed. Two of its writers have events that are
// not sealed yet. Each tampering happens to a copy of that database.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';

const [rounds, seed] = process.argv.slice(2).map(Number);
const { WORK: work, XUQICTL: xuqictl } = process.env;
const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
let state = seed >>> 0;
const random = (n) => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor((state / 2 ** 32) * n); };
const pick = (list) => list[random(list.length)];

// -- the trail -----------------------------------------------------------------------------------------------------------------

const psql = (database, script) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', database], { input: script, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] }).trim();
const master = randomBytes(32);
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ORIGIN = 'tampering.example/audit';
const heads = new Map();
let witness = '';

mkdirSync(`${work}/audit/heads`, { recursive: true });
writeFileSync(`${work}/audit.key`, master.toString('hex'), { mode: 0o600 });
writeFileSync(`${work}/audit.pem`, publicKey.export({ type: 'spki', format: 'pem' }));
const config = (database) => {
  writeFileSync(`${work}/xuqid.yaml`, `web: { public_url: "http://127.0.0.1" }
database: { web: x, jobs: x, issuer: x, admin: "host=${work} dbname=${database} user=xuqi_admin" }
issuer: { pin_file: x, certificate: x }
trust: { certificates: x }
keys: { access_file: x, seal_file: x, audit_file: audit.key }
audit: { origin: ${ORIGIN}, public_key_file: audit.pem }
`);
};

// A session of a process of ours; its events; and what it is told, kept aside.
function session(writer, count, before = '') {
  const key = createHmac('sha256', master).update(`xuqi audit writer ${writer}`).digest('hex');
  const events = Array.from({ length: count }, (_, i) => `insert into xuqi.audit_event (actor, action, object, detail) values ('staff:r${random(5)}', 'review.${pick(['claim', 'approve', 'return'])}', '01202611210000${100 + random(900)}', '${randomBytes(16).toString('hex')}');`).join('\n');
  const run = spawnSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', 'xuqi'], { encoding: 'utf8',
    input: `select set_config('xuqi.audit_writer', '${writer} 0 ${key} ${'0'.repeat(64)}', false);\n${before}\n${events}` });
  if (run.status !== 0) throw new Error(run.stderr);
  for (const [, name, seq, mac] of run.stderr.matchAll(/xuqi audit (\S+) (\d+) ([0-9a-f]{64})/g)) heads.set(name, `${name} ${seq} ${mac}`.padEnd(191));
  writeFileSync(`${work}/audit/heads/story.heads`, [...heads.values()].map((line) => `${line}\n`).join(''));
}

function checkpoint() {
  psql('xuqi', 'select * from xuqi.audit_seal(100000)');
  const [size, root] = psql('xuqi', 'select size, encode(xuqi.audit_subtree(0, size), \'hex\') from xuqi.audit_tree').split('|');
  const base64 = Buffer.from(root, 'hex').toString('base64');
  const text = `${ORIGIN}\n${size}\n${base64}\n`;
  const id = sha256(publicKey.export({ type: 'spki', format: 'der' })).subarray(0, 4);
  const note = `${text}\n— ${ORIGIN} ${Buffer.concat([id, sign('sha256', Buffer.from(text), privateKey)]).toString('base64')}\n`;
  witness += `2026-11-21T12:00:00+08:00 ${size} ${base64} ${Buffer.from(note).toString('base64')}\n`;
  writeFileSync(`${work}/audit/witness.log`, witness);
  psql('xuqi', `insert into xuqi.audit_checkpoint (size, root, note) values (${size}, '\\x${root}', '${note}')`);
  return Number(size);
}

session('web/a/1', 40);
session('jobs/a/1', 25);
const stamped = [checkpoint()];
session('web/b/1', 150);
session('issuer/a/1', 33);
execFileSync('createdb', ['-T', 'xuqi', '--strategy', 'file_copy', 'backup']); // events are not sealed in it yet
stamped.push(checkpoint());
// What an authority said of two of them, as jobs keeps it.
session('jobs/b/1', 1, stamped.map((size) => `select xuqi.audit_timestamp_record(${size}, '\\x${randomBytes(300).toString('hex')}', now());`).join('\n'));
session('web/c/1', 60);
const sealed = checkpoint();
session('web/d/1', 12);
session('jobs/d/1', 7);

// -- tamperings ------------------------------------------------------------------------------------------------------------------

const rows = psql('xuqi', `select e.id, coalesce(l.leaf_index, -1), e.writer, e.writer_seq from xuqi.audit_event e left join xuqi.audit_leaf l on l.event_id = e.id order by e.id`)
  .split('\n').map((line) => { const [id, leaf, writer, seq] = line.split('|'); return { id: Number(id), leaf: Number(leaf), writer, seq: Number(seq) }; });
const done = rows.filter((row) => row.leaf >= 0), waiting = rows.filter((row) => row.leaf < 0);
const fields = ['actor', 'action', 'object', 'detail'];
const edit = (row) => pick([
  () => `update audit_event set ${pick(fields)} = ${pick(fields)} || '${random(10)}' where id = ${row.id}`,
  () => `update audit_event set at = at + interval '${1 + random(1000000)} microseconds' where id = ${row.id}`,
  () => `update audit_event set actor = actor || substr(action, 1, 1), action = substr(action, 2) where id = ${row.id}`,
  () => `update audit_event set xid = '${1 + random(700)}' where id = ${row.id}`,
  () => `update audit_event set writer = '${pick(['web/a/1', 'web/x/1'])}x' where id = ${row.id}`,
  () => `update audit_event set mac = sha256(mac) where id = ${row.id}`,
])();
const last = (writer) => rows.filter((row) => row.writer === writer).at(-1);
const event = (row) => new RegExp(`event ${row.id}\\b`);
const sequence = (row) => new RegExp(`event ${row.id}\\b|${row.writer}: ${row.seq} to |${row.writer}: |the end of ${row.writer}`);
// An event that could pass at first sight, made by hand: place and MAC as somebody without the key makes them.
const forged = (id, writer, seq) => `insert into audit_event (id, actor, action, object, writer, writer_seq, mac) overriding system value
  values (${id}, 'staff:r1', 'review.approve', 'forged', '${writer}', ${seq}, sha256('forged'))`;
const reseal = 'select xuqi.audit_seal(100000)';

const kinds = {
  'edit after sealing': () => { const row = pick(done); return { script: edit(row), place: event(row) }; },
  'edit after sealing, and its leaf': () => {
    const row = pick(done);
    return { script: `update audit_event set detail = detail || 'x' where id = ${row.id};
      update audit_leaf l set hash = sha256('\\x00' || audit_canonical(e)) from audit_event e where e.id = l.event_id and e.id = ${row.id}`, place: event(row) };
  },
  'edit before sealing': () => { const row = pick(waiting); return { script: edit(row), place: event(row) }; },
  'edit before sealing, then sealed': () => { const row = pick(waiting); return { script: `${edit(row)}; ${reseal}`, place: event(row) }; },
  'delete after sealing': () => { const row = pick(done); return { script: `delete from audit_event where id = ${row.id}`, place: event(row) }; },
  'delete after sealing, and its leaf': () => {
    const row = pick(done);
    return { script: `delete from audit_leaf where event_id = ${row.id}; delete from audit_event where id = ${row.id};
      update audit_leaf set leaf_index = -leaf_index where leaf_index > ${row.leaf}; update audit_leaf set leaf_index = -leaf_index - 1 where leaf_index < 0;
      update audit_tree set size = size - 1`, place: sequence(row), check: false };
  },
  'delete before sealing': () => { const row = pick(waiting); return { script: `delete from audit_event where id = ${row.id}${pick(['', `; ${reseal}`])}`, place: sequence(row) }; },
  'delete the end of a writer before sealing': () => {
    const writer = pick(['web/d/1', 'jobs/d/1']), from = 1 + random(last(writer).seq);
    return { script: `delete from audit_event where writer = '${writer}' and writer_seq >= ${from}`, place: new RegExp(`the end of ${writer}`) };
  },
  'insert by hand': () => {
    const row = pick(rows);
    return pick([
      () => ({ script: `insert into audit_event (actor, action, object) values ('staff:r1', 'review.approve', '01')${pick(['', `; ${reseal}`])}`, place: /writer_unknown: event \d+/ }),
      () => ({ script: `alter table audit_event disable trigger all; ${forged(1000000, row.writer, last(row.writer).seq + 1)}${pick(['', `; ${reseal}`])}`, place: /mac_wrong: event 1000000\b|sequence_order: event 1000000\b/ }),
      () => ({ script: `alter table audit_event disable trigger all; ${forged(1000000, row.writer, row.seq)}${pick(['', `; ${reseal}`])}`, place: /sequence_order: event (1000000|\d+)\b|mac_wrong: event 1000000/ }),
      () => ({ script: `select set_config('xuqi.audit_writer', 'web/z/1 0 ${'ab'.repeat(32)} ${'0'.repeat(64)}', false); insert into audit_event (actor, action, object) values ('staff:r1', 'review.approve', '01')`, place: /mac_wrong: event \d+/ }),
    ])();
  },
  'exchange two events': () => {
    const from = pick([done, waiting]), a = pick(from), b = pick(from.filter((row) => row !== a));
    return { script: `update audit_event e set ${fields.map((name) => `${name} = o.${name}`).join(', ')} from audit_event o where (e.id, o.id) in ((${a.id}, ${b.id}), (${b.id}, ${a.id}))`, place: event(a) };
  },
  'exchange two numbers': () => {
    const from = rows.filter((row) => row.seq < last(row.writer).seq && (row.leaf >= 0) === (rows.find((r) => r.writer === row.writer && r.seq === row.seq + 1).leaf >= 0)), a = pick(from), b = rows.find((row) => row.writer === a.writer && row.seq === a.seq + 1);
    return { script: `update audit_event e set writer_seq = o.writer_seq, mac = o.mac from audit_event o where (e.id, o.id) in ((${a.id}, ${b.id}), (${b.id}, ${a.id}))`, place: new RegExp(`event (${a.id}|${b.id})\\b`) };
  },
  'exchange two leaves': () => {
    const a = pick(done), b = pick(done.filter((row) => row !== a));
    return { script: `update audit_leaf set leaf_index = -1 - leaf_index where leaf_index = ${a.leaf}; update audit_leaf set leaf_index = ${a.leaf} where leaf_index = ${b.leaf}; update audit_leaf set leaf_index = ${b.leaf} where leaf_index < 0`, check: false, place: /root_differs|sequence_order|events_missing/ };
  },
  'truncate': () => pick([
    () => ({ script: 'truncate audit_event', place: /event_deleted: event \d+, leaf 0\b/ }),
    () => ({ script: 'truncate audit_leaf, audit_node; update audit_tree set size = 0, xid_from = \'0\'', place: /tree_short|leaves_missing/ }),
    () => ({ script: `truncate audit_leaf, audit_node; update audit_tree set size = 0, xid_from = '0'; delete from audit_event where id = ${pick(done).id}; ${reseal}`, place: /root_differs|tree_short|events_missing/ }),
    () => ({ script: 'truncate audit_checkpoint cascade', place: /checkpoint_missing|checkpoint \d+, witnessed/ }),
    () => ({ script: 'truncate audit_node', place: /node_missing: level 4/ }),
    () => ({ script: `delete from audit_leaf where leaf_index >= ${1 + random(sealed - 1)}`, place: /tree_short|leaves_missing|not_sealed/ }),
  ])(),
  'time stamp': () => {
    const size = pick(stamped);
    return pick([
      () => ({ script: `delete from audit_timestamp where size = ${size}`, place: new RegExp(`timestamp_missing: checkpoint ${size}, event \\d+`) }),
      () => ({ script: `update audit_timestamp set token = sha256(token) where size = ${size}`, place: new RegExp(`timestamp_changed: checkpoint ${size}, event \\d+`) }),
      () => ({ script: 'truncate audit_timestamp', place: new RegExp(`timestamp_missing: checkpoint ${size}, event \\d+`) }),
      () => ({ script: `delete from audit_timestamp where size = ${size}; delete from audit_event where action = 'audit.timestamp' and object = 'checkpoint:${size}'`, place: /event_deleted: event \d+/ }),
    ])();
  },
  'restore an older backup': () => ({ from: 'backup', script: pick(['select 1', reseal, `${reseal}; insert into audit_event (actor, action, object) values ('a', 'b', 'c'); ${reseal}`]), place: /tree_short: checkpoint \d+, witnessed|root_differs|the end of/ }),
  'leaf, node or checkpoint': () => pick([
    () => { const row = pick(done); return { script: `update audit_leaf set hash = sha256(hash) where leaf_index = ${row.leaf}`, place: event(row) }; },
    () => { const row = pick(done); return { script: `delete from audit_leaf where leaf_index = ${row.leaf}`, place: new RegExp(`leaf ${row.leaf} comes next|missing: leaf ${row.leaf}\\b|leaf ${row.leaf}\\b`) }; },
    () => { const node = random(Math.floor(sealed / 16)); return { script: `update audit_node set hash = sha256(hash) where level = 4 and node_index = ${node}`, place: new RegExp(`node ${node} of level 4`) }; },
    () => ({ script: `delete from audit_checkpoint where size = ${sealed}`, place: new RegExp(`checkpoint ${sealed}\\b`), head: true }),
    () => ({ script: `update audit_checkpoint set root = sha256(root) where size = ${sealed}`, place: new RegExp(`checkpoint ${sealed}\\b`) }),
    () => ({ script: `update audit_checkpoint set note = replace(note, '=', 'A') where size = ${sealed}`, place: new RegExp(`checkpoint ${sealed}\\b`) }),
  ])(),
};

// -- the campaign ------------------------------------------------------------------------------------------------------------------

const verify = (database) => { config(database); return spawnSync(xuqictl, ['audit', 'verify', '--config', `${work}/xuqid.yaml`], { encoding: 'utf8' }); };
let passed = 0, failed = 0;
const fact = (good, what, more) => { if (good) passed++; else { failed++; console.log(`not ok ${what}\n${more}`); } };

const untouched = verify('xuqi');
fact(untouched.status === 0, 'the trail is whole when nobody touched it', untouched.stdout + untouched.stderr);

const counts = {}, names = Object.keys(kinds);
for (let i = 0; i < rounds; i++) {
  const kind = names[i % names.length], tampering = kinds[kind]();
  execFileSync('createdb', ['-T', tampering.from ?? 'xuqi', '--strategy', 'file_copy', 'tampered']);
  // The superuser first takes away what stands in the way.
  psql('tampered', `set search_path = xuqi; set client_min_messages = warning;
    ${['audit_event', 'audit_leaf', 'audit_node', 'audit_checkpoint', 'audit_timestamp', 'audit_tree'].map((table) => `drop trigger if exists append_only on ${table}; drop trigger if exists never_removed on ${table}; drop trigger if exists grows on ${table};`).join(' ')}
    ${tampering.check === false ? 'alter table audit_leaf drop constraint audit_leaf_leaf_index_check;' : ''}
    ${tampering.script}`);
  const verdict = verify('tampered');
  const named = tampering.place.test(verdict.stdout);
  fact(verdict.status === 1 && named, `${kind}: ${verdict.status === 1 ? 'found, but not where it is' : 'nobody noticed'}`, `${tampering.script}\nwanted ${tampering.place}\n${verdict.stdout}${verdict.stderr}`);
  counts[kind] = (counts[kind] ?? 0) + 1;
  execFileSync('dropdb', ['tampered']);
}
const again = verify('xuqi'); // of a long campaign: the events that nobody seals have waited for more than ten minutes by now, and are told
fact(again.stdout.split('\n').every((line) => !line.includes(' broken: ') || line.includes('not_sealed')) && again.stderr === '', 'and still whole afterwards', again.stdout + again.stderr);
for (const [kind, count] of Object.entries(counts)) console.log(`${String(count).padStart(5)}  ${kind}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
