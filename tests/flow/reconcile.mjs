// SPDX-License-Identifier: Apache-2.0
// Daily reconciliation from outside: bills by hand, what finance sees of it and does about it. Runs like main.mjs; whatever
// was paid today by others is in its bills as well.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as client from '../support/client.mjs';
import { alipayBill, unionpayZip, wechatBill } from '../support/bills.mjs';
import { ctl, demo, paidRenewal, sql } from '../support/world.mjs';
import { booksRight, refusedWith } from '../support/unionpay.mjs';
import { hire } from '../support/staff.mjs';
import { conforms } from '../support/openapi.mjs';
import { receive } from '../support/statement.mjs';

const folder = mkdtempSync(join(tmpdir(), 'xuqi-bills-'));
chmodSync(folder, 0o755);
const stamp = Date.now().toString(36);
const seller = demo.alipay.seller_id;
const today = sql(`select xuqi.bill_day_of('alipay', now())`), yesterday = sql(`select xuqi.bill_day_of('alipay', now()) - 1`);
let finance, reviewer;

before(async () => {
  finance = (await client.login(demo, 'finance')).json.token;
  reviewer = (await client.login(demo, 'reviewer')).json.token;
  assert.ok(finance && reviewer);
});

const get = (path, token = finance) => client.call(demo.base_url, 'GET', path, { token });
const post = (path, body, token = finance) => client.call(demo.base_url, 'POST', path, { token, body });
let files = 0;
function fileOf(bytes) {
  const path = join(folder, `${files++}`);
  writeFileSync(path, bytes, { mode: 0o644 });
  return path;
}
const imports = (rail, day, bytes) => ctl('reconcile', 'import', rail, day, fileOf(bytes));
function refused(...args) {
  try { ctl(...args); } catch (problem) { return `${problem.stdout}${problem.stderr}`; }
  return assert.fail('it was not refused');
}
const isLate = () => sql(`select xuqi.beijing(now())::time > '23:58'`) === 't';

// All that has been paid over a rail on a day, as the gateway would bill it: 0.60 % each.
const paidOn = (rail, day) => sql(`select gateway_txn, attempt_no, amount_fen, to_char(xuqi.beijing(at), 'YYYY-MM-DD HH24:MI:SS') from xuqi.match_ours('${rail}', '${day}') order by at`)
  .split('\n').filter((line) => line !== '').map((line) => {
    const [id, attempt, fen, date, time] = line.split(' ');
    return { kind: 'payment', id, attempt, fen: Number(fen), fee: Math.round(Number(fen) * 0.006) * 1000, at: `${date} ${time}` };
  });
const difference = async (id) => (await get(`/api/v1/finance/differences?day=${today}&size=1000`)).json.differences.find((it) => it.gateway_id === id);

test('a day is reconciled from a bill by hand, its differences are told, owned and resolved', { skip: isLate() }, async () => {
  const missing = await paidRenewal(), more = await paidRenewal();
  const [lost, dear] = [missing, more].map((it) => sql(`select gateway_txn from xuqi.payment_attempt where attempt_no = '${it.form.attempt_no}'`));
  const strange = `S${stamp}`;
  // In the half hour around midnight a payment that is missing is taken for one of the next day first.
  const [missed, missedName] = sql(`select xuqi.bill_near_cut('alipay', paid_at) from xuqi.payment_attempt where gateway_txn = '${lost}'`) === 't' ? ['match_cross_day', '跨日'] : ['match_short', '短款'];
  const rows = paidOn('alipay', today).filter((row) => row.id !== lost).map((row) => (row.id === dear ? { ...row, fen: row.fen + 1 } : row));
  rows.push({ kind: 'payment', id: strange, attempt: `NOTOURS${stamp}`, fen: 500, fee: 3000, at: `${today} 00:00:01` });
  rows.push({ kind: 'refund', id: '', original: dear, attempt: more.form.attempt_no, refundNo: `R${stamp}`, fen: 300, fee: 0, at: `${today} 00:00:02` });
  const bill = alipayBill({ day: today, merchant: seller, rows });
  assert.match(imports('alipay', today, bill), new RegExp(`loaded: 明细 rows ${rows.length}, `));
  assert.match(imports('alipay', today, bill), /known: /);
  assert.match(ctl('reconcile', 'show', today), /alipay: 账单 bill loaded/);

  const listed = await get(`/api/v1/finance/reconciliation?from=${yesterday}&to=${today}`);
  assert.equal(listed.status, 200, listed.text);
  conforms('get', '/api/v1/finance/reconciliation', listed);
  const day = listed.json.days.find((it) => it.rail === 'alipay' && it.day === today);
  assert.ok(day.differences.some((it) => it.class_name === '长款') && day.differences.some((it) => it.class_name === missedName));
  assert.equal(day.gateway.refunds_fen >= 300, true);

  const all = await get(`/api/v1/finance/differences?rail=alipay&day=${today}&state=unexplained&size=1000`);
  conforms('get', '/api/v1/finance/differences', all);
  assert.deepEqual(await Promise.all([lost, dear, strange, `${dear}/R${stamp}`].map(async (id) => { const it = await difference(id); return [it.class, it.class_name, it.state, it.action]; })), [
    [missed, missedName, 'waiting', 'wait'], ['match_amount', '金额不符', 'open', 'person'], ['match_long', '长款', 'open', 'person'], ['match_state', '状态不符', 'open', 'person']]);

  const { id, version } = await difference(dear);
  const assigned = await post(`/api/v1/finance/differences/${id}/assignment`, { owner: 'finance', version });
  conforms('post', '/api/v1/finance/differences/{id}/assignment', assigned);
  assert.equal((await difference(dear)).owner, 'finance');
  refusedWith(await post(`/api/v1/finance/differences/${id}/assignment`, { owner: 'reviewer', version }), 404, 'staff_unknown');
  refusedWith(await post(`/api/v1/finance/differences/${id}/assignment`, { owner: 'finance' }), 422, 'fields_invalid');
  const colleague = hire(['finance']);
  const late = await post(`/api/v1/finance/differences/${id}/assignment`, { owner: colleague.name, version });
  refusedWith(late, 409, 'difference_changed');
  assert.equal(late.json.changed.step, 'assignment');
  assert.match(late.json.changed.by, /\S/);
  refusedWith(await post(`/api/v1/finance/differences/${id}/resolution`, { reason: '核对', version }), 409, 'difference_changed');
  refusedWith(await post(`/api/v1/finance/differences/${id}/resolution`, { reason: ' ' }), 422, 'fields_invalid');
  refusedWith(await post('/api/v1/finance/differences/999999999/resolution', { reason: '核对' }), 404, 'difference_unknown');
  refusedWith(await post(`/api/v1/finance/differences/${id}/resolution`, { reason: '核对' }, reviewer), 403, 'forbidden');
  const resolved = await post(`/api/v1/finance/differences/${id}/resolution`, { reason: '网关多计1分，已去函', suspense: true });
  conforms('post', '/api/v1/finance/differences/{id}/resolution', resolved);
  assert.deepEqual([(await difference(dear)).state, (await difference(dear)).resolved_by], ['resolved', 'finance']);
  refusedWith(await post(`/api/v1/finance/differences/${id}/resolution`, { reason: '又一次' }), 409, 'difference_closed');
  assert.equal((await post(`/api/v1/finance/differences/${id}/resolution`, { reason: '又一次' })).json.changed.step, 'resolution');

  const table = await get(`/api/v1/finance/differences.csv?rail=alipay&day=${today}`);
  assert.equal(table.headers['content-type'], 'text/csv; charset=utf-8');
  assert.equal(table.bytes.subarray(0, 3).toString('hex'), 'efbbbf');
  assert.match(table.text, new RegExp(`"长款","match_long","payment","${strange}","NOTOURS${stamp}"`));
  assert.ok(table.text.includes(`"\t${more.form.attempt_no}"`), 'long numbers stay text');
  booksRight();
});

test('a payout is booked once, and clearing is explained', { skip: isLate() }, async () => {
  const path = `/api/v1/finance/reconciliation/${today}/alipay/payouts`;
  const day = (await get(`/api/v1/finance/reconciliation?from=${today}&to=${today}`)).json.days.find((it) => it.rail === 'alipay');
  const payout = { amount_fen: day.gateway.net_fen - day.bank.arrived_fen, reference: `P${stamp}`, arrived_on: today, bank_account: '7443900182600096874' };
  receive({ fen: payout.amount_fen, name: '支付宝（中国）网络技术有限公司', remark: `提现${payout.reference}`, on: today });
  refusedWith(await post(path, { ...payout, amount_fen: payout.amount_fen + 7, reference: `Q${stamp}` }), 409, 'settlement_line_unknown');
  const booked = await post(path, payout);
  assert.equal(booked.status, 200, booked.text);
  conforms('post', '/api/v1/finance/reconciliation/{day}/{rail}/payouts', booked);
  assert.equal((await post(path, payout)).status, 200);
  assert.equal(sql(`select taken_fen = amount_fen from xuqi.statement_line where remark = '提现${payout.reference}'`), 't', 'the statement\'s line is used up');
  refusedWith(await post(path, { ...payout, amount_fen: 1 }), 409, 'settlement_differs');
  refusedWith(await post(path, { ...payout, amount_fen: 0, arrived_on: '2026-02-30' }), 422, 'fields_invalid');
  refusedWith(await post(path, { ...payout, reference: `R${stamp}`, bank_account: '7443900182600096847' }), 404, 'collecting_account_unknown');
  refusedWith(await post(path, payout, reviewer), 403, 'forbidden');
  refusedWith(await post(`/api/v1/finance/reconciliation/${today}/bank/payouts`, payout), 422, 'fields_invalid');
  const explained = await get('/api/v1/finance/clearing/alipay');
  conforms('get', '/api/v1/finance/clearing/{rail}', explained);
  assert.equal(explained.json.balance_fen, Number(sql(`select coalesce(sum(case when t.debit_id = a.id then t.amount else -t.amount end), 0) from xuqi.account a join xuqi.transfer t on a.id in (t.debit_id, t.credit_id)
    where a.kind = 'gateway_clearing' and a.owner_key = 'alipay'`)));
  assert.equal(explained.json.unexplained_fen, 0, explained.text);
  assert.match(ctl('reconcile', 'explain', 'alipay'), /合计 total.*unexplained 0/);
  booksRight();
});

test('a bill that comes again with another row is raised, never overwritten', { skip: isLate() }, async () => {
  const rows = paidOn('alipay', today);
  const changed = rows.map((row, i) => (i === 0 ? { ...row, fee: row.fee + 1000 } : row));
  imports('alipay', today, alipayBill({ day: today, merchant: seller, rows }));
  assert.match(imports('alipay', today, alipayBill({ day: today, merchant: seller, rows: changed })), /changed [1-9]/);
  const raised = (await get(`/api/v1/finance/differences?rail=alipay&day=${today}&state=open&size=1000`)).json.differences.filter((it) => it.class === 'match_changed');
  assert.ok(raised.some((it) => it.kind === 'change' && it.gateway_id.startsWith(`payment:${rows[0].id}:`)));
});

test('what is no bill of ours of that day is refused with its line and rule', async () => {
  const rows = [{ kind: 'payment', id: 'x1', attempt: 'NOTOURS1', fen: 100, fee: 1000, at: `${yesterday} 12:00:00` }];
  const whole = alipayBill({ day: yesterday, merchant: seller, rows });
  assert.match(refused('reconcile', 'import', 'alipay', yesterday, fileOf(whole.subarray(0, whole.length - 30))), /unpack: /);
  assert.match(refused('reconcile', 'import', 'alipay', today, fileOf(whole)), /第 3 行 \(line 3\), day: /);
  assert.match(refused('reconcile', 'import', 'alipay', yesterday, fileOf(alipayBill({ day: yesterday, merchant: '2088999999999999', rows }))), /merchant: /);
  assert.match(refused('reconcile', 'import', 'wechat', yesterday, fileOf(whole)), /line 1\), (encoding|heading): /);
  const wechat = wechatBill({ day: yesterday, rows }).toString('utf8');
  assert.match(refused('reconcile', 'import', 'wechat', yesterday, fileOf(wechat.replace('`1.00,`0.00,`\r\n', '`2.00,`0.00,`\r\n'))), /totals: /);
  const union = unionpayZip({ day: yesterday, merchant: '000000000000000', rows });
  assert.match(refused('reconcile', 'import', 'unionpay', yesterday, fileOf(union)), /merchant: /);
  assert.match(refused('reconcile', 'import', 'bank', yesterday, fileOf(union)), /RAIL/);
  assert.match(refused('reconcile', 'import', 'alipay', '2026-02-30', fileOf(union)), /DAY/);
  assert.match(refused('reconcile', 'run', 'unionpay', '2020-01-01'), /bill_missing/);
});

test('who may not look is told so, and wrong questions what is wrong', async () => {
  for (const path of [`/api/v1/finance/reconciliation?from=${today}&to=${today}`, '/api/v1/finance/differences', '/api/v1/finance/differences.csv', '/api/v1/finance/clearing/alipay'])
    refusedWith(await get(path, reviewer), 403, 'forbidden');
  for (const path of ['/api/v1/finance/reconciliation?from=today&to=2026-01-01', '/api/v1/finance/reconciliation', '/api/v1/finance/differences?state=new', '/api/v1/finance/differences?size=0',
    '/api/v1/finance/differences?rail=bank', '/api/v1/finance/differences?after=-1', '/api/v1/finance/clearing/bank'])
    refusedWith(await get(path), 422, 'fields_invalid');
  const again = await post(`/api/v1/finance/reconciliation/${today}/alipay/run`, {});
  conforms('post', '/api/v1/finance/reconciliation/{day}/{rail}/run', again);
  refusedWith(await post(`/api/v1/finance/reconciliation/${today}/alipay/run`, {}, reviewer), 403, 'forbidden');
  refusedWith(await post('/api/v1/finance/reconciliation/2099-01-01/alipay/run', {}), 409, 'bill_missing');
});
