// SPDX-License-Identifier: Apache-2.0
// A posting is taken back over the wire: one of finance asks, another sees what would be turned round and decides. Runs like
// main.mjs.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import * as client from '../support/client.mjs';
import { conforms } from '../support/openapi.mjs';
import { finance, refusedWith } from '../support/refund.mjs';
import { booksRight } from '../support/unionpay.mjs';
import { demo, paidRenewal, sql } from '../support/world.mjs';

const list = '/api/v1/finance/reversals';
const stamp = Date.now().toString(36);
let one, two, reviewer;
const call = (token, method, path, body) => client.call(demo.base_url, method, path, { token, ...(body ? { body } : {}) });
const ask = (token, key, more = {}) => call(token, 'POST', list, { event_type: 'story', event_key: `${stamp}:${key}`, reason: '重复入账', ...more });
const decide = (token, id, word) => call(token, 'POST', `${list}/${id}/${word}`, {});
const shown = async (id, state = 'all') => (await call(one, 'GET', `${list}?state=${state}&size=200`)).json.reversals.find((it) => it.reversal_id === id);

// A posting that no business record stands on.
const post = (key, fen = 300) => sql(`select xuqi.ledger_post('story', '${stamp}:${key}', sha256('${stamp}:${key}'), now(), 'story',
  array[xuqi.account_open('writeoff', '')], array[xuqi.account_open('verify_expense', '')], array[${fen}])`);
const reversed = (key) => sql(`select count(*) from xuqi.posting as p join xuqi.posting as o on o.id = p.reverses where o.event_type = 'story' and o.event_key = '${stamp}:${key}'`);

before(async () => {
  [one, two] = await finance();
  reviewer = (await client.login(demo, 'reviewer')).json.token;
  assert.ok(reviewer);
});

test('one asks, sees the question open with its legs, another approves, the posting is turned round once', async () => {
  post('one');
  const asked = await ask(one, 'one');
  assert.equal(asked.status, 202, asked.text);
  conforms('post', list, asked);
  const { reversal_id: id } = asked.json;
  assert.deepEqual((await ask(two, 'one')).json, { reversal_id: id, state: 'asked' }, 'asking again answers the same question');
  const open = await call(two, 'GET', list);
  conforms('get', list, open);
  const item = open.json.reversals.find((it) => it.reversal_id === id);
  assert.deepEqual([item.event_type, item.event_key, item.reason, item.state, item.decided_by], ['story', `${stamp}:one`, '重复入账', 'asked', null]);
  assert.deepEqual(item.legs, [{ debit: { kind: 'writeoff', owner: null }, credit: { kind: 'verify_expense', owner: null }, amount_fen: 300 }]);
  refusedWith(await decide(one, id, 'approval'), 409, 'reversal_same');
  assert.equal(reversed('one'), '0');
  const approved = await decide(two, id, 'approval');
  assert.deepEqual([approved.status, approved.json], [200, { reversal_id: id, state: 'approved' }]);
  conforms('post', `${list}/{id}/approval`, approved);
  assert.deepEqual((await decide(two, id, 'approval')).json, approved.json, 'again is answered the same');
  assert.equal(reversed('one'), '1');
  assert.equal(await shown(id, 'asked'), undefined);
  assert.equal((await shown(id, 'approved')).state, 'approved');
  refusedWith(await decide(two, id, 'refusal'), 409, 'reversal_decided');
  refusedWith(await ask(one, 'one'), 409, 'posting_reversed');
  assert.equal(sql(`select string_agg(action, ' ' order by id) from xuqi.audit_event where object = 'posting:' || (select id from xuqi.posting where event_type = 'story' and event_key = '${stamp}:one')`),
    'reversal.ask reversal.approve');
  booksRight();
});

test('who asked may take it back, another may refuse it, and it may be asked for anew', async () => {
  post('two');
  const { reversal_id: first } = (await ask(one, 'two')).json;
  const back = await decide(one, first, 'refusal');
  conforms('post', `${list}/{id}/refusal`, back);
  assert.deepEqual(back.json, { reversal_id: first, state: 'refused' });
  refusedWith(await decide(two, first, 'approval'), 409, 'reversal_decided');
  const { reversal_id: second } = (await ask(two, 'two')).json;
  assert.notEqual(second, first);
  assert.equal((await decide(one, second, 'refusal')).json.state, 'refused');
  assert.equal(reversed('two'), '0');
});

test('ten questions and twelve decisions at once make one question and one reversal', async () => {
  post('race');
  const asked = await Promise.all(Array.from({ length: 10 }, (_, i) => ask([one, two][i % 2], 'race')));
  assert.deepEqual([...new Set(asked.map((it) => `${it.status} ${it.json.reversal_id}`))].length, 1);
  const id = asked[0].json.reversal_id;
  const asker = sql(`select s.name from xuqi.reversal as r join xuqi.staff as s on s.id = r.asked_by where r.id = ${id}`) === 'finance' ? one : two;
  const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => decide([one, two][i % 2], id, 'approval')));
  for (const [i, answer] of answers.entries())
    assert.equal(answer.status, [one, two][i % 2] === asker ? 409 : 200, answer.text);
  assert.equal(reversed('race'), '1');
  const late = await ask(one, 'race');
  refusedWith(late, 409, 'posting_reversed');
  conforms('post', list, late);
  assert.deepEqual([late.json.changed.by, late.json.changed.step], [asker === one ? '财务 何敏' : '财务 陈静', 'reverse']);
  booksRight();
});

test('what cannot be asked for or decided says why', async () => {
  refusedWith(await ask(one, 'none'), 404, 'posting_unknown');
  const { renewal } = await paidRenewal();
  const order = sql(`select order_no from xuqi.renewal where renewal_no = '${renewal.renewal_no}'`);
  refusedWith(await ask(one, '', { event_type: 'invoice', event_key: order }), 409, 'posting_held');
  refusedWith(await decide(one, 999999999, 'approval'), 404, 'reversal_unknown');
  for (const id of ['0', '-1', 'x', '9999999999999999999']) refusedWith(await decide(one, id, 'refusal'), 404, 'reversal_unknown');
  for (const body of [{ reason: '' }, { reason: ' ' }, { event_key: 'k'.repeat(201) }, { event_type: null }, { other: 1 }]) refusedWith(await ask(one, 'one', body), 422, 'fields_invalid');
  for (const query of ['state=open', 'before=0', 'before=x', 'size=0', 'size=201']) refusedWith(await call(one, 'GET', `${list}?${query}`), 422, 'fields_invalid');
  refusedWith(await ask(reviewer, 'two'), 403, 'forbidden');
  refusedWith(await call(reviewer, 'GET', list), 403, 'forbidden');
  refusedWith(await decide(reviewer, 1, 'approval'), 403, 'forbidden');
  assert.equal((await call(undefined, 'GET', list)).status, 401);
});

test('money that has gone on is not taken back, and the question stays open', async () => {
  const credit = `xuqi.account_open('payer_credit', 'story ${stamp}')`; // of nobody else, so that nothing else is in it
  const move = (key, debit, to) => sql(`select xuqi.ledger_post('story', '${stamp}:${key}', sha256('${stamp}:${key}'), now(), 'story', array[${debit}], array[${to}], array[1::bigint])`);
  move('given', `xuqi.account_open('writeoff', '')`, credit);
  move('spent', credit, `xuqi.account_open('writeoff', '')`);
  const { reversal_id: id } = (await ask(one, 'given')).json;
  refusedWith(await decide(two, id, 'approval'), 409, 'overdrawn');
  assert.equal((await shown(id, 'asked')).state, 'asked');
  assert.equal((await decide(two, id, 'refusal')).json.state, 'refused');
  booksRight();
});
