// SPDX-License-Identifier: Apache-2.0
// The master key of personal data is changed while renewals go on: nothing becomes unreadable, nothing approved becomes
// unapproved, and the old key goes only when nothing needs it. Restarts web and jobs, as an operator does.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import * as client from '../support/client.mjs';
import { asOwner, ctl, demo, folder, paidRenewal, sql } from '../support/world.mjs';

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
// None for a moment, between the end of one and the start of the next.
const processes = (role) => spawnSync('pgrep', ['-f', `xuqid --supervised --config ${folder}/xuqid.yaml --role ${role}`], { encoding: 'utf8' }).stdout.trim().split('\n').filter(Boolean);
const keyFile = () => asOwner('cat', `${folder}/keys/seal.key`).trim().split('\n');
const mode = () => asOwner('stat', '-c', '%a %U', `${folder}/keys/seal.key`).trim();
const census = () => Object.fromEntries(sql(`select key_id, sum(uses) from xuqi.seal_places() where uses > 0 and kind <> 'lookup' group by 1`).split('\n').map((it) => it.split(' ')));
const refused = (pattern, ...args) => assert.throws(() => ctl('key', ...args), (error) => pattern.test(error.stderr), args.join(' '));

async function restart() {
  const before = [...processes('web'), ...processes('jobs')];
  execFileSync('kill', ['-9', ...before]);
  for (const end = Date.now() + 20000; Date.now() < end; await sleep(100)) {
    const ready = (await client.call(demo.base_url, 'GET', '/readyz').catch(() => ({}))).status === 200;
    const now = [...processes('web'), ...processes('jobs')];
    if (ready && now.length >= before.length && !now.some((pid) => before.includes(pid))) return;
  }
  assert.fail('web and jobs did not come back');
}

const unmask = async (session, renewal) => {
  await client.call(demo.base_url, 'POST', `/api/v1/review/cases/${renewal.renewal_no}/claim`, { token: session, body: {} });
  const answer = await client.call(demo.base_url, 'POST', `/api/v1/review/cases/${renewal.renewal_no}/unmasking`,
    { token: session, body: { fields: ['agent.mobile'], reason: '密钥更换后核对' } });
  assert.equal(answer.status, 200, answer.text);
  return answer.json.values['agent.mobile'];
};

test('a key is added, used, everything is sealed anew, and the old one is removed', async () => {
  const session = (await client.login(demo, 'reviewer-2')).json.token;
  const early = await paidRenewal();
  const approved = await paidRenewal();
  assert.equal((await client.approve(demo, session, approved.renewal)).status, 200);
  const before = { mode: mode(), keys: keyFile(), old: ctl('key', 'list').slice(0, 8) };
  assert.equal(before.keys.length, 1, 'the file of one key from before');

  const added = ctl('key', 'add').slice(0, 8);
  assert.match(added, /^[0-9a-f]{8}$/);
  assert.notEqual(added, before.old);
  assert.deepEqual([keyFile()[0], mode()], [`${before.keys[0]} lookup`, before.mode], 'the old one is the current one still');
  await restart();
  ctl('key', 'use', added);
  assert.equal(keyFile()[1], `${before.keys[0]} lookup`, 'and goes on to be what accounts are known by');
  await restart();

  const late = await paidRenewal();
  assert.equal(await unmask(session, early.renewal), '13800138000', 'what was sealed under the old key opens');
  assert.equal(await unmask(session, late.renewal), '13800138000', 'and what is sealed under the new one');
  refused(/rotate/, 'remove', before.old);
  refused(/current/, 'remove', added);
  refused(/no such key/, 'remove', '00000000');
  refused(/no such key/, 'use', '00000000');

  const said = ctl('key', 'rotate');
  assert.match(said, /every value uses the current key/);
  assert.deepEqual(Object.keys(census()).length, 2, 'one key for values and one for indexes');
  assert.match(ctl('key', 'rotate'), /every value uses the current key/, 'again there is nothing to do');
  assert.equal(sql(`select count(*) from xuqi.audit_event where action = 'key.rotate' and object = 'key:${added}'`), '2');

  const issued = await client.fetchCertificate(demo, approved.subscriber, approved.renewal);
  assert.equal(issued.status, 200, `an approval from before still holds: ${issued.text}`);
  const accounts = sql('select count(*) from xuqi.portal_account') !== '0';
  if (accounts) refused(/web hall/, 'remove', before.old); // they are known by it
  else ctl('key', 'remove', before.old);
  assert.equal(keyFile().length, accounts ? 2 : 1);
  assert.equal(mode(), before.mode);
  await restart();
  assert.equal(await unmask(session, early.renewal), '13800138000', 'the new key alone opens everything');
  assert.equal((await client.login(demo, 'reviewer')).status, 201, 'one-time codes as well');
  assert.equal(sql(`select string_agg(action, ' ' order by id) from xuqi.audit_event where action like 'key.%'`).split(' ').slice(-4).join(' '),
    accounts ? 'key.add key.use key.rotate key.rotate' : 'key.use key.rotate key.rotate key.remove');
});

test('a value that no key opens is named, and stays what it is', () => {
  const id = ctl('key', 'list').slice(0, 8);
  sql(`alter table xuqi.renewal_content disable trigger keeps`);
  const no = sql(`select max(renewal_no) from xuqi.renewal_content where length(personal_sealed) > 0`);
  const kept = sql(`select encode(personal_sealed, 'hex') from xuqi.renewal_content where renewal_no = '${no}'`);
  sql(`update xuqi.renewal_content set personal_sealed = overlay(personal_sealed placing '\\x00000000' from 2) where renewal_no = '${no}'`);
  try {
    refused(new RegExp(`renewal_content.personal_sealed ${no}[^]*open under no key`), 'rotate');
  } finally {
    sql(`update xuqi.renewal_content set personal_sealed = decode('${kept}', 'hex') where renewal_no = '${no}'`);
    sql(`alter table xuqi.renewal_content enable trigger keeps`);
  }
  assert.match(ctl('key', 'rotate'), /every value uses the current key/);
  assert.equal(ctl('key', 'list').slice(0, 8), id);
});
