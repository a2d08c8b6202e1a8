// SPDX-License-Identifier: Apache-2.0
// What finance and auditors read of the books over the wire, the exports of it, and the views that staff keep. Runs like main.mjs.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import * as client from '../support/client.mjs';
import { conforms } from '../support/openapi.mjs';
import { refusedWith } from '../support/refund.mjs';
import { hire, seat } from '../support/staff.mjs';
import { demo, paidRenewal, sql } from '../support/world.mjs';

let clerk, auditor, reviewer;
const call = (token, method, path, body) => client.call(demo.base_url, method, path, { token, ...(body ? { body } : {}) });
const get = async (token, path, at = path.split('?')[0]) => {
  const answer = await call(token, 'GET', path);
  assert.equal(answer.status, 200, `${path}: ${answer.text}`);
  conforms('get', at, answer);
  return answer.json;
};
const root = '/api/v1/finance';

before(async () => {
  [clerk, auditor, reviewer] = [['finance'], ['auditor'], ['reviewer']].map((roles) => seat(hire(roles)));
  await paidRenewal();
});

test('the books agree, and lead from an account to a posting and to the gateway\'s word', async () => {
  const { accounts } = await get(auditor, `${root}/ledger`);
  const sum = (name) => accounts.reduce((all, it) => all + it[name], 0);
  assert.equal(sum('debit_fen'), sum('credit_fen'));
  assert.equal(sum('opening_fen'), 0);
  assert.equal(sum('closing_fen'), 0);
  const { transfers } = await get(clerk, `${root}/ledger/transfers?kind=gateway_clearing&owner=alipay&size=2`);
  assert.ok(transfers[0].debit_fen > 0 || transfers[0].credit_fen > 0);
  const paid = sql("select max(id) from xuqi.posting where event_type = 'gateway'");
  const { posting, legs, evidence } = await get(auditor, `${root}/ledger/postings/${paid}`, `${root}/ledger/postings/{id}`);
  assert.equal(posting.held_by, 'order');
  assert.equal(legs.length, 2);
  assert.ok(evidence.some((it) => it.kind === 'payment_notice' && /sha256 [0-9a-f]{64}/.test(it.detail)));
  assert.ok((await get(clerk, `${root}/overview?unit=month`)).figures.some((it) => it.part === 'income' && it.amount_fen > 0));
  assert.ok(Array.isArray((await get(auditor, `${root}/payouts?state=all`)).payouts));
});

test('they are for finance and auditors', async () => {
  for (const path of ['ledger', 'ledger/transfers?kind=revenue', 'ledger/postings/1', 'overview', 'payouts', 'exports/ledger', 'exports/payouts'])
    refusedWith(await call(reviewer, 'GET', `${root}/${path}`), 403, 'forbidden');
  refusedWith(await call(clerk, 'GET', `${root}/ledger/postings/999999999`), 404, 'posting_unknown');
  refusedWith(await call(clerk, 'GET', `${root}/ledger/postings/x`), 404, 'posting_unknown');
});

test('what cannot be asked for is said', async () => {
  for (const path of ['ledger?from=2026-02-30', 'ledger?from=2026-02-02&to=2026-02-01', 'ledger?from=2020-01-01&to=2026-01-01', 'overview?unit=week', 'payouts?state=lost', 'ledger/transfers?kind=revenue&before=x', 'exports/ledger?to=yesterday'])
    refusedWith(await call(clerk, 'GET', `${root}/${path}`), 422, 'fields_invalid');
  assert.deepEqual((await get(clerk, `${root}/ledger/transfers?kind=nothing%27`, `${root}/ledger/transfers`)).transfers, []);
});

test('the exports open in a spreadsheet, and are on the audit trail', async () => {
  for (const [list, title] of [['ledger', '科目代码'], ['ledger_transfers?kind=payer_credit', '分录编号'], ['payouts?state=all', '付款编号']]) {
    const answer = await call(auditor, 'GET', `${root}/exports/${list}`);
    assert.equal(answer.status, 200, answer.text);
    assert.ok(answer.bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])));
    assert.ok(answer.text.includes(title));
  }
  assert.match(sql("select detail from xuqi.audit_event where action = 'export' and object = 'list:ledger_transfers' order by id desc limit 1"), /kind=payer_credit/);
});

test('a view is kept, used anywhere, renamed and removed, by its owner alone', async () => {
  const views = '/api/v1/staff/views';
  const name = `复核 ${Date.now().toString(36)}`;
  const kept = await call(reviewer, 'POST', views, { name, address: '/review?tab=second' });
  assert.equal(kept.status, 200, kept.text);
  conforms('post', views, kept);
  assert.equal((await call(reviewer, 'POST', views, { name, address: '/review?tab=second' })).json.id, kept.json.id);
  refusedWith(await call(reviewer, 'POST', views, { name, address: '/review' }), 409, 'view_name_taken');
  for (const address of ['https://evil.example/', '//evil.example', '/review\\x', 'review', ''])
    refusedWith(await call(reviewer, 'POST', views, { name: 'x', address }), 422, 'fields_invalid');
  refusedWith(await call(reviewer, 'POST', views, { name: '  ', address: '/review' }), 422, 'fields_invalid');
  const one = `${views}/${kept.json.id}`;
  refusedWith(await call(clerk, 'PUT', one, { name: 'mine' }), 404, 'view_unknown');
  const renamed = await call(reviewer, 'PUT', one, { name: `${name} 2` });
  conforms('put', `${views}/{id}`, renamed);
  assert.deepEqual((await get(reviewer, views)).views.filter((it) => it.id === kept.json.id), [{ id: kept.json.id, name: `${name} 2`, address: '/review?tab=second' }]);
  for (let again = 0; again < 2; again++) conforms('delete', `${views}/{id}`, await call(reviewer, 'DELETE', one));
  assert.ok(!(await get(reviewer, views)).views.some((it) => it.id === kept.json.id));
});

test('ticks of an approval must be documents or fields', async () => {
  const { renewal } = await paidRenewal();
  const path = `/api/v1/review/cases/${renewal.renewal_no}/approval`;
  for (const tick of ['anything', 'materials/agent_id/1/abc', 'fields/', 'fields/A', 7])
    refusedWith(await call(reviewer, 'POST', path, { content_sha256: '0'.repeat(64), ticks: [tick] }), 422, 'fields_invalid');
});
