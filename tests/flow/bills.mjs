// SPDX-License-Identifier: Apache-2.0
// The gateways' bills are fetched, and handed in: days without, bills that are not ready, cut off, of another hash or signed by
// a stranger; money that only the bill knows of is asked for and booked. Runs like main.mjs.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import * as client from '../support/client.mjs';
import { unionpayZip, wechatBill } from '../support/bills.mjs';
import { demo, sql } from '../support/world.mjs';
import { booksRight, isPaid, opened, paidInSilence, refusedWith, status, until } from '../support/unionpay.mjs';
import { conforms } from '../support/openapi.mjs';

const today = sql(`select xuqi.bill_day_of('wechat', now())`), unionDay = sql(`select xuqi.bill_day_of('unionpay', now())`);
// UnionPay's question has no year: a day of the last twelve months, another one each time.
const past = (n) => sql(`select (now() at time zone 'Asia/Shanghai')::date - 120 - ${n} - (extract(epoch from now())::bigint / 7 % 60)::int`);
const isLate = () => sql(`select xuqi.beijing(now())::time > '22:50'`) === 't';
let finance;
before(async () => { finance = (await client.login(demo, 'finance')).json.token; });

const wish = (rail, bill) => client.call(demo[rail].url, 'POST', '/sandbox/control', { body: { bill } });
const run = (rail, day) => client.call(demo.base_url, 'POST', `/api/v1/finance/reconciliation/${day}/${rail}/run`, { token: finance, body: {} });
const dayState = (rail, day) => sql(`select state || ' ' || runs from xuqi.bill_day where rail = '${rail}' and day = '${day}'`);
const outbox = (rail, day) => sql(`select state || ' ' || coalesce(last_error, '') from xuqi.outbox where topic = 'bill_fetch' and event = '${rail}:${day}'`);
const askAgain = (rail, day) => sql(`update xuqi.outbox set run_at = now() where topic = 'bill_fetch' and event = '${rail}:${day}' and state = 'ready'`);
const difference = (id) => sql(`select class, state, action from xuqi.match_difference where gateway_id = '${id}'`);

test('a day without trades has no bill, and that is fine', async () => {
  for (const [rail, n] of [['alipay', 0], ['wechat', 1], ['unionpay', 2]]) {
    const day = past(n);
    const asked = await run(rail, day);
    assert.equal(asked.status, 202, asked.text);
    conforms('post', '/api/v1/finance/reconciliation/{day}/{rail}/run', asked);
    await until(`${rail} is asked`, () => /^empty [1-9]/.test(dayState(rail, day)));
    assert.equal(outbox(rail, day), '');
  }
});

test('each gateway is asked until its bill is there and right', async () => {
  const wrong = { alipay: ['creating', 'error500', 'stranger', 'cutoff'], wechat: ['creating', 'error500', 'stranger', 'cutoff', 'hash'], unionpay: ['creating', 'error500', 'stranger', 'cutoff'] };
  for (const [rail, answers] of Object.entries(wrong)) {
    const day = past(40), id = `${rail}${Date.now()}`;
    await wish(rail, { day, answers: [...answers], rows: [{ kind: 'payment', id, attempt: `NOTOURS${Date.now()}`, fen: 700, fee: 4000, at: `${day} 12:00:00` }] });
    await run(rail, day);
    for (let i = 0; i < answers.length; i++) {
      await until(`${rail} has answered ${answers[i]}`, () => sql(`select attempts from xuqi.outbox where topic = 'bill_fetch' and event = '${rail}:${day}' and state = 'ready' and attempts > ${i}`) !== '');
      assert.match(outbox(rail, day), /^ready ./);
      askAgain(rail, day);
    }
    await until(`${rail}'s bill is there`, () => /^loaded [1-9]/.test(dayState(rail, day)));
    assert.equal(difference(id), 'long open person');
    assert.match(sql(`select string_agg(state, ' ' order by id) from xuqi.bill_file where rail = '${rail}' and day = '${day}'`), rail === 'wechat' ? /^refused (refused )?loaded$|^refused loaded/ : /^refused loaded$/);
  }
  booksRight();
});

test('money that only the bill knows of is asked for and booked', { skip: isLate() }, async (t) => {
  if (dayState('unionpay', unionDay).startsWith('loaded')) return t.skip('the bill of this day has been fetched: an installation does so once a day');
  const { renewal, form, attempt } = await opened();
  const order = await paidInSilence(demo, form);
  sql(`update xuqi.outbox set run_at = now() + interval '1 hour' where topic = 'payment_query' and event = '${attempt}'`);
  assert.equal(await status(renewal), 'awaiting_payment');
  await run('unionpay', unionDay);
  await isPaid(renewal);
  await until('the answer closes the difference', () => difference(order.queryId) === 'long settled none');
  assert.equal(sql(`select answer || ' ' || (answered_at >= asked_at) from xuqi.match_difference where gateway_id = '${order.queryId}'`), 'paid true');
  booksRight();
});

test('a bill is handed in, read behind the answer, and says why it is refused', async () => {
  const day = past(80), path = `/api/v1/finance/reconciliation/${day}/wechat/bill`;
  const file = wechatBill({ day, rows: [{ kind: 'payment', id: `W${Date.now()}`, attempt: `NOTOURS${Date.now()}`, fen: 900, fee: 5000 }] });
  const put = (body, type = 'text/csv') => client.call(demo.base_url, 'PUT', path, { token: finance, body, type });
  const cut = await put(file.subarray(0, file.length - 60));
  assert.equal(cut.status, 202, cut.text);
  conforms('put', '/api/v1/finance/reconciliation/{day}/{rail}/bill', cut);
  const told = async () => (await client.call(demo.base_url, 'GET', `/api/v1/finance/reconciliation?from=${day}&to=${day}`, { token: finance })).json.days[0];
  await until('why is told', async () => /cut_off|totals|value|columns/.test((await told())?.file_refused ?? ''));
  await put(file);
  await until('it is read', async () => (await told()).bill === 'loaded');
  refusedWith(await put(Buffer.alloc(0)), 422, 'fields_invalid');
  refusedWith(await put(file, 'image/png'), 415, 'unsupported_media_type');
  const other = await client.call(demo.base_url, 'PUT', `/api/v1/finance/reconciliation/${day}/unionpay/bill`, { token: finance, type: 'application/zip', body: unionpayZip({ day, merchant: '000000000000000', rows: [{ kind: 'payment', id: 'x', attempt: 'NOTOURS2', fen: 1, fee: 0 }] }) });
  assert.equal(other.status, 202);
  await until('of another merchant', () => sql(`select fault from xuqi.bill_file where id = ${other.json.file_id}`).includes('merchant'));
});

test('no bill on a day with payments is asked for again, and told', { skip: isLate() }, async () => {
  if (sql(`select count(*) from xuqi.match_ours('wechat', '${today}') as o where not xuqi.bill_near_cut('wechat', o.at)`) === '0' || dayState('wechat', today) !== '') return;
  await wish('wechat', { day: today, answers: ['none'] });
  await run('wechat', today);
  await until('it is missing', () => dayState('wechat', today).startsWith('missing'));
  assert.equal(outbox('wechat', today), 'ready missing');
});
