// SPDX-License-Identifier: Apache-2.0
// Who may do what: every route of the desks × every role × an object of one's own platform and of another. The routes come
// from the route table; the rights are the table below, and a route without a row fails. What is allowed is recognised by not
// being refused for want of a right: whether it then succeeds is told by other tests. Runs like main.mjs.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { randomBytes } from 'node:crypto';
import * as client from '../support/client.mjs';
import { routes } from '../support/routes.mjs';
import { hire, seat } from '../support/staff.mjs';
import { demo, paidRenewal, sql } from '../support/world.mjs';

const payout = (fen) => ({ amount_fen: fen, reference: `matrix${fen}`, arrived_on: '2026-01-01', bank_account: 'nowhere' });

// R reviewer, S senior reviewer, F finance, U auditor, A administrator. object: what is one's own or another platform's; a
// route without one shows no platform's data, or filters its list by platform.
const RIGHTS = {
  'GET /api/v1/staff/sessions/current': { who: 'RSFUA' },
  'DELETE /api/v1/staff/sessions/current': { who: 'RSFUA' },
  'GET /api/v1/staff/person': { who: 'RSFUA' },
  // refused for its password, which is counted: forgotten behind the last test
  'PUT /api/v1/staff/person': { who: 'RSFUA', body: { password: 'x', totp: '000000', id_number: '110101199003072519', mobile: '13700000001' } },
  'GET /api/v1/staff/views': { who: 'RSFUA' },
  'POST /api/v1/staff/views': { who: 'RSFUA', body: () => ({ name: fresh(), address: '/review?tab=second' }) },
  'PUT /api/v1/staff/views/{id}': { who: 'RSFUA', body: () => ({ name: fresh() }) },
  'DELETE /api/v1/staff/views/{id}': { who: 'RSFUA' },

  'GET /api/v1/review/cases': { who: 'RS' },
  'GET /api/v1/review/counts': { who: 'RS' },
  'GET /api/v1/review/figures': { who: 'RSUA' },
  'POST /api/v1/review/next': { who: 'RS', body: {} },
  'GET /api/v1/review/cases/{no}': { who: 'RS', object: 'case' },
  'POST /api/v1/review/cases/{no}/reassignment': { who: 'S', object: 'case', body: { to: '' } },
  'POST /api/v1/review/cases/{no}/hold': { who: 'RS', object: 'case', body: { until: '2030-01-01T00:00:00+08:00', reason: 'x' } },
  'DELETE /api/v1/review/cases/{no}/hold': { who: 'RS', object: 'case' },
  'POST /api/v1/review/cases/{no}/sample': { who: 'RS', object: 'case', body: { verdict: 'right' } },
  'GET /api/v1/review/cases/{no}/materials/{kind}/{page}': { who: 'RS', object: 'case' },
  'POST /api/v1/review/cases/{no}/claim': { who: 'RS', object: 'case', body: {} },
  'DELETE /api/v1/review/cases/{no}/claim': { who: 'RS', object: 'case' },
  'POST /api/v1/review/cases/{no}/unmasking': { who: 'RS', object: 'case', body: { fields: ['agent.mobile'], reason: '电话核对申请人' } },
  'POST /api/v1/review/cases/{no}/approval': { who: 'RS', object: 'case', body: { content_sha256: '0'.repeat(64) } },
  'POST /api/v1/review/cases/{no}/rejection': { who: 'RS', object: 'case', body: { reason_code: 'other', reason_text: 'x' } },
  'POST /api/v1/review/cases/{no}/return': { who: 'RS', object: 'case', body: { content_sha256: '0'.repeat(64), fields: [{ name: 'agent.mobile', reason_code: 'wrong', reason_text: 'x' }], materials: [] } },

  'GET /api/v1/review/mistakes': { who: 'RSU' },
  'POST /api/v1/review/mistakes/{no}/assignment': { who: 'S', object: 'case', body: { owner: 'nobody-at-all', version: 1 } },
  'POST /api/v1/review/mistakes/{no}/closing': { who: 'S', object: 'case', body: { reason: '核对' } },
  'GET /api/v1/review/passes': { who: 'RSU' },
  'POST /api/v1/review/passes/{platform}/resumption': { who: 'S', object: 'platform', body: { reason: '核对', stop: 999999 } },

  'GET /api/v1/finance/statements': { who: 'F' },
  'POST /api/v1/finance/statements': { who: 'F', query: '?account=7443900182600096874&file_name=a.csv', raw: 'x', type: 'text/csv' },
  'GET /api/v1/finance/statements/{id}/lines': { who: 'F' },
  'GET /api/v1/finance/lines': { who: 'F' },
  'GET /api/v1/finance/lines/{id}/candidates': { who: 'F' },
  'GET /api/v1/finance/orders': { who: 'F' },
  'GET /api/v1/finance/orders/{no}/candidates': { who: 'F', object: 'order' },
  'GET /api/v1/finance/matches': { who: 'F' },
  'GET /api/v1/finance/requests': { who: 'F' },
  'POST /api/v1/finance/requests': { who: 'F', object: 'order', body: (it) => ({ key: fresh(), kind: 'match', line_id: 999999999, order_no: it.order, amount_fen: 1, reason: 'x' }) },
  'POST /api/v1/finance/requests/{id}/approval': { who: 'F', body: {} },
  'POST /api/v1/finance/requests/{id}/refusal': { who: 'F', body: {} },
  'GET /api/v1/finance/exports/{list}': { who: 'F' },
  'GET /api/v1/finance/reconciliation': { who: 'FU', query: '?from=2026-01-01&to=2026-01-02' },
  'POST /api/v1/finance/reconciliation/{day}/{rail}/run': { who: 'F', body: {} },
  'PUT /api/v1/finance/reconciliation/{day}/{rail}/bill': { who: 'F', raw: 'x', type: 'text/csv' },
  'POST /api/v1/finance/reconciliation/{day}/{rail}/payouts': { who: 'F', body: payout(1) },
  'GET /api/v1/finance/differences': { who: 'FU' },
  'GET /api/v1/finance/differences.csv': { who: 'FU' },
  'POST /api/v1/finance/differences/{id}/assignment': { who: 'F', body: { owner: 'nobody-at-all', version: 1 } },
  'POST /api/v1/finance/differences/{id}/resolution': { who: 'F', body: { reason: '核对' } },
  'GET /api/v1/finance/clearing/{rail}': { who: 'FU' },
  'GET /api/v1/finance/changes': { who: 'F' },
  'POST /api/v1/finance/changes/{id}/settlement': { who: 'F', body: () => ({ key: fresh(), decision: 'dismiss', reason: 'x' }) },
  'GET /api/v1/finance/ledger': { who: 'FU', query: '?from=2026-01-01&to=2026-01-02' },
  'GET /api/v1/finance/ledger/transfers': { who: 'FU', query: '?from=2026-01-01&to=2026-01-02&kind=gateway_clearing' },
  'GET /api/v1/finance/ledger/postings/{id}': { who: 'FU' },
  'GET /api/v1/finance/overview': { who: 'FU', query: '?from=2026-01-01&to=2026-01-02' },
  'GET /api/v1/finance/payouts': { who: 'FU' },
  'POST /api/v1/finance/payouts/export': { who: 'F', body: () => ({ key: fresh() }) },
  'GET /api/v1/finance/reversals': { who: 'FU' },
  'POST /api/v1/finance/reversals': { who: 'F', body: () => ({ event_type: 'issue', event_key: fresh(), reason: 'x' }) },
  'POST /api/v1/finance/reversals/{id}/approval': { who: 'F', body: {} },
  'POST /api/v1/finance/reversals/{id}/refusal': { who: 'F', body: {} },
  'GET /api/v1/finance/refunds': { who: 'F' },
  'POST /api/v1/finance/refunds/{refund}/approval': { who: 'F', object: 'refund', body: {} },
  'POST /api/v1/finance/refunds/{refund}/refusal': { who: 'F', object: 'refund', body: { reason: 'x' } },
  'POST /api/v1/finance/refunds/{refund}/retry': { who: 'F', object: 'refund', body: {} },
  'POST /api/v1/finance/refunds/{refund}/payout': { who: 'F', object: 'refund', body: { bank_account: '7443900182600096874', bank_reference: 'x' } },
  'POST /api/v1/finance/orders/{no}/refunds': { who: 'F', object: 'order', body: () => ({ amount_fen: 1, reason: 'x', request_no: fresh() }) },
  'GET /api/v1/finance/invoices': { who: 'F' },
  'GET /api/v1/finance/orders/{no}/invoice': { who: 'F', object: 'order' },
  'PUT /api/v1/finance/orders/{no}/invoice': { who: 'F', object: 'order', body: { state: 'reversed', number: '1' } },
  'POST /api/v1/finance/unknown/{number}/resolution': { who: 'F', body: { kind: 'payment', happened: false, evidence: 'x' } },

  'GET /api/v1/admin/staff': { who: 'UA' },
  'GET /api/v1/admin/platforms': { who: 'FUA' },
  'GET /api/v1/admin/halts': { who: 'UA' },
  'GET /api/v1/admin/calendar': { who: 'UA' },
  'GET /api/v1/admin/texts': { who: 'UA' },
  'POST /api/v1/admin/staff/{name}/disabling': { who: 'A', body: {} },
  'GET /api/v1/admin/requests': { who: 'FUA' },
  'POST /api/v1/admin/requests': { who: 'A', body: () => ({ key: fresh(), kind: 'staff_enrol', name: 'nobody-at-all', version: 1, reason: 'x' }) },
  'POST /api/v1/admin/requests/{id}/approval': { who: 'A', body: {} },
  'POST /api/v1/admin/requests/{id}/refusal': { who: 'A', body: {} },
  'GET /api/v1/admin/prices/{platform}': { who: 'FUA', object: 'platform' },
  'POST /api/v1/admin/prices/{platform}': { who: 'FA', object: 'platform', body: () => ({ key: fresh(), version: 0, effective_on: '2000-01-01', reason: 'x', terms: [{ months: 12, items: [{ name: 'a', unit_fen: 1, quantity: 1 }] }] }) },
  'GET /api/v1/admin/prices/{platform}/versions': { who: 'FUA', object: 'platform' },

  'GET /api/v1/audit/events': { who: 'UA' },
  'GET /api/v1/audit/events/{id}': { who: 'UA' },
  'GET /api/v1/operations': { who: 'SFUA' },
};
const ROLES = { R: 'reviewer', S: 'senior_reviewer', F: 'finance', U: 'auditor', A: 'administrator' };
const fresh = () => randomBytes(12).toString('hex');

const agent = new Agent({ keepAlive: true, maxSockets: 4 });
function send(method, path, { token, headers = {}, body, raw, type }) {
  const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const req = request(new URL(path, demo.staff_url), { method, agent, headers: {
      ...(content === undefined ? {} : { 'content-type': type ?? 'application/json', 'content-length': Buffer.byteLength(content) }),
      ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers,
    } }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (part) => { text += part; }).on('end', () => {
        resolve({ status: res.statusCode, code: (res.headers['content-type'] ?? '').includes('json') ? JSON.parse(text).code : undefined, text });
      });
    });
    req.on('error', reject).end(content);
  });
}

const desks = routes.filter((it) => it.listener === 'LISTENER_STAFF');
const guarded = desks.filter((it) => it.access === 'ACCESS_STAFF');
const nameOf = (route) => `${route.method} ${route.path}`;
let own, people;

// The paths of a route: {no} is a case's or an order's number, as its row says.
function target(route, right, it) {
  const part = { no: right.object === 'order' ? it.order : it.no, refund: it.refund, platform: it.platform, kind: 'application_form', page: '1', id: '999999999', list: 'lines',
    day: '2026-01-01', rail: 'alipay', number: '999999999', name: 'nobody-at-all' };
  return route.path.replace(/\{(\w+)\}/g, (_, name) => part[name] ?? assert.fail(`${route.path}: what is {${name}}?`)) + (right.query ?? '');
}
const bodyOf = (right, it) => (typeof right.body === 'function' ? right.body(it) : right.body);

before(async () => {
  const { renewal } = await paidRenewal();
  const given = (await paidRenewal()).renewal; // its money is to go back
  await client.cancel(demo, given);
  const refund = sql(`select refund_no from xuqi.refund where renewal_no = '${given.renewal_no}'`);
  own = { no: renewal.renewal_no, order: renewal.order_no, refund, platform: 'sz-consumables' };
  people = Object.fromEntries(Object.entries(ROLES).map(([letter, role]) => [letter, { mine: hire([role]), theirs: hire([role]) }]));
  for (const { theirs } of Object.values(people)) sql(`update xuqi.staff set platforms = '{gpo}' where name = '${theirs.name}'`);
});
// The payout that finance may book is taken back, so that clearing is explained as before.
after(async () => {
  sql('delete from xuqi.login_failure');
  await send('POST', '/api/v1/finance/reconciliation/2026-01-01/alipay/payouts', { token: seat(people.F.mine), body: payout(-1) });
  agent.destroy();
});

test('every route of the desks has a row, and every row a route', () => {
  assert.deepEqual(guarded.map(nameOf).sort(), Object.keys(RIGHTS).sort());
  assert.deepEqual(desks.filter((it) => it.access !== 'ACCESS_STAFF').map(nameOf).sort(),
    ['POST /api/v1/staff/enrolments', 'POST /api/v1/staff/sessions', 'POST /api/v1/staff/sessions/certificate'], 'what anybody may call is set up and logging in alone');
});

test('nobody without a session gets anywhere', async () => {
  for (const route of guarded) {
    const right = RIGHTS[nameOf(route)], options = { body: bodyOf(right, own), raw: right.raw, type: right.type };
    const [none, guess] = [await send(route.method, target(route, right, own), options),
      await send(route.method, target(route, right, own), { ...options, token: randomBytes(32).toString('base64url') })];
    assert.deepEqual([none.status, none.code, guess.status, guess.code], [401, 'unauthenticated', 401, 'session_unknown'], nameOf(route));
  }
});

for (const [letter, role] of Object.entries(ROLES)) {
  test(`what a member of staff with the role ${role} may do, and nothing else`, async () => {
    const wrong = [];
    for (const whose of ['mine', 'theirs']) {
      const token = seat(people[letter][whose]);
      for (const route of guarded) {
        if (nameOf(route) === 'DELETE /api/v1/staff/sessions/current') continue; // its own session: last
        const right = RIGHTS[nameOf(route)];
        const answer = await send(route.method, target(route, right, own), { token, body: bodyOf(right, own), raw: right.raw, type: right.type });
        const expected = !right.who.includes(letter) ? 'forbidden' : whose === 'theirs' && right.object ? 'platform_forbidden' : 'allowed';
        const got = ['forbidden', 'platform_forbidden'].includes(answer.code) ? answer.code : answer.status === 401 || answer.status >= 500 || answer.code === 'fields_invalid' ? `${answer.status} ${answer.text}` : 'allowed';
        if (got !== expected) wrong.push(`${nameOf(route)} of ${whose}: ${got}, expected ${expected}`);
      }
      assert.equal((await send('DELETE', '/api/v1/staff/sessions/current', { token })).status, 200);
    }
    assert.deepEqual(wrong, []);
  });
}

test('lists show one\'s own platforms alone', async () => {
  const [mine, theirs] = [seat(people.R.mine), seat(people.R.theirs)];
  const shown = async (token) => JSON.parse((await send('GET', '/api/v1/review/cases?size=100', { token })).text).cases ?? [];
  assert.deepEqual([...new Set((await shown(theirs)).map((it) => it.platform))].filter((it) => it !== 'gpo'), []);
  assert.ok((await shown(mine)).length > 0);
});

test('who reviewed a case does not move its money, whatever role they have by now', async () => {
  const changed = hire(['finance']);
  sql(`insert into xuqi.approval (renewal_no, staff_id, content_hash) select '${own.no}', id, sha256('x') from xuqi.staff where name = '${changed.name}'`);
  const answer = await send('POST', `/api/v1/finance/orders/${own.order}/refunds`, { token: seat(changed), body: { amount_fen: 1, reason: 'x', request_no: fresh() } });
  assert.deepEqual([answer.status, answer.code], [403, 'duty_conflict']);
});
