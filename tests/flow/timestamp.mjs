// SPDX-License-Identifier: Apache-2.0
// The audit trail's outside witness: a stand-in authority stamps checkpoints, and misbehaves in every way it can; only what
// openssl believes as well is kept, and it is asked again. Runs against a prepared server like main.mjs.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as client from '../support/client.mjs';
import { asOwner, ctl, demo, folder, paidRenewal, sql } from '../support/world.mjs';
import { stampedNote } from '../support/audit_verify.mjs';

const out = `/tmp/xuqi-timestamp-${process.pid}`;
const until = async (condition, what) => { for (let i = 0; !(await condition()); i++) { assert.ok(i < 300, what); await sleep(100); } };
const stamped = () => Number(sql('select coalesce(max(size), 0) from xuqi.audit_timestamp'));
const sandbox = async () => (await client.call(demo.tsa.url, 'GET', '/')).json.asked;
const behave = (mode, times) => client.call(demo.tsa.url, 'POST', '/_behave', { body: { mode, times } });
const metric = async (name) => Number((await client.call(demo.admin_url, 'GET', '/metrics')).text.match(new RegExp(`^${name} (-?\\d+)$`, 'm'))?.[1]);
// Something new to stamp.
const grow = () => sql(`insert into xuqi.audit_event (actor, action, object) values ('test', 'story.tell', 'grow')`);
const newest = (column) => sql(`select ${column} from xuqi.audit_timestamp as t join xuqi.audit_checkpoint as c using (size) order by t.size desc limit 1`);

test('the newest checkpoint is stamped, and openssl believes the token', async () => {
  await until(() => stamped() > 0, 'stamped');
  const [noteText, tokenText, at] = newest("translate(encode(convert_to(note, 'UTF8'), 'base64'), E'\\n', ''), translate(encode(token, 'base64'), E'\\n', ''), extract(epoch from stamped_at)::bigint").split(' ');
  const note = Buffer.from(noteText, 'base64'), token = Buffer.from(tokenText, 'base64');
  asOwner('mkdir', '-p', out);
  asOwner('sh', '-c', `printf %s '${note.toString('base64')}' | base64 -d > ${out}/note && printf %s '${token.toString('base64')}' | base64 -d > ${out}/token.tsr`);
  assert.match(asOwner('openssl', 'ts', '-verify', '-in', `${out}/token.tsr`, '-data', `${out}/note`, '-CAfile', demo.tsa.ca), /OK/);
  assert.equal(stampedNote(note, token).getTime() / 1000, Number(at));
});

test('what is wrong in any way is not kept, and the authority is asked again until it answers rightly', async () => {
  // What others wrote just now is stamped first: its request, which may be under way, is not one of these.
  await until(() => sql('select (select max(size) from xuqi.audit_checkpoint) = (select max(size) from xuqi.audit_timestamp)') === 't', 'nothing is waiting');
  const before = stamped(), last = (await sandbox())[0].at, wrong = ['nonce', 'foreign'];
  const failures = await metric('xuqi_audit_timestamp_failures');
  for (const mode of wrong) await behave(mode);
  grow();
  const asked = async () => (await sandbox()).filter((it) => it.at > last).map((it) => it.mode);
  await until(async () => (await asked()).includes('foreign') && (await asked())[0] === 'ok', 'stamped in the end');
  const modes = await asked(), right = modes.filter((mode) => mode === 'ok').length;
  assert.deepEqual(modes.filter((mode) => mode !== 'ok'), wrong.reverse());
  await until(() => Number(sql(`select count(*) from xuqi.audit_timestamp where size > ${before}`)) === right, 'what was right is kept, and nothing else');
  assert.equal(new Set((await sandbox()).map((it) => it.sha256)).size, (await sandbox()).length, 'each request has a nonce of its own');
  assert.equal(await metric('xuqi_audit_timestamp_failures'), failures + 2);
});

test('how long checkpoints wait for a time stamp is counted', async () => {
  await until(async () => (await metric('xuqi_audit_timestamp_lag_seconds')) >= 0, 'counted');
});

test('the trail with its time stamps verifies, here and elsewhere', () => {
  const said = ctlSays('audit', 'verify');
  assert.match(said, /\d+个时间戳/);
  assert.doesNotMatch(said, /timestamp_/);
  ctl('audit', 'export', '--out', `${out}/export.jsonl`);
  const verdict = spawnSync(process.execPath, [client.here('audit_verify.mjs'), 'export', `${out}/export.jsonl`, '--key', `${folder}/ca/audit.pem`], { encoding: 'utf8' });
  assert.match(verdict.stdout, /\d+ time stamps over them/);
  assert.doesNotMatch(verdict.stdout, /timestamp_/);
});

// Of the trail as it is: tests write as the database's superuser, which is told.
function ctlSays(...args) { try { return ctl(...args); } catch (error) { return error.stdout; } }
const change = (text) => sql(`begin; alter table xuqi.audit_timestamp disable trigger all; ${text}; alter table xuqi.audit_timestamp enable trigger all; alter table xuqi.audit_timestamp enable always trigger append_only; commit`);

test('a token that is exchanged, and a time that is not the token\'s, are found by both', async () => {
  const size = stamped();
  await until(() => stamped() > size || (grow(), false), 'another one');
  const [a, b] = sql('select size from xuqi.audit_timestamp order by size desc limit 2').split('\n');
  sql(`create table public.kept_timestamp as select * from xuqi.audit_timestamp where size in (${a}, ${b})`);
  const restore = `update xuqi.audit_timestamp as t set token = k.token, stamped_at = k.stamped_at from public.kept_timestamp as k where k.size = t.size`;
  try {
    change(`update xuqi.audit_timestamp set token = (select token from public.kept_timestamp where size = ${b}) where size = ${a}`);
    assert.match(ctlSays('audit', 'verify'), new RegExp(`timestamp_invalid: checkpoint ${a}:`));
    ctl('audit', 'export', '--out', `${out}/exchanged.jsonl`);
    assert.match(spawnSync(process.execPath, [client.here('audit_verify.mjs'), 'export', `${out}/exchanged.jsonl`, '--key', `${folder}/ca/audit.pem`], { encoding: 'utf8' }).stdout, new RegExp(`timestamp_changed: checkpoint ${a}: has a time stamp over something else`));
    change(`${restore}; update xuqi.audit_timestamp set stamped_at = stamped_at - interval '1 day' where size = ${a}`);
    assert.match(ctlSays('audit', 'verify'), new RegExp(`timestamp_changed: checkpoint ${a}:`));
  } finally { change(restore); sql('drop table public.kept_timestamp'); }
  assert.doesNotMatch(ctlSays('audit', 'verify'), /timestamp_/);
});

test('the evidence of a renewal holds a time stamp that the commands of its README check', async () => {
  const { renewal } = await paidRenewal();
  const last = sql(`select max(id) from xuqi.audit_event where object = '${renewal.renewal_no}'`);
  await until(() => sql(`select count(*) from xuqi.audit_stamped(${last}) as s join xuqi.audit_leaf as l on l.event_id = ${last} and l.leaf_index < s.size`) === '1', 'covered');
  ctl('evidence', renewal.renewal_no, '--out', `${out}/bundle`, '--reason', 'r', '--seal-key', `${folder}/keys/seal.key`);
  const commands = asOwner('cat', `${out}/bundle/README.md`).match(/```\n([\s\S]*?)```/)[1].split('\n').filter((line) => /stamped/.test(line) && !line.startsWith('#'));
  assert.equal(commands.length, 2);
  const [judged, proven] = commands.map((line) => asOwner('sh', '-ec', `cd ${out}/bundle && ${line} 2>&1`));
  assert.match(judged, /Verification: OK/);
  assert.match(proven, /leaves go on from[^]*time stamp: the first \d+ leaves existed at 20/);
  const sums = asOwner('cat', `${out}/bundle/SHA256SUMS`);
  assert.match(sums, new RegExp(`^${createHash('sha256').update(asOwner('cat', `${out}/bundle/stamped.note`)).digest('hex')}  stamped\\.note$`, 'm'));
  asOwner('rm', '-rf', out);
});
