// SPDX-License-Identifier: Apache-2.0
// Who did what at the desks is an event: logging in and failing to, each look at a document, each unmasking, each export. And what the
// desks refuse is refused with a code of its own, and recorded with who asked for what. Runs like main.mjs.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as client from '../support/client.mjs';
import { startWeb } from '../support/extra_web.mjs';
import { enter, events, hire, seat } from '../support/staff.mjs';
import { asOwner, ctl, demo, folder, newSubscriber, paidRenewal, sql } from '../support/world.mjs';

const CASES = '/api/v1/review/cases';
let reviewer, other, clerk, looked;
const count = (action, object) => Number(sql(`select count(*) from xuqi.audit_event where action = '${action}'${object ? ` and object = '${object}'` : ''}`));
const call = (who, method, path, body, headers = {}) => client.call(demo.base_url, method, path, { token: who?.token, body, headers });
const newest = (action, many) => events(action, many).map((line) => line.trim());
const idOf = (person) => sql(`select id from xuqi.staff where name = '${person.name}'`);

before(async () => {
  sql('delete from xuqi.login_failure');
  [reviewer, other, clerk] = [hire(['reviewer']), hire(['reviewer']), hire(['finance'])];
  for (const person of [reviewer, other, clerk]) person.token = seat(person);
  const subscriber = newSubscriber({ notBefore: '-400 days', notAfter: '-35 days' });
  looked = (await client.submit(demo, subscriber, { platform: 'gd-drug', change: (it) => ({ ...it, client_version: '4.7.6', invoice: { kind: 'paper_fixed' } }) })).json;
  const form = (await client.call(demo.base_url, 'GET', `/api/v1/renewals/${looked.renewal_no}/application_form.pdf`, { token: looked.access_token })).bytes;
  assert.equal((await client.call(demo.base_url, 'PUT', `/api/v1/renewals/${looked.renewal_no}/materials/application_form?page=1`, { token: looked.access_token, body: form, type: 'application/pdf' })).status, 201);
});

test('logging in, failing to by password and by code, and logging out are each an event', async () => {
  const person = hire(['reviewer']), account = `staff:${idOf(person)}`;
  assert.equal((await enter(person, { password: 'not the password' })).status, 401);
  assert.equal((await enter(person, { totp: '000000' })).status, 401);
  assert.equal((await enter(person, { name: 'nobody-at-all' })).status, 401);
  assert.deepEqual(newest('login.refuse', 3), [`staff ${account}`, `staff ${account}`, 'staff unknown']);
  const opened = await enter(person);
  assert.equal(opened.status, 201, opened.text);
  assert.deepEqual(newest('login.open', 1), [`staff:${person.name} ${account}`]);
  assert.equal((await client.call(demo.base_url, 'DELETE', '/api/v1/staff/sessions/current', { token: opened.json.token })).status, 200);
  assert.deepEqual(newest('login.close', 1), [`staff ${account}`]);
  sql('delete from xuqi.login_failure');
});

test('every look at a document is an event with who looked at what, the same one twice are two', async () => {
  const path = `${CASES}/${looked.renewal_no}/materials/application_form/1`;
  for (const person of [reviewer, other, reviewer]) assert.equal((await call(person, 'GET', path)).status, 200);
  const seen = sql(`select actor || ' ' || detail from xuqi.audit_event where action = 'material.view' and object = '${looked.renewal_no}' order by id`).split('\n');
  assert.deepEqual(seen, [reviewer, other, reviewer].map(({ name }) => `staff:${name} application_form 1`));
  assert.equal((await call(clerk, 'GET', path)).status, 403);
  assert.equal(count('material.view', looked.renewal_no), 3, 'who is refused has seen nothing');
});

test('every unmasking is an event that names the fields and keeps its reason apart', async () => {
  const { renewal } = await paidRenewal();
  assert.equal((await call(reviewer, 'POST', `${CASES}/${renewal.renewal_no}/claim`, {})).status, 200);
  for (const reason of ['电话核实经办人', '再次核实经办人'])
    assert.equal((await call(reviewer, 'POST', `${CASES}/${renewal.renewal_no}/unmasking`, { fields: ['agent.mobile'], reason })).status, 200);
  const said = sql(`select actor || ' ' || detail from xuqi.audit_event where action = 'personal.unmask' and object = '${renewal.renewal_no}' order by id`).split('\n');
  assert.equal(said.length, 2);
  for (const line of said) assert.match(line, new RegExp(`^staff:${reviewer.name} agent\\.mobile: reason \\d+ sha256:[0-9a-f]{64}$`));
});

test('every list that leaves the system is an event that names it, before it leaves', async () => {
  const lists = readFileSync(client.here('../../docs/openapi.yaml'), 'utf8').match(/name: list, in: path, required: true, schema: \{ type: string, enum: \[([^\]]+)\]/)[1].split(', ');
  assert.ok(lists.length >= 7);
  for (const list of lists) {
    const query = list === 'ledger_transfers' ? '?kind=payer_credit' : '';
    const answer = await call(clerk, 'GET', `/api/v1/finance/exports/${list}${query}`);
    assert.equal(answer.status, 200, `${list}: ${answer.text.slice(0, 300)}`);
    assert.match(events('export', 1)[0], new RegExp(`^staff:${clerk.name} list:${list} `));
  }
  assert.equal((await call(clerk, 'GET', '/api/v1/finance/differences.csv')).status, 200);
  assert.match(events('export', 1)[0], new RegExp(`^staff:${clerk.name} list:differences `));
});

test('what the console takes out is an event as well', async () => {
  const { renewal } = await paidRenewal();
  const out = `/tmp/xuqi-accountability-${process.pid}`;
  asOwner('mkdir', '-p', out);
  ctl('audit', 'export', '--out', `${out}/trail.jsonl`);
  assert.match(events('audit.export', 1)[0], /^admin:\S+ audit \d+ leaves$/);
  ctl('evidence', renewal.renewal_no, '--out', `${out}/bundle`, '--reason', '法院调取', '--seal-key', `${folder}/keys/seal.key`);
  assert.match(events('evidence.export', 1)[0], new RegExp(`^admin:\\S+ ${renewal.renewal_no} reason \\d+ sha256:`));
  asOwner('rm', '-rf', out);
});

test('every kind of bad input has its code and a record of who asked for what', async () => {
  const { renewal } = await paidRenewal(), { renewal: free } = await paidRenewal();
  const one = (no) => `${CASES}/${no}`;
  assert.equal((await call(other, 'POST', `${one(renewal.renewal_no)}/claim`, {})).status, 200); // another's lease
  const seen = (await call(reviewer, 'GET', one(free.renewal_no))).json;
  assert.equal((await call(other, 'POST', `${one(free.renewal_no)}/claim`, {})).status, 200);
  assert.equal((await call(other, 'DELETE', `${one(free.renewal_no)}/claim`)).status, 200);
  assert.equal((await call(reviewer, 'POST', `${one(free.renewal_no)}/claim`, {})).status, 200);
  const planted = randomBytes(32).toString('base64url');
  const hash = { content_sha256: seen.content_sha256 };
  const cookie = (token, more = {}) => ({ cookie: `xuqi_staff=${token}`, ...more });
  const kinds = [
    ['a forged session', { token: randomBytes(32).toString('base64url') }, 'GET', CASES, undefined, 401, 'session_unknown'],
    ['a session that somebody planted in the browser', null, 'GET', CASES, undefined, 401, 'session_unknown', cookie(planted)],
    ['a write by cookie without its mark', null, 'POST', `${CASES.replace('cases', 'next')}`, {}, 403, 'csrf_missing', cookie(reviewer.token)],
    ['another session\'s mark', null, 'POST', `${CASES.replace('cases', 'next')}`, {}, 403, 'csrf_foreign', cookie(reviewer.token, { 'x-xuqi-request': randomBytes(32).toString('base64url') })],
    ['another site\'s page', null, 'POST', `${CASES.replace('cases', 'next')}`, {}, 403, 'cross_site', cookie(reviewer.token, { origin: 'https://evil.example.com' })],
    ['a lease of another', reviewer, 'POST', `${one(renewal.renewal_no)}/claim`, {}, 409, 'case_claimed'],
    ['a decision under another\'s lease', reviewer, 'POST', `${one(renewal.renewal_no)}/approval`, { content_sha256: '0'.repeat(64) }, 409, 'case_claimed'],
    ['a release of another\'s lease', reviewer, 'DELETE', `${one(renewal.renewal_no)}/claim`, undefined, 409, 'case_claimed'],
    ['a stale version', reviewer, 'POST', `${one(free.renewal_no)}/approval`, { ...hash, version: seen.version }, 409, 'case_changed'],
    ['another content than is there', reviewer, 'POST', `${one(free.renewal_no)}/approval`, { content_sha256: '0'.repeat(64) }, 409, 'case_changed'],
    ['an unknown reason to reject', reviewer, 'POST', `${one(free.renewal_no)}/rejection`, { reason_code: 'because', reason_text: '不符' }, 422, 'fields_invalid'],
    ['an unknown reason to return', reviewer, 'POST', `${one(free.renewal_no)}/return`, { ...hash, fields: [{ name: 'agent.mobile', reason_code: 'because', reason_text: '不符' }], materials: [] }, 422, 'fields_invalid'],
    ['a field that is none', reviewer, 'POST', `${one(free.renewal_no)}/return`, { ...hash, fields: [{ name: 'agent.soul', reason_code: 'wrong', reason_text: '不符' }], materials: [] }, 422, 'fields_invalid'],
    ['a filter that is none', reviewer, 'GET', `${CASES}?tab=${encodeURIComponent("waiting' or '1'='1")}`, undefined, 422, 'fields_invalid'],
    ['a place that is none', reviewer, 'GET', `${CASES}?after=${encodeURIComponent("1.1.'; drop table xuqi.renewal; --")}`, undefined, 422, 'place_unknown'],
    ['text that is no UTF-8', reviewer, 'GET', `${CASES}?text=%ff%fe`, undefined, 400, 'bad_request'],
    ['a case that never was', reviewer, 'GET', one('01209912310000001'), undefined, 404, 'renewal_unknown'],
  ];
  const wrong = [];
  for (const [what, who, method, path, body, status, code, headers] of kinds) {
    const answer = await call(who, method, path, body, headers);
    if (answer.status !== status || answer.json?.code !== code) wrong.push(`${what}: ${answer.status} ${answer.text}`);
    if (status === 400) continue; // no request of a desk: refused before a route was found, and logged
    const [record] = events('access.refuse', 1);
    const asker = who?.name ? `staff:${who.name}` : /xuqi_staff=/.test(headers?.cookie ?? '') && code.startsWith('csrf') ? `staff:${reviewer.name}` : 'unknown';
    if (!record.startsWith(`${asker} route:${method} /api/v1/review/`) || !record.includes(` ${code} request=`)) wrong.push(`${what}: recorded as ${record}`);
  }
  assert.deepEqual(wrong, []);
});

test('a flood of refusals is recorded up to its bound, and each of them is told why', async (t) => {
  const web = await startWeb('flood-test', Number(new URL(demo.base_url).port) + 6, {}, (settings) => `${settings}\nstaff: { refusals_per_minute: 2 }\n`);
  t.after(() => web.stop());
  const before = count('access.refuse');
  for (let i = 0; i < 5; i++) {
    const answer = await client.call(web.demo.base_url, 'GET', CASES, { token: randomBytes(32).toString('base64url') });
    assert.equal(`${answer.status} ${answer.json.code}`, '401 session_unknown');
  }
  assert.equal(count('access.refuse') - before, 2);
});

test('hostile text in a filter is text: nothing is found, nothing breaks', async () => {
  for (const text of ["' or '1'='1", '%', '_', '\\', '"; drop table xuqi.renewal; --', '<script>alert(1)</script>', '$1', '${jndi:ldap://x}', '\u202e胡', '１２３４', 'a'.repeat(100), '()', '*', '..*+?^$[]{}|'])
    for (const tab of ['waiting', 'done', 'sample']) {
      const answer = await call(reviewer, 'GET', `${CASES}?${new URLSearchParams({ tab, text })}`);
      assert.equal(answer.status, 200, `${text}: ${answer.text}`);
      assert.deepEqual(answer.json.cases, [], text);
    }
  assert.equal((await call(reviewer, 'GET', `${CASES}?${new URLSearchParams({ text: 'a'.repeat(101) })}`)).json.code, 'fields_invalid');
  assert.ok(Number(sql('select count(*) from xuqi.renewal')) > 0);
});
