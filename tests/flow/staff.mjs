// SPDX-License-Identifier: Apache-2.0
// Staff from outside: the desks' own address, logging in, sessions, and what a foreign page, a stolen or an old session may
// not do. Runs like main.mjs.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { call } from '../support/client.mjs';
import { conforms } from '../support/openapi.mjs';
import { routes } from '../support/routes.mjs';
import { digestOf, enter, events, hire, seat } from '../support/staff.mjs';
import { demo, sql } from '../support/world.mjs';

const CURRENT = '/api/v1/staff/sessions/current';
let reviewer;
before(() => {
  sql('delete from xuqi.login_failure');
  reviewer = hire(['reviewer']);
});

const current = (token, options) => call(demo.base_url, 'GET', CURRENT, { token, ...options });
function refused(answer, status, code) {
  assert.equal(`${answer.status} ${answer.json?.code}`, `${status} ${code}`, answer.text);
}
// The last refusal that was recorded, without the number of its request.
const recorded = () => events('access.refuse', 1)[0].replace(/ request=[0-9a-f]{16}$/, '');

// A path of the route with something in each of its parts.
const somewhere = (route) => route.path.replace(/\{no\}/g, '01202611210000001').replace(/\{day\}/g, '2026-01-01').replace(/\{\w+\}/g, '1');
const at = (base, route) => call(base, route.method, somewhere(route), { exact: true });

test('every route of the desks is answered at the staff\'s address, and at no other', async () => {
  const desks = routes.filter((it) => it.listener === 'LISTENER_STAFF');
  assert.ok(desks.length > 20);
  assert.deepEqual(routes.filter((it) => it.access === 'ACCESS_STAFF' && it.listener !== 'LISTENER_STAFF'), []);
  for (const route of desks) {
    const outside = await at(demo.base_url, route);
    assert.deepEqual([outside.status, outside.json.code], [404, 'not_found'], `${route.method} ${route.path}`);
    assert.notEqual((await at(demo.staff_url, route)).json.code, 'not_found', `${route.method} ${route.path}`);
  }
});

test('no route of subscribers, gateways or monitoring is answered at the staff\'s address', async () => {
  for (const route of routes.filter((it) => it.listener !== 'LISTENER_STAFF')) {
    const answer = await at(demo.staff_url, route);
    assert.deepEqual([answer.status, answer.json?.code], [404, 'not_found'], `${route.method} ${route.path}`);
  }
});

// -- sessions

test('a session is one\'s own: a fresh token each time, and what is planted before the login stays worthless', async () => {
  const planted = randomBytes(32).toString('base64url');
  const answer = await enter(reviewer, { headers: { cookie: `xuqi_staff=${planted}` } });
  assert.equal(answer.status, 201, answer.text);
  conforms('post', '/api/v1/staff/sessions', answer);
  assert.notEqual(answer.json.token, planted);
  const [cookie] = answer.headers['set-cookie'];
  assert.match(cookie, /^xuqi_staff=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
  refused(await current(planted), 401, 'session_unknown');
  const session = await current(answer.json.token);
  conforms('get', CURRENT, session);
  assert.equal(session.json.csrf_token, answer.json.csrf_token);
});

test('a forged, a foreign, an idle, an old and an ended session have each a code and a record', async () => {
  const sessions = {
    session_unknown: randomBytes(32).toString('base64url'), session_expired: seat(reviewer), session_ended: seat(reviewer),
  };
  sql(`update xuqi.staff_session set idle_until = now() where token_digest = '\\x${digestOf(sessions.session_expired)}'`);
  await call(demo.base_url, 'DELETE', CURRENT, { token: sessions.session_ended });
  const old = seat(reviewer);
  sql(`update xuqi.staff_session set expires_at = now() where token_digest = '\\x${digestOf(old)}'`);
  for (const [code, token] of [...Object.entries(sessions), ['session_expired', old]]) {
    refused(await current(token), 401, code);
    assert.equal(recorded(), `${code === 'session_unknown' ? 'unknown' : `staff:${reviewer.name}`} route:GET ${CURRENT} ${code}`);
    refused(await call(demo.base_url, 'GET', '/api/v1/review/cases', { token }), 401, code);
  }
  for (const garbage of ['x', '%%%', 'A'.repeat(44), `${seat(reviewer)}A`]) refused(await current(garbage), 401, 'session_unknown');
  refused(await current(), 401, 'unauthenticated');
});

test('a right that is missing is recorded with who asked for what', async () => {
  refused(await call(demo.base_url, 'GET', '/api/v1/finance/refunds', { token: seat(reviewer) }), 403, 'forbidden');
  assert.equal(recorded(), `staff:${reviewer.name} route:GET /api/v1/finance/refunds forbidden`);
});

test('disabling somebody ends their sessions with the next request', async () => {
  const person = hire(['reviewer']), token = seat(person);
  assert.equal((await current(token)).status, 200);
  sql(`select xuqi.staff_disable('${person.name}')`);
  refused(await current(token), 401, 'session_ended');
});

test('whoever works is not idle, whatever they call', async () => {
  const token = seat(reviewer), left = () => Number(sql(`select extract(epoch from idle_until - now())::int from xuqi.staff_session where token_digest = '\\x${digestOf(token)}'`));
  sql(`update xuqi.staff_session set idle_until = now() + interval '1 minute' where token_digest = '\\x${digestOf(token)}'`);
  assert.equal((await call(demo.base_url, 'GET', '/api/v1/review/cases', { token })).status, 200);
  for (let i = 0; i < 100 && left() < 1800; i++) await new Promise((resolve) => { setTimeout(resolve, 20); });
  assert.ok(left() >= 1800, `${left()} s`);
});

// -- other sites

test('a write by cookie needs the session\'s own mark', async () => {
  const [mine, other] = [seat(reviewer), seat(reviewer)];
  const headers = { cookie: `xuqi_staff=${mine}` };
  const mark = (await current(mine)).json.csrf_token, foreign = (await current(other)).json.csrf_token;
  const close = (more) => call(demo.base_url, 'DELETE', CURRENT, { headers: { ...headers, ...more } });
  refused(await close({}), 403, 'csrf_missing');
  assert.equal(recorded(), `staff:${reviewer.name} route:DELETE ${CURRENT} csrf_missing`);
  for (const guess of ['1', foreign, `${mark}A`, mark.slice(1)]) refused(await close({ 'x-xuqi-request': guess }), 403, 'csrf_foreign');
  assert.equal((await current(undefined, { headers })).status, 200, 'reading needs none');
  assert.equal((await close({ 'x-xuqi-request': mark })).status, 200);
});

test('what another site makes a browser send is refused, logging in as well', async () => {
  const token = seat(reviewer), headers = { cookie: `xuqi_staff=${token}` };
  const foreign = [{ origin: 'https://evil.example.com' }, { origin: 'null' }, { origin: demo.base_url }, { origin: demo.staff_url.slice(0, -1) },
    { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }];
  for (const more of foreign) {
    refused(await current(undefined, { headers: { ...headers, ...more } }), 403, 'cross_site');
    refused(await enter(reviewer, { headers: more }), 403, 'cross_site');
  }
  assert.equal(recorded(), `unknown route:GET ${CURRENT} cross_site`);
  for (const more of [{ origin: demo.staff_url, 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }])
    assert.equal((await current(undefined, { headers: { ...headers, ...more } })).status, 200);
});

test('a desk\'s answers are for nobody else\'s page', async () => {
  const preflight = await call(demo.staff_url, 'OPTIONS', '/api/v1/review/cases', { headers: { origin: 'https://evil.example.com', 'access-control-request-method': 'POST' } });
  assert.equal(preflight.status, 405);
  for (const answer of [preflight, await current(seat(reviewer))])
    assert.deepEqual(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-')), []);
});

// -- logging in

test('a one-time code works once, whoever sends it again', async () => {
  const person = hire(['reviewer']);
  assert.equal((await enter(person)).status, 201);
  refused(await enter(person), 401, 'login_refused');
  assert.equal((await enter(person, { step: 1 })).status, 201);
  assert.deepEqual(events('login.refuse', 1), [`staff ${sql(`select 'staff:' || id from xuqi.staff where name = '${person.name}'`)}`]);
});

test('an unknown name, a wrong password, a wrong code and a disabled account are answered alike', async () => {
  const [person, gone] = [hire(['reviewer']), hire(['reviewer'])];
  sql(`select xuqi.staff_disable('${gone.name}')`);
  const tries = [enter(person, { name: 'nobody-at-all' }), enter(person, { password: 'not the password' }), enter(person, { totp: '000000' }), enter(gone)];
  const answers = (await Promise.all(tries)).map(({ status, json: { request_id: _, ...json } }) => ({ status, json }));
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal(answers[0].json.code, 'login_refused');
  sql('delete from xuqi.login_failure');
});
