// SPDX-License-Identifier: Apache-2.0
// How soon events are sealed and signed under load, and how long the whole trail takes to verify. Against an installation
// that deploy/run serves (its jobs seal, its issuer signs); the events are written by keyed sessions like those of web.
//   XUQI_VAR=… XUQI_PORT=… node tests/bench/audit.mjs [--rate=1000] [--seconds=60] [--events=1000000]
// Prints the lags from an event's writing to its leaf and to the checkpoint over it, and the time of xuqictl audit verify with at
// least so many events. Fails when p99 reaches 5 s, or verification 60 s for each million.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { asOwner, ctl, folder, sockets, sql, startAsOwner } from '../support/world.mjs';

const option = (name, standard) => Number(process.argv.find((text) => text.startsWith(`--${name}=`))?.split('=')[1] ?? standard);
const rate = option('rate', 1000), seconds = option('seconds', 60), wanted = option('events', 1000000);
const SESSIONS = 4;
const master = Buffer.from(readFileSync(`${folder}/keys/audit.key`, 'utf8').trim(), 'hex');
const run = Date.now().toString(36);
let sessions = 0;
const state = (writer) => `${writer} 0 ${createHmac('sha256', master).update(`xuqi audit writer ${writer}`).digest('hex')} ${'0'.repeat(64)}`;
const writer = () => `bench/${run}/${++sessions}`;
// No colon in a literal: pgbench takes what follows one for a variable of its own.
const insert = (source) => `insert into xuqi.audit_event (actor, action, object, detail) select 'staff' || chr(58) || 'bench', 'bench.event', '0120261121' || lpad(n::text, 7, '0'), md5(n::text) from ${source}`;

async function load() {
  asOwner('sh', '-c', `cat > ${folder}/audit.pgbench <<'SQL'\n\\set n random(1, 9999999)\n${insert('(values (:n::int)) as one (n)')};\nSQL`);
  const each = (rate / SESSIONS).toFixed(0);
  await Promise.all(Array.from({ length: SESSIONS }, () => startAsOwner('sh', '-c',
    `PGOPTIONS="-c xuqi.audit_writer=${state(writer()).replaceAll(' ', '\\\\ ')}" /usr/lib/postgresql/15/bin/pgbench -n -M prepared -c 1 -R ${each} -T ${seconds} -f ${folder}/audit.pgbench "host=${sockets} dbname=xuqi user=postgres" 2>/dev/null >${folder}/audit.pgbench.log`)));
}

async function settled() {
  for (;;) {
    const [leaves, signed, events] = sql('select h.leaves, h.size, (select count(*) from xuqi.audit_event) from xuqi.audit_head() as h').split(' ').map(Number);
    if (events - leaves < 5 && leaves - signed < 5) return events;
    await sleep(500);
  }
}

await settled();
const begun = sql('select clock_timestamp()::timestamp');
console.log(`${rate} events a second for ${seconds} s`);
await load();
await settled();
const [count, p50, p99, most, signedP99] = sql(`select count(*), round((percentile_cont(0.5) within group (order by sealed))::numeric, 3), round((percentile_cont(0.99) within group (order by sealed))::numeric, 3), round(max(sealed)::numeric, 3),
    round((percentile_cont(0.99) within group (order by signed))::numeric, 3)
  from (select extract(epoch from l.sealed_at - e.at) as sealed, extract(epoch from c.signed_at - e.at) as signed
          from xuqi.audit_event as e join xuqi.audit_leaf as l on l.event_id = e.id,
               lateral (select signed_at from xuqi.audit_checkpoint as c where c.size > l.leaf_index order by c.size limit 1) as c
         where e.at::timestamp > '${begun}' and e.action = 'bench.event') as lag`).split(' ').map(Number);
console.log(`${count} events, ${(count / seconds).toFixed(0)} a second: sealed p50 ${p50} s, p99 ${p99} s, most ${most} s; under a signed checkpoint p99 ${signedP99} s`);

let events = await settled();
while (events < wanted) {
  const batch = Math.min(50000, wanted - events);
  sql(`set client_min_messages = error; select set_config('xuqi.audit_writer', '${state(writer())}', false) is null; begin; set constraints all deferred; alter table xuqi.audit_event disable trigger tell; ${insert(`generate_series(1, ${batch}) as n`)}; alter table xuqi.audit_event enable trigger tell; commit`);
  events += batch;
}
const sealingBegun = Date.now();
events = await settled();
console.log(`${events} events stored; sealed and signed ${((Date.now() - sealingBegun) / 1000).toFixed(1)} s after the last was written`);
const verifyBegun = Date.now();
let verdict;
try { verdict = ctl('audit', 'verify'); } catch (error) { verdict = error.stdout; }
const took = (Date.now() - verifyBegun) / 1000;
console.log(verdict.trim().split('\n').slice(-2).join('\n'));
console.log(`verified in ${took.toFixed(1)} s: ${(events / took).toFixed(0)} events a second`);
const good = p99 < 5 && signedP99 < 5 && took < Math.max(60 * events / 1e6, 5);
console.log(good ? 'within the goals' : 'NOT within the goals');
process.exit(good ? 0 : 1);
