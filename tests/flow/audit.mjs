// SPDX-License-Identifier: Apache-2.0
// What a renewal leaves on the audit trail: sealed, signed and witnessed within seconds, proven to who has nothing of ours, and
// packed as evidence whose README works word by word. When events cannot be written, business stops and says so. Runs against
// a prepared server like main.mjs.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as client from '../support/client.mjs';
import { asOwner, ctl, demo, folder, newSubscriber, paidRenewal, sql } from '../support/world.mjs';
import { openNote, verifyConsistency, verifyProof } from '../support/audit_verify.mjs';

const key = createPublicKey(readFileSync(`${folder}/ca/audit.pem`));
const verifier = client.here('audit_verify.mjs');
const out = `/tmp/xuqi-audit-${process.pid}`;
const until = async (condition, what) => { for (let i = 0; !condition(); i++) { assert.ok(i < 150, what); await sleep(100); } };
const signedSize = () => Number(sql('select size from xuqi.audit_head()'));
// Some tests write as the database's superuser; those events are nobody's and named so.
const broken = () => { try { ctl('audit', 'verify'); return []; } catch (error) { return error.stdout.split('\n').filter((line) => /broken: /.test(line) && !/writer_unknown/.test(line)); } };

let subscriber, renewal, last;
before(async () => {
  asOwner('mkdir', '-p', out);
  const reviewer = (await client.login(demo, 'reviewer')).json.token;
  ({ subscriber, renewal } = await paidRenewal());
  await client.approve(demo, reviewer, renewal);
  assert.equal((await client.fetchCertificate(demo, subscriber, renewal)).status, 200);
  last = Number(sql(`select max(id) from xuqi.audit_event where object = '${renewal.renewal_no}'`));
  await until(() => sql(`select outcome from xuqi.audit_prove(${last})`) === 'proven', 'the renewal is sealed and signed within seconds');
});

test('every event of a renewal is proven to who has the public key alone', () => {
  const ids = sql(`select event_id from xuqi.evidence_events('${renewal.renewal_no}')`).split('\n');
  assert.ok(ids.length >= 5, `${ids.length} events`);
  for (const id of ids) {
    const proof = JSON.parse(ctl('audit', 'prove', id));
    assert.equal(verifyProof(proof, key).size, proof.size);
    assert.throws(() => verifyProof({ ...proof, event: { ...proof.event, detail: `${proof.event.detail}x` } }, key), /not under/);
  }
});

test('each checkpoint was witnessed outside of the database, and goes on from the one before', () => {
  const lines = asOwner('cat', `${folder}/audit/witness.log`).trim().split('\n').slice(-2).map((line) => Buffer.from(line.slice(line.lastIndexOf(' ') + 1), 'base64').toString());
  const [older, newer] = lines.map((note) => openNote(note, key).size);
  assert.equal(sql(`select count(*) from xuqi.audit_checkpoint where size in (${older}, ${newer})`), '2');
  const { after } = verifyConsistency(JSON.parse(ctl('audit', 'consistency', String(older), String(newer))), key);
  assert.equal(after.size, newer);
});

test('the whole trail verifies, here and elsewhere', () => {
  assert.deepEqual(broken(), []);
  asOwner('cp', `${folder}/audit/witness.log`, `${out}/witness.log`);
  ctl('audit', 'export', '--out', `${out}/export.jsonl`);
  const verdict = spawnSync(process.execPath, [verifier, 'export', `${out}/export.jsonl`, '--key', `${folder}/ca/audit.pem`, '--witness', `${out}/witness.log`, '--writers', `${folder}/keys/audit.key`], { encoding: 'utf8' });
  assert.deepEqual(verdict.stdout.split('\n').filter((line) => /broken: /.test(line) && !/writer_unknown/.test(line)), []);
  assert.match(verdict.stdout, /events, \d+ leaves/);
});

test('an event that is edited is found, by both', () => {
  const change = (text) => sql(`begin; alter table xuqi.audit_event disable trigger all; update xuqi.audit_event set detail = '${text}' where id = ${last}; alter table xuqi.audit_event enable trigger all; alter table xuqi.audit_event enable always trigger append_only; alter table xuqi.audit_event enable always trigger sequence; commit`);
  const detail = sql(`select detail from xuqi.audit_event where id = ${last}`);
  change('rewritten');
  try {
    assert.match(broken().join(), new RegExp(`event_changed: event ${last}, leaf \\d+`));
    ctl('audit', 'export', '--out', `${out}/edited.jsonl`);
    const verdict = spawnSync(process.execPath, [verifier, 'export', `${out}/edited.jsonl`, '--key', `${folder}/ca/audit.pem`], { encoding: 'utf8' });
    assert.equal(verdict.status, 1);
    assert.match(verdict.stdout, new RegExp(`event_changed: event ${last}, leaf \\d+`));
  } finally { change(detail); }
  assert.deepEqual(broken(), []);
});

test('the evidence of a renewal is checked offline by the commands of its own README', async () => {
  const bundle = `${out}/bundle`;
  ctl('evidence', renewal.renewal_no, '--out', bundle, '--reason', '法院调查令', '--seal-key', `${folder}/keys/seal.key`);
  const readme = asOwner('cat', `${bundle}/README.md`);
  const commands = readme.match(/```\n([\s\S]*?)```/)[1].split('\n').filter((line) => line && !line.startsWith('#'));
  assert.ok(commands.length >= 5);
  const said = commands.map((line) => asOwner('sh', '-ec', `cd ${bundle} && ${line} 2>&1`));
  assert.match(said[0], /application\.signed: OK/);
  assert.match(said[1], /successful/i);
  assert.match(said[2], /OK/);
  assert.match(said[3], /Verified OK/);
  assert.match(said[4], /proven: event \d+/);
  const application = JSON.parse(asOwner('cat', `${bundle}/application.json`));
  assert.equal(application.platform, 'sz-consumables');
  assert.match(asOwner('cat', `${bundle}/decisions.json`), /"staff": "reviewer"/);
  assert.equal(JSON.parse(asOwner('cat', `${bundle}/personal.json`)).agent.name, application.agent.name);
  assert.match(asOwner('sh', '-c', `cat ${bundle}/notices/*`), /trade_status/);
  assert.match(asOwner('cat', `${bundle}/proofs.jsonl`), /evidence\.export/); // taking it is among the events
  const [reason] = JSON.parse(asOwner('cat', `${bundle}/reasons.json`)).filter((it) => it.words === '法院调查令');
  assert.equal(sql(`select detail from xuqi.audit_event where action = 'evidence.export' and object = '${renewal.renewal_no}'`),
    `reason ${reason.id} sha256:${createHash('sha256').update(Buffer.from(reason.salt, 'hex')).update(reason.words).digest('hex')}`);
  asOwner('sh', '-c', `printf x >> ${bundle}/payments.json`);
  assert.throws(() => asOwner('sh', '-ec', `cd ${bundle} && ${commands[0]}`), /FAILED|1 computed/);
});

test('without the seal key nothing personal leaves', () => {
  ctl('evidence', renewal.renewal_no, '--out', `${out}/closed`, '--reason', '审计抽查');
  const names = asOwner('find', `${out}/closed`, '-type', 'f', '-printf', '%P\n').split('\n');
  assert.ok(names.includes('personal.json.sealed') && names.includes('application.signed.sealed'));
  assert.ok(!names.includes('personal.json') && !names.includes('application.signed'));
  assert.throws(() => ctl('evidence', renewal.renewal_no, '--out', `${out}/closed`, '--reason', 'x'), /new folder/);
  assert.throws(() => ctl('evidence', '01202001010000001', '--out', `${out}/none`, '--reason', 'x'), /renewal_unknown/);
  assert.throws(() => ctl('evidence', renewal.renewal_no, '--out', `${out}/why`), /--reason/);
});

test('when events cannot be written, business stops and says so', async () => {
  const open = (await client.submit(demo, newSubscriber())).json;
  let answer;
  sql('alter table xuqi.audit_event add constraint nothing_more check (false) not valid');
  try { answer = await client.cancel(demo, open); } finally { sql('alter table xuqi.audit_event drop constraint nothing_more'); }
  assert.equal(answer.status, 503, answer.text);
  assert.equal(answer.json.code, 'audit_unavailable');
  assert.equal((await client.progress(demo, open)).json.status, 'awaiting_payment');
  assert.equal((await client.cancel(demo, open)).json.status, 'cancelled');
});

test('the operator sees how far the trail is sealed and signed', async () => {
  await until(() => signedSize() > 0, 'signed');
  const text = (await client.call(demo.admin_url, 'GET', '/metrics')).text;
  for (const name of ['audit_leaves', 'audit_signed_leaves', 'audit_sealing_lag_seconds', 'audit_signing_lag_seconds', 'audit_checkpoint_age_seconds', 'audit_unsealed'])
    assert.match(text, new RegExp(`^xuqi_${name} \\d+$`, 'm'));
  assert.match(text, /^xuqi_audit_sound 1$/m);
  asOwner('rm', '-rf', out);
});
