// SPDX-License-Identifier: Apache-2.0
// Bank transfers from the payer's page to the finance desk, on the running server. Runs like main.mjs.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import * as client from '../support/client.mjs';
import { demo, newSubscriber, sql } from '../support/world.mjs';
import { conforms } from '../support/openapi.mjs';
import { receive, today } from '../support/statement.mjs';
import { watch } from '../support/watch.mjs';

let finance;
const unique = String(Date.now()).slice(-9);
let made = 0;
// Beginnings that no other name has: finance is shown who is called nearly so.
const word = () => String.fromCharCode(...Array.from({ length: 5 }, () => 0x4e00 + Math.floor(Math.random() * 20000)));
const payer = (name) => ({ name: `${word()}${name}有限公司`, account: `6222${unique}${String(100 + ++made)}` });
before(async () => {
  for (let tries = 0; !finance && tries < 30; tries++) {
    const answer = await client.login(demo, 'finance');
    if (answer.status === 201) finance = answer.json.token;
    else sql('delete from xuqi.login_failure');
  }
});

async function apply(organisation, months = 12) {
  const answer = await client.submit(demo, newSubscriber({ organisation }), { platform: 'gd-drug', months, organisation, change: (form) => ({ ...form, invoice: { kind: 'paper_fixed' } }) });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}
const at = (renewal, method, rest, template, body) =>
  client.call(demo.base_url, method, `/api/v1/renewals/${renewal.renewal_no}${rest}`, { token: renewal.access_token, ...(body ? { body: JSON.stringify(body), type: 'application/json' } : {}) })
    .then((answer) => (answer.status < 400 && conforms(method.toLowerCase(), `/api/v1/renewals/{no}${template ?? rest}`, answer), answer));
const row = (who, fen, change = {}) => ({ payer_account: who.account, payer_name: who.name, amount_fen: fen, transferred_on: today(), remark: '证书续期', ...change });
const declare = (renewal, ...transfers) => at(renewal, 'POST', '/transfers', null, { transfers });
const look = async (renewal) => (await at(renewal, 'GET', '/transfers')).json;
const desk = (method, path, body) => client.call(demo.base_url, method, `/api/v1/finance${path}`, { token: finance, ...(body ? { body: JSON.stringify(body), type: 'application/json' } : {}) });
async function eventually(what, check) {
  for (let tries = 0; tries < 100; tries++) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(what);
}

test('what is on the statement pays at once, and says so in the words of the guide', async () => {
  const who = payer('已到账'), renewal = await apply(who.name, 24);
  receive({ fen: 20000, ...who });
  const answer = await declare(renewal, row(who, 20000));
  assert.equal(answer.status, 200, answer.text);
  const page = answer.json;
  assert.deepEqual([page.result_name, page.credit_fen, page.owed_fen, page.status], ['成功', 0, 0, 'awaiting_review']);
  assert.deepEqual(page.transfers.map((it) => [it.state_name, it.code, it.bank_amount_fen]), [['已查验', 'transfer_found', 20000]]);
  assert.equal(page.transfers[0].payer_account, `****${who.account.slice(-4)}`);
  assert.doesNotMatch(answer.text, new RegExp(who.account));
  assert.equal((await declare(renewal, row(who, 20000))).json.result_name, '成功', 'sent again, it answers the same');
});

test('what has not come yet waits, is matched by the import, and the page is told', async () => {
  const who = payer('未到账'), renewal = await apply(who.name);
  const answer = await declare(renewal, row(who, 10000));
  assert.deepEqual([answer.json.result_name, answer.json.transfers[0].state_name], ['核验中', '未到账']);
  const page = await watch(demo, renewal);
  assert.equal((await page.next()).data.status, 'awaiting_payment');
  receive({ fen: 10000, account: who.account.replace(/^(.{4}).*(.{4})$/, '$1****$2'), name: who.name, remark: '' });
  let event;
  do event = await page.next(); while (event.data.status === 'awaiting_payment');
  assert.equal(event.data.status, 'awaiting_review');
  page.close();
  assert.equal((await look(renewal)).transfers[0].state, 'matched');
});

test('another amount is shown beside; the row is deleted and written again', async () => {
  const who = payer('金额不符'), renewal = await apply(who.name);
  receive({ fen: 9900, ...who });
  let page = (await declare(renewal, row(who, 10000))).json;
  assert.deepEqual([page.transfers[0].state, page.transfers[0].amount_fen, page.transfers[0].bank_amount_fen], ['differs', 10000, 9900]);
  page = (await at(renewal, 'DELETE', `/transfers/${page.transfers[0].id}`, '/transfers/{id}')).json;
  assert.deepEqual([page.transfers.length, page.result], [0, 'none']);
  page = (await declare(renewal, row(who, 9900))).json;
  assert.deepEqual([page.result_name, page.received_fen, page.owed_fen, page.status], ['部分到账', 9900, 100, 'awaiting_payment']);
  receive({ fen: 300, ...who });
  page = (await declare(renewal, row(who, 300))).json;
  assert.deepEqual([page.result_name, page.credit_fen, page.status], ['成功', 200, 'awaiting_review'], 'what is more is credit');
  const gone = await at(renewal, 'DELETE', `/transfers/${page.transfers[0].id}`, '/transfers/{id}');
  assert.deepEqual([gone.status, gone.json.code], [409, 'transfer_matched']);
});

test('verify again finds what came meanwhile; credit pays the next order', async () => {
  const who = payer('余额'), renewal = await apply(who.name);
  await declare(renewal, row(who, 30000));
  receive({ fen: 30000, ...who });
  const page = (await at(renewal, 'POST', '/transfers/verification', null, {})).json;
  assert.deepEqual([page.result_name, page.credit_fen], ['成功', 20000]);
  const next = await apply(who.name, 24);
  assert.deepEqual([(await look(next)).credit_fen, (await look(next)).credit_usable], [20000, true]);
  const used = await at(next, 'POST', '/credit', null, {});
  assert.deepEqual([used.status, used.json.result_name, used.json.credit_fen, used.json.status], [200, '成功', 0, 'awaiting_review']);
  assert.equal((await at(next, 'POST', '/credit', null, {})).json.code, 'already_paid');
  const last = await apply(who.name);
  assert.deepEqual([(await at(last, 'POST', '/credit', null, {})).json.code, (await at(last, 'POST', '/credit', null, {})).status], ['credit_absent', 409]);
});

test('a transfer with the order number in its remark needs no declaration', async () => {
  const who = payer('附言'), renewal = await apply(who.name);
  const order = (await at(renewal, 'GET', '/order')).json;
  assert.match(order.bank_transfer.hint, new RegExp(order.orders[0].order_no));
  assert.deepEqual(order.bank_transfer.accounts.map((it) => [it.holder, it.number_grouped, it.bank]), [['广东省电子商务认证有限公司', '7443 9001 8260 0096 874', '中信银行广州花园支行']]);
  receive({ fen: 10000, account: '6217000000000001', name: '某某代付人', remark: `续期 ${order.bank_transfer.remark.replace(/(.{4})/g, '$1 ')}` });
  await eventually('it is paid', async () => (await look(renewal)).result === 'success');
});

test('each wrong field is named with its rule', async () => {
  const who = payer('错误'), renewal = await apply(who.name);
  const bad = await declare(renewal, row(who, 0, { payer_account: '62**1234', payer_name: ' ', transferred_on: '2026-02-30' }), row(who, 1, { transferred_on: today(1), sum: 1 }));
  assert.equal(bad.status, 422, bad.text);
  assert.deepEqual(bad.json.fields.map((it) => it.path ?? it.field ?? it.name).sort(), ['transfers.0.amount_fen', 'transfers.0.payer_account', 'transfers.0.payer_name', 'transfers.0.transferred_on', 'transfers.1.sum']);
  for (const [transfers, code] of [[[], 'fields_invalid'], [Array(21).fill(row(who, 1)), 'fields_invalid'], ['x', 'fields_invalid'], [[1], 'fields_invalid']])
    assert.equal((await at(renewal, 'POST', '/transfers', null, { transfers })).json.code, code);
  for (const amount of ['1e3', 1.5, '--5', -1, 1e30]) assert.ok([400, 422].includes((await declare(renewal, row(who, amount))).status), String(amount));
  for (const on of ['2026-13-01', '20261121', '2026-11-21T00:00', today(-400), '0000-00-00']) assert.equal((await declare(renewal, row(who, 1, { transferred_on: on }))).status, 422, on);
  assert.equal((await at({ ...renewal, access_token: 'x' }, 'GET', '/transfers')).status, 401);
  assert.equal((await at(renewal, 'DELETE', '/transfers/1x', '/transfers/{id}')).json.code, 'transfer_unknown');
  const online = (await client.submit(demo, newSubscriber())).json;
  assert.deepEqual([(await declare(online, row(who, 1))).json.code, (await at(online, 'GET', '/order')).json.bank_transfer], ['method_unavailable', null]);
});

test('finance sees what is unclear, ranked with reasons, and settles it once', async () => {
  const who = payer('往来比对'), renewal = await apply(who.name), order = renewal.order_no;
  const [line] = receive({ fen: 10000, account: '', name: `${who.name.slice(0, -4)}`, remark: '=1+2 续期款' });
  const list = await desk('GET', '/lines?state=open&size=200');
  assert.equal(list.status, 200, list.text);
  conforms('get', '/api/v1/finance/lines', list);
  const orders = await desk('GET', '/orders?state=all&size=200');
  conforms('get', '/api/v1/finance/orders', orders);
  const candidates = await desk('GET', `/lines/${line}/candidates`);
  conforms('get', '/api/v1/finance/lines/{id}/candidates', candidates);
  assert.equal(list.json.lines.find((it) => it.line_id === line).best_order, candidates.json.candidates[0].order_no); // may be another's who declared as much
  assert.deepEqual(candidates.json.candidates.find((it) => it.order_no === order).reasons, ['amount_agrees', 'name_similar']);
  conforms('get', '/api/v1/finance/orders/{no}/candidates', await desk('GET', `/orders/${order}/candidates`));
  const ask = (body) => desk('POST', '/requests', { key: `key-${unique}-${++made}`, reason: '电话核实', ...body });
  const key = { key: `key-${unique}-match` };
  const match = await ask({ ...key, kind: 'match', line_id: line, order_no: order, amount_fen: 10000 });
  assert.equal(match.status, 200, match.text);
  conforms('post', '/api/v1/finance/requests', match);
  assert.deepEqual((await ask({ ...key, kind: 'match', line_id: line, order_no: order, amount_fen: 10000 })).json, match.json, 'sent again');
  assert.equal((await ask({ ...key, kind: 'match', line_id: line, order_no: order, amount_fen: 1 })).json.code, 'request_conflict');
  assert.equal((await ask({ kind: 'match', line_id: line, order_no: order, amount_fen: 1 })).json.code, 'line_taken');
  assert.equal((await look(renewal)).result_name, '成功');
  const matches = await desk('GET', `/matches?order_no=${order}`);
  conforms('get', '/api/v1/finance/matches', matches);
  assert.deepEqual(matches.json.matches.map((it) => [it.rule, it.reason, it.amount_fen]), [['finance', '电话核实', 10000]]);
  assert.equal((await ask({ kind: 'unmatch', match_id: matches.json.matches[0].match_id })).json.code, 'match_spent');

  const [other] = receive({ fen: 500, account: '6222000011112222', name: '不明来款有限公司', remark: '' });
  assert.equal((await ask({ kind: 'suspend', line_id: other, amount_fen: 500 })).json.state, 'done');
  assert.ok((await desk('GET', '/lines?state=suspended&size=200')).json.lines.some((it) => it.line_id === other));
  assert.equal((await ask({ kind: 'release', line_id: other, amount_fen: 500 })).json.state, 'done');
  const sent = await ask({ kind: 'return', line_id: other, amount_fen: 500 });
  assert.deepEqual([sent.status, sent.json.state], [202, 'asked'], 'money that goes out needs a second person');
  assert.equal((await desk('POST', `/requests/${sent.json.request_id}/approval`, {})).json.code, 'decider_same');
  const waiting = await desk('GET', '/requests');
  conforms('get', '/api/v1/finance/requests', waiting);
  assert.ok(waiting.json.requests.some((it) => it.request_id === sent.json.request_id && it.two_people));
  assert.equal((await desk('POST', `/requests/${sent.json.request_id}/refusal`, {})).json.state, 'refused');

  const csv = await desk('GET', `/exports/matches?from=${today()}`);
  assert.equal(csv.status, 200, csv.text);
  conforms('get', '/api/v1/finance/exports/{list}', csv);
  assert.ok(csv.text.startsWith('\ufeff"匹配编号"'), csv.text.slice(0, 40));
  assert.match(csv.text, new RegExp(`"\t${order}","\t${renewal.renewal_no}"`));
  const lines = (await desk('GET', '/exports/lines?state=all')).text;
  assert.match(lines, /"'=1\+2 续期款"/);
  assert.match(lines, /,100\.00,100\.00,/);
});

test('finance is asked in the way that is described, and only by finance', async () => {
  const ask = (body) => desk('POST', '/requests', { key: `key-${unique}-${++made}`, reason: '原因', ...body });
  for (const [body, code] of [
    [{ kind: 'steal', line_id: 1 }, 'fields_invalid'], [{ kind: 'match', line_id: 1 }, 'fields_invalid'],
    [{ kind: 'unmatch', match_id: 1, line_id: 1 }, 'fields_invalid'], [{ kind: 'suspend', line_id: 1, amount_fen: 0 }, 'fields_invalid'],
    [{ kind: 'suspend', line_id: 1, amount_fen: 1, key: 'short' }, 'fields_invalid'], [{ kind: 'suspend', line_id: 1, amount_fen: 1, reason: ' ' }, 'fields_invalid'],
    [{ kind: 'suspend', line_id: 999999999, amount_fen: 1 }, 'line_unknown'], [{ kind: 'unmatch', match_id: 999999999 }, 'match_unknown'],
    [{ kind: 'release', line_id: 999999999, amount_fen: 1 }, 'suspension_unknown'],
  ]) assert.equal((await ask(body)).json.code, code, JSON.stringify(body));
  for (const path of ['/lines?state=none', '/lines?size=201', '/lines?from=2026-02-30', '/lines?before=x', '/matches?line_id=-1'])
    assert.equal((await desk('GET', path)).status, 422, path);
  assert.equal((await desk('GET', '/lines/999999999/candidates')).json.code, 'line_unknown');
  assert.equal((await desk('GET', '/orders/1/candidates')).json.code, 'order_unknown');
  assert.equal((await desk('GET', '/exports/secrets')).status, 404);
  assert.equal((await desk('POST', '/requests/0/approval', {})).json.code, 'request_unknown');
  const reviewer = (await client.login(demo, 'reviewer-2')).json.token;
  assert.equal((await client.call(demo.base_url, 'GET', '/api/v1/finance/lines', { token: reviewer })).status, 403);
  assert.equal((await client.call(demo.base_url, 'GET', '/api/v1/finance/lines')).status, 401);
});

test('the books are right', () => {
  assert.equal(sql("select string_agg(invariant || ' ' || detail, '; ') from xuqi.ledger_check()"), '');
});
