// SPDX-License-Identifier: Apache-2.0
// Money that goes back where it came from: through the link, whose bank does not answer, and at the bank's own site; what finance
// does about a line that the bank has changed. Runs like main.mjs.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import * as client from '../support/client.mjs';
import { demo, newSubscriber, sql } from '../support/world.mjs';
import { eventually, read, readAndMatch } from '../support/link.mjs';
import { conforms } from '../support/openapi.mjs';
import { approve, payOut, refundIs, retry } from '../support/refund.mjs';
import { receive } from '../support/statement.mjs';

const unique = String(Date.now()).slice(-9);
let finance, second, made = 0;
before(async () => {
  for (const [name, use] of [['finance', (it) => { finance = it; }], ['finance-2', (it) => { second = it; }]]) {
    await eventually(`${name} logs in`, async () => {
      const answer = await client.login(demo, name);
      if (answer.status !== 201) sql('delete from xuqi.login_failure');
      return answer.status === 201 && (use(answer.json.token), true);
    });
  }
  await sandbox('/sandbox/behave', { mode: 'ok' });
  await sandbox('/sandbox/reading', { mode: 'ok' });
});
after(() => sandbox('/sandbox/behave', { mode: 'ok' }));

const sandbox = async (path, body) => (await client.call(demo.citic.url, body === undefined ? 'GET' : 'POST', path, { body })).json;
const desk = (method, path, body, token = finance) => client.call(demo.base_url, method, `/api/v1/finance${path}`, { token, ...(body ? { body: JSON.stringify(body), type: 'application/json' } : {}) });
const key = () => `repay-${unique}-${++made}`;
const account = () => `6228${unique}${String(++made).padStart(4, '0')}`;
const payments = async (to) => (await sandbox('/?json')).payments.filter((it) => it.account === to);
const stands = (line) => sql(`select p.state, q.state, l.taken_fen from xuqi.payout p join xuqi.payout_request q on q.id = p.request_id join xuqi.statement_line l on l.id = q.line_id where q.line_id = ${line} order by p.client_id desc limit 1`);

// Somebody pays what nobody owes, and it comes in by the link.
async function stray(more = {}) {
  const from = account();
  await sandbox('/sandbox/receive', [{ fen: 4321, account: from, name: '多付单位有限公司', bank: '中国工商银行深圳某支行', remark: `${unique} ${made}`, ...more }]);
  await readAndMatch();
  return { from, line: Number(sql(`select id from xuqi.statement_line where payer_account = '${from}'`)) };
}
async function giveBack(line, fen = 4321) {
  const asked = await desk('POST', '/requests', { key: key(), kind: 'return', line_id: line, amount_fen: fen, reason: '无对应订单' });
  assert.equal(asked.status, 202, asked.text);
  assert.equal((await desk('POST', `/requests/${asked.json.request_id}/approval`, {}, second)).json.state, 'done');
}

test('what two of finance send back is paid by the link once, though the bank does not answer', async () => {
  const { from, line } = await stray();
  await sandbox('/sandbox/behave', { mode: 'error_paid', account: from });
  await giveBack(line);
  await eventually('paid', () => stands(line) === 'paid paid 4321');
  const all = await payments(from);
  assert.deepEqual(all.map((it) => [it.amount, it.name, it.sent]), [[4321, '多付单位有限公司', 1]]);
  assert.match(all[0].remark, /^XQ\d{18}退款$/);
  await readAndMatch();
  assert.equal(sql(`select count(*) from xuqi.payout where client_id = '${all[0].client_id}' and line_id is not null`), '1', 'its line is known');
  await sandbox('/sandbox/return', { client_id: all[0].client_id });
  await readAndMatch();
  assert.equal(stands(line), 'returned failed 0', 'it came back, and is the line\'s again');
});

test('what never arrived stays unknown until somebody knows', async () => {
  const { from, line } = await stray();
  await sandbox('/sandbox/behave', { mode: 'reset_lost', account: from });
  await giveBack(line);
  await eventually('asked', () => Number(sql(`select max(asked) from xuqi.payout p join xuqi.payout_request q on q.id = p.request_id where q.line_id = ${line}`)) >= 2);
  assert.equal(stands(line), 'sent sent 4321');
  assert.equal((await payments(from))[0].sent, 1);
  await sandbox('/sandbox/receive', [{ fen: 4321, debit: true, account: from, name: '多付单位有限公司', remark: (await payments(from))[0].remark }]);
  await readAndMatch();
  assert.equal(stands(line), 'paid paid 4321', 'the statement knew');
});

test('what no link can pay is exported, once, and the statement says that it was paid', async () => {
  const [line] = receive({ fen: 777, account: account(), name: '=无行名有限公司', remark: '' }); // the file did not say at which bank
  await giveBack(line, 777);
  await eventually('left to a person', () => sql(`select count(*) from xuqi.outbox o join xuqi.payout p on p.client_id = o.event join xuqi.payout_request q on q.id = p.request_id where q.line_id = ${line}`) === '0');
  const asking = { key: key() };
  const csv = await desk('POST', '/payouts/export', asking);
  conforms('post', '/api/v1/finance/payouts/export', csv);
  assert.ok(csv.text.startsWith('\ufeff"付款编号"'), csv.text);
  const client_id = sql(`select client_id from xuqi.payout p join xuqi.payout_request q on q.id = p.request_id where q.line_id = ${line}`);
  assert.match(csv.text, new RegExp(`"${client_id}","\t${demo.citic.account}","\t?\\d+","'=无行名有限公司",.*,7\\.77,"${client_id}退款"`));
  assert.equal((await desk('POST', '/payouts/export', asking)).text, csv.text, 'asked for again');
  assert.ok(!(await desk('POST', '/payouts/export', { key: key() })).text.includes(client_id), 'in one export only');
  await sandbox('/sandbox/receive', [{ fen: 777, debit: true, account: '', name: '', remark: `退款 ${client_id}` }]);
  await readAndMatch();
  assert.equal(stands(line), 'paid paid 777');
  const reviewer = (await client.login(demo, 'reviewer')).json.token;
  assert.equal((await desk('POST', '/payouts/export', { key: key() }, reviewer)).status, 403);
  assert.equal((await desk('POST', '/payouts/export', { key: 'short' })).json.code, 'fields_invalid');
});

test('a refund of what came by transfer goes back by the link once, and is due again when it comes back', async () => {
  const from = account(), name = `退款${unique}有限公司`;
  const renewal = (await client.submit(demo, newSubscriber({ organisation: name }), { platform: 'gd-drug', organisation: name, change: (form) => ({ ...form, invoice: { kind: 'paper_fixed' } }) })).json;
  await sandbox('/sandbox/receive', [{ fen: renewal.amount_fen, account: from, name, bank: '中国工商银行深圳某支行', remark: `续期费 ${renewal.order_no}` }]);
  await readAndMatch();
  const no = `${renewal.order_no}R001`;
  assert.equal((await client.cancel(demo, renewal)).status, 202);
  await sandbox('/sandbox/behave', { mode: 'error_paid', account: from });
  assert.equal((await approve(finance, no)).status, 200);
  await refundIs(no, 'done');
  const [paid] = await payments(from);
  assert.deepEqual([paid.amount, paid.name, paid.sent, paid.remark], [renewal.amount_fen, name, 1, `${paid.client_id}退款`]);
  await readAndMatch();
  await sandbox('/sandbox/return', { client_id: paid.client_id });
  await readAndMatch();
  await refundIs(no, 'awaiting_payout');
  await sandbox('/sandbox/behave', { mode: 'reset_lost', account: from });
  const again = await retry(second, no);
  conforms('post', '/api/v1/finance/refunds/{refund}/retry', again);
  assert.deepEqual([again.status, again.json.refund_no, again.json.state], [201, no, 'awaiting_payout']);
  await eventually('it is with the bank once more', async () => (await payments(from)).length === 2);
  const refused = await payOut(finance, no, demo.citic.account, 'B1');
  assert.deepEqual([refused.status, refused.json.code], [409, 'refund_paying'], 'nobody knows, so nobody pays it by hand');
  await sandbox('/sandbox/receive', [{ fen: renewal.amount_fen, debit: true, account: from, name, remark: (await payments(from)).find((it) => it.client_id !== paid.client_id).remark }]);
  await readAndMatch();
  await refundIs(no, 'done');
  assert.ok((await payments(from)).every((it) => it.sent === 1));
});

test('a line that the bank has changed is settled, with a reason', async () => {
  const { line } = await stray();
  await sandbox('/sandbox/edit', { tran_no: sql(`select bank_ref from xuqi.statement_line where id = ${line}`), remark: `${unique} 更正` });
  await read();
  const list = await desk('GET', '/changes');
  conforms('get', '/api/v1/finance/changes', list);
  const it = list.json.changes.find((row) => row.line_id === line);
  assert.deepEqual([it.reason, it.said_remark, it.amount_fen, it.said_amount_fen], ['changed', `${unique} 更正`, 4321, 4321]);
  const settle = (body, id = it.change_id) => desk('POST', `/changes/${id}/settlement`, { key: key(), decision: 'accept', reason: '银行来函', ...body });
  for (const [body, id, code] of [[{ decision: 'forget' }, it.change_id, 'fields_invalid'], [{ reason: ' ' }, it.change_id, 'fields_invalid'], [{ key: 'x' }, it.change_id, 'fields_invalid'], [{}, 999999999, 'change_unknown'], [{}, 'x', 'change_unknown']])
    assert.equal((await settle(body, id)).json.code, code);
  const once = { key: key() };
  const done = await settle(once);
  conforms('post', '/api/v1/finance/changes/{id}/settlement', done);
  assert.equal(done.json.state, 'done', done.text);
  assert.deepEqual((await settle(once)).json, done.json, 'sent again');
  const late = await settle({ decision: 'dismiss' });
  conforms('post', '/api/v1/finance/changes/{id}/settlement', late);
  assert.deepEqual([late.json.code, late.json.changed.by, late.json.changed.step], ['change_settled', '财务 陈静', 'accepted'], 'and is told by whom');
  assert.ok((await desk('GET', '/changes?state=accepted')).json.changes.some((row) => row.change_id === it.change_id && row.note === '银行来函'));
  assert.ok((await desk('GET', '/exports/changes?state=all')).text.startsWith('\ufeff"编号"'));
});

test('the books are right', () => {
  assert.equal(sql("select string_agg(invariant || ' ' || detail, '; ') from xuqi.ledger_check()"), '');
});
