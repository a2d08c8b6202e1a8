// SPDX-License-Identifier: Apache-2.0
// The administration's desk from outside: accounts and rights by two people, enrolment by the person, access reviews, prices,
// halting, exports. Runs like main.mjs.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { call } from '../support/client.mjs';
import { conforms } from '../support/openapi.mjs';
import { enter, events, hire, seat } from '../support/staff.mjs';
import { ctl, demo, sql } from '../support/world.mjs';

const REQUESTS = '/api/v1/admin/requests';
let ada, bea, auditor, finance;
before(() => {
  sql('delete from xuqi.login_failure');
  [ada, bea] = [seat(hire(['administrator'])), seat(hire(['administrator']))];
  [auditor, finance] = [seat(hire(['auditor'])), seat(hire(['finance']))];
});

const fresh = () => randomBytes(12).toString('hex');
const post = (token, path, body = {}) => call(demo.base_url, 'POST', path, { token, body });
const get = (token, path) => call(demo.base_url, 'GET', path, { token });
const ask = (token, body) => post(token, REQUESTS, { key: fresh(), reason: '入职', ...body });
const approve = (token, id) => post(token, `${REQUESTS}/${id}/approval`);
function refused(answer, status, code) {
  assert.equal(`${answer.status} ${answer.json.code}`, `${status} ${code}`, answer.text);
}
const fieldsOf = (answer) => answer.json.fields?.map((it) => it.path).join();
const accountOf = async (name) => (await get(ada, '/api/v1/admin/staff')).json.staff.find((it) => it.name === name);

test('an account takes two administrators and its owner', async () => {
  const name = `new-${fresh().slice(0, 8)}`, password = '一个足够长的口令 and more';
  const key = fresh(), body = { key, kind: 'staff_add', name, display_name: '新审核员', roles: ['reviewer'], platforms: ['gpo', 'pingan'], reason: '入职' };
  const asked = await post(ada, REQUESTS, body);
  assert.equal(asked.status, 202, asked.text);
  conforms('post', REQUESTS, asked);
  assert.equal((await post(ada, REQUESTS, body)).json.request_id, asked.json.request_id);
  const id = asked.json.request_id;
  const list = await get(auditor, REQUESTS);
  conforms('get', REQUESTS, list);
  assert.equal(list.json.requests.find((it) => it.id === id).becomes, 'invited; roles reviewer; platforms gpo,pingan');
  refused(await approve(ada, id), 409, 'decider_same');
  refused(await approve(auditor, id), 403, 'forbidden');
  const done = await approve(bea, id);
  conforms('post', `${REQUESTS}/{id}/approval`, done);
  assert.match(done.json.enrolment_token, /^[\w-]{43}$/);

  const enrol = (token, chosen = password) => call(demo.base_url, 'POST', '/api/v1/staff/enrolments', { body: { token, password: chosen } });
  refused(await enrol(done.json.enrolment_token, 'short'), 422, 'fields_invalid');
  refused(await enrol('A'.repeat(43)), 401, 'enrolment_unknown');
  refused(await enrol('x'), 401, 'enrolment_unknown');
  const enrolled = await enrol(done.json.enrolment_token);
  assert.equal(enrolled.status, 201, enrolled.text);
  conforms('post', '/api/v1/staff/enrolments', enrolled);
  assert.ok(enrolled.json.totp_uri.includes(enrolled.json.totp_secret));
  refused(await enrol(done.json.enrolment_token), 401, 'enrolment_unknown');

  const person = { name, password, totp_secret: enrolled.json.totp_secret };
  const session = await enter(person);
  assert.equal(session.status, 201, session.text);
  const account = await accountOf(name);
  assert.deepEqual([account.roles, account.platforms, account.status, account.granted_by], [['reviewer'], ['gpo', 'pingan'], 'active', 'enrolment']);

  const change = { kind: 'staff_change', name, version: account.version, roles: ['senior_reviewer'], platforms: ['*'] };
  refused(await ask(ada, { ...change, version: account.version + 1 }), 409, 'staff_changed');
  assert.equal((await approve(ada, (await ask(bea, change)).json.request_id)).json.state, 'done');
  refused(await get(session.json.token, '/api/v1/staff/sessions/current'), 401, 'session_ended');
  assert.deepEqual((await enter(person, { step: 1 })).json.roles, ['senior_reviewer']);
  const stopped = await post(ada, `/api/v1/admin/staff/${name}/disabling`);
  conforms('post', '/api/v1/admin/staff/{name}/disabling', stopped);
  assert.equal((await accountOf(name)).status, 'disabled');
});

test('what is asked wrongly is told field by field', async () => {
  const good = { kind: 'staff_add', name: 'somebody', display_name: 'x', roles: ['reviewer'], platforms: ['*'] };
  const cases = [[{ ...good, key: 'short' }, 'key'], [{ ...good, reason: '  ' }, 'reason'], [{ ...good, kind: 'root' }, 'kind'], [{ ...good, name: 'a b' }, 'name'],
    [{ ...good, roles: ['root'] }, 'roles'], [{ ...good, roles: [] }, 'roles'], [{ ...good, roles: ['reviewer', 'reviewer'] }, 'roles'], [{ ...good, roles: [1] }, 'roles'],
    [{ ...good, platforms: ['*', 'gpo'] }, 'platforms'], [{ ...good, platforms: ['nowhere'] }, 'platforms'], [{ ...good, version: 1 }, 'version'],
    [{ kind: 'halt', roles: ['reviewer'] }, 'roles'], [{ kind: 'staff_enrol', name: 'somebody' }, 'version'], [{ ...good, extra: 1 }, 'extra']];
  for (const [body, field] of cases) {
    const answer = await ask(ada, body);
    assert.equal(`${answer.status} ${fieldsOf(answer)}`, `422 ${field}`, answer.text);
  }
  refused(await ask(ada, { ...good, roles: ['reviewer', 'finance'] }), 422, 'duties_clash');
  for (const query of ['?state=new', '?before=x', '?before=0', '?size=0', '?size=1000']) refused(await get(ada, `${REQUESTS}${query}`), 422, 'fields_invalid');
  refused(await approve(ada, 'x'), 404, 'request_unknown');
  refused(await approve(ada, 999999999), 404, 'request_unknown');
});

test('nobody decides about themselves, not by a colleague\'s request either', async () => {
  const person = hire(['administrator']), own = seat(person);
  const { version } = await accountOf(person.name);
  refused(await ask(own, { kind: 'staff_enrol', name: person.name, version }), 403, 'own_account');
  refused(await post(own, `/api/v1/admin/staff/${person.name}/disabling`), 403, 'own_account');
  refused(await approve(own, (await ask(ada, { kind: 'staff_enrol', name: person.name, version })).json.request_id), 403, 'own_account');
});

test('two people halt issuance, and two release it', async () => {
  const halted = () => sql('select count(*) from xuqi.halt where released_at is null');
  const id = (await ask(ada, { kind: 'halt', reason: '密钥疑似泄露' })).json.request_id;
  assert.equal(halted(), '0');
  assert.equal((await approve(bea, id)).json.state, 'done');
  assert.equal(halted(), '1');
  assert.equal((await approve(ada, (await ask(bea, { kind: 'release', reason: '已排除' })).json.request_id)).json.state, 'done');
  assert.equal(halted(), '0');
});

test('a price takes two people, and shows what it changes before', async () => {
  const path = '/api/v1/admin/prices/pingan';
  const now = await get(finance, path);
  conforms('get', '/api/v1/admin/prices/{platform}', now);
  const day = new Date(Date.now() + 400 * 86400000).toISOString().slice(0, 10);
  const proposal = { key: fresh(), version: now.json.version, effective_on: day, reason: '调价', terms: [{ months: 12, items: [{ name: '证书服务费', unit_fen: 12345, quantity: 1 }] }] };
  const asked = await post(finance, path, proposal);
  assert.equal(asked.status, 202, asked.text);
  conforms('post', '/api/v1/admin/prices/{platform}', asked);
  assert.equal(asked.json.becomes, `${day} 12: 123.45 = 证书服务费 123.45 x 1`);
  assert.match(asked.json.was, /^\d{4}-\d\d-\d\d 12: /);
  refused(await approve(finance, asked.json.request_id), 409, 'decider_same');
  assert.equal((await approve(ada, asked.json.request_id)).json.state, 'done');
  assert.equal((await get(auditor, path)).json.items.find((it) => it.effective_on === day).unit_fen, 12345);
  refused(await post(finance, path, { ...proposal, key: fresh() }), 409, 'version_conflict');
  const wrong = [[{ effective_on: '2027-02-30' }, 'effective_on'], [{ terms: [] }, 'terms'], [{ terms: [{ months: 0, items: proposal.terms[0].items }] }, 'terms[0].months'],
    [{ terms: [proposal.terms[0], proposal.terms[0]] }, 'terms[1].months'], [{ terms: [{ months: 12, items: [{ name: ' ', unit_fen: 1, quantity: 1 }] }] }, 'terms[0].items[0].name'],
    [{ terms: [{ months: 12, items: [{ name: 'a', unit_fen: 0, quantity: 1 }] }] }, 'terms[0].items[0].unit_fen'], [{ terms: [{ months: 12, items: [] }] }, 'terms[0].items']];
  for (const [change, field] of wrong) {
    const answer = await post(finance, path, { ...proposal, key: fresh(), ...change });
    assert.equal(`${answer.status} ${fieldsOf(answer)}`, `422 ${field}`, answer.text);
  }
  refused(await get(finance, '/api/v1/admin/prices/nowhere'), 404, 'platform_unknown');
});

test('what two people have decided is not taken back by a load in passing', async () => {
  const load = (...options) => { try { return ctl('platform', 'load', 'pingan', '--yes', ...options); } catch (problem) { return `${problem.stdout}${problem.stderr}`; } };
  const items = async () => (await get(finance, '/api/v1/admin/prices/pingan')).json.items.length;
  const before = await items();
  assert.match(load(), /was decided by two persons at the desk and is not in the file/);
  assert.match(load('--changed'), /pingan: .*the file is the one loaded last/);
  assert.equal(await items(), before);
  assert.match(load('--take-back', '--dry-run'), /取消 taken back/);
});

test('what leaves the system by export is on the audit trail before it does', async () => {
  assert.equal((await get(finance, '/api/v1/finance/exports/lines?state=all')).status, 200);
  assert.match(events('export', 1)[0], /^staff:test-\S+ list:lines state=all$/);
  assert.equal((await get(finance, '/api/v1/finance/differences.csv?rail=alipay')).status, 200);
  assert.match(events('export', 1)[0], / list:differences /);
  const before = sql(`select count(*) from xuqi.audit_event where action = 'export'`);
  refused(await get(auditor, '/api/v1/finance/exports/lines'), 403, 'forbidden');
  assert.equal(sql(`select count(*) from xuqi.audit_event where action = 'export'`), before);
});

test('the access review lists who has what since when, and who does not use it', async () => {
  const idle = hire(['auditor']);
  sql(`update xuqi.staff set created_at = now() - interval '91 days' where name = '${idle.name}'`);
  const rows = ctl('staff', 'review').trim().split('\n').map((line) => line.split('\t'));
  const row = rows.find(([name]) => name === idle.name);
  assert.deepEqual([row[2], row[3], row[4], row[5], row[8], row[9]], ['active', 'auditor', '*', 'admin', '-', '是 yes']);
  assert.ok(rows.some(([text]) => /超过 90 天未使用/.test(text)));
  const stranger = hire(['reviewer']), noted = (name) => ctl('staff', 'review').split('\n').find((line) => line.startsWith(`${name}\t`)).split('\t')[10];
  assert.deepEqual([noted(stranger.name), noted(idle.name)], ['是 yes', '-']);
  assert.match(ctl('staff', 'review'), /名审核员未登记本人/);
  assert.equal(ctl('staff', 'review', '--days', '92').split('\n').find((line) => line.startsWith(idle.name)).split('\t')[9], '-');
  const listed = await get(auditor, '/api/v1/admin/staff');
  conforms('get', '/api/v1/admin/staff', listed);
  assert.equal(listed.json.staff.find((it) => it.name === idle.name).unused, true);
});

test('the pages of the administration read what is in force, and only read', async () => {
  const seen = async (token, path, route = path.split('?')[0]) => {
    const answer = await get(token, path);
    assert.equal(answer.status, 200, answer.text);
    conforms('get', route, answer);
    return answer.json;
  };
  const { platforms } = await seen(finance, '/api/v1/admin/platforms');
  const one = platforms.find((it) => it.platform === 'gd-drug');
  assert.deepEqual([one.window.expired, one.client.minimum_version_expired, one.fee_version > 0], [true, '4.7.6', true]);
  assert.match(one.rules_published_at, /\+08:00$/);
  const { versions } = await seen(auditor, '/api/v1/admin/prices/pingan/versions?size=1', '/api/v1/admin/prices/{platform}/versions');
  assert.equal(versions[0].changes.find((it) => it.becomes?.unit_fen === 12345)?.effective_on.length, 10);
  assert.match(versions[0].request.asked_by, /^测试 /);
  const { halted, halts } = await seen(ada, '/api/v1/admin/halts');
  assert.deepEqual([halted, halts[0].reason, halts[0].release_reason], [false, '密钥疑似泄露', '已排除']);
  assert.ok((await seen(ada, '/api/v1/admin/calendar?year=2026', '/api/v1/admin/calendar')).years.find((it) => it.year === 2026).days.some((it) => it.working));
  const texts = await seen(auditor, '/api/v1/admin/texts');
  assert.ok(texts.agreements.some((it) => it.platforms.includes('gpo')));
  assert.ok(texts.templates.some((it) => it.event === 'approved' && it.sms.includes('{renewal_no}')));
  for (const [path, field] of [['/api/v1/admin/calendar?year=1', 'year'], ['/api/v1/audit/events?from=2026-02-30', 'from'], ['/api/v1/audit/events?before=0', 'before'], ['/api/v1/audit/events?size=201', 'size']])
    assert.equal(fieldsOf(await get(ada, path)), field);
});

test('the trail shows each event with its proof, and who administers nothing of a case', async () => {
  const path = '/api/v1/audit/events';
  const mine = await get(ada, `${path}?action=admin.&size=5`);
  conforms('get', path, mine);
  assert.equal(mine.json.events.length, 5);
  const { id } = mine.json.events[4];
  for (let i = 0; ; i++) { // sealed within a second, signed within a few more
    const answer = await get(auditor, `${path}/${id}`);
    conforms('get', `${path}/{id}`, answer);
    if (answer.json.proof === 'witnessed' && answer.json.path.length > 0 && answer.json.checkpoint.includes(answer.json.size)) break;
    assert.ok(i < 150, answer.text);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  const of_case = sql(`select id from xuqi.audit_event where action = 'renewal.submit' order by id desc limit 1`);
  if (of_case !== '') {
    refused(await get(ada, `${path}/${of_case}`), 403, 'forbidden');
    assert.equal((await get(auditor, `${path}/${of_case}`)).json.action, 'renewal.submit');
  }
  refused(await get(auditor, `${path}/x`), 404, 'event_unknown');
  assert.equal((await call(demo.base_url, 'DELETE', `${path}/${id}`, { token: auditor })).status, 405);
});

test('operations are figures with their times', async () => {
  const answer = await get(finance, '/api/v1/operations');
  assert.equal(answer.status, 200, answer.text);
  conforms('get', '/api/v1/operations', answer);
  const of = (area, figure) => answer.json.figures.filter((it) => it.area === area && it.figure === figure);
  assert.deepEqual(of('process', 'up').map((it) => [it.name, it.value]).sort(), [['issuer', 1], ['jobs', 1]]);
  assert.equal(of('rail', 'breaker').length, 3);
  assert.ok(of('certificate', 'days_left').every((it) => it.at !== null && it.level !== null));
  assert.equal(of('issuer', 'lease')[0].level, 'good');
});

test('a rail that was paused counts as set up, also while a web process has not heard yet that it goes again', async () => {
  const offered = async () => (await get(null, '/api/v1/platforms/gpo')).json.payment_methods.includes('unionpay');
  const setUp = async () => (await get(finance, '/api/v1/operations')).json.figures.find((it) => it.figure === 'set_up' && it.name === 'unionpay').value;
  sql(`select outcome from xuqi.rail_note('unionpay', 'open', 'gateway_unavailable')`);
  try {
    for (let unheard = 8; unheard > 0; unheard = (await offered()) ? 8 : unheard - 1); // whichever web process answers
    assert.equal(await setUp(), 1);
  } finally { sql(`select outcome from xuqi.rail_note('unionpay', 'closed', '')`); }
  assert.equal(await setUp(), 1);
});
