// SPDX-License-Identifier: Apache-2.0
// 当面付, where the product allows it (alipay.precreate): the payer scans a code instead of going to Alipay's page. jobs is started
// anew with the setting, and with the old one at the end. Runs like main.mjs.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import * as client from '../support/client.mjs';
import { control } from '../support/alipay.mjs';
import { conforms } from '../support/openapi.mjs';
import { booked, booksRight, isPaid, lastWord, refresh, state, until } from '../support/unionpay.mjs';
import { demo, folder, newSubscriber, sql } from '../support/world.mjs';

const file = `${folder}/xuqid.yaml`;
const settings = readFileSync(file, 'utf8');
const jobs = () => {
  try {
    return execFileSync('pgrep', ['-f', `xuqid --supervised --config ${file} --role jobs`], { encoding: 'utf8' }).trim();
  } catch { return ''; }
};
const pay = (renewal) => client.pay(demo, renewal, 'alipay');

// The supervisor starts it again, with the settings as they are then.
async function startJobsWith(text) {
  const old = jobs();
  writeFileSync(file, text);
  execFileSync('kill', ['-TERM', ...old.split('\n')]);
  await until('jobs has been started anew', () => jobs() !== '' && jobs() !== old, 20);
  const renewal = (await client.submit(demo, newSubscriber())).json;
  await until('and opens payments', async () => (await pay(renewal)).status === 201, 20);
}
before(() => startJobsWith(settings.replace(/^alipay:\n/m, 'alipay:\n  precreate: 1\n')));
after(() => startJobsWith(settings));

async function scanning() {
  const renewal = (await client.submit(demo, newSubscriber())).json;
  const answer = await pay(renewal);
  assert.equal(answer.status, 201, answer.text);
  return { renewal, answer, attempt: answer.json.attempt_no };
}

test('the payer gets a code, scans it and pays; the page turns paid', async () => {
  const { renewal, answer, attempt } = await scanning();
  conforms('post', '/api/v1/renewals/{no}/payments', answer);
  assert.match(answer.json.code_url, /^https:\/\/qr\.alipay\.com\//);
  assert.equal(answer.json.action, undefined, 'no form');
  const { asked, order } = await control(attempt);
  assert.deepEqual([asked.at(-1).fields.method, asked.at(-1).fields.return_url, order.total_amount], ['alipay.trade.precreate', undefined, '200.00']);
  assert.ok(client.alipayFormJudged(demo, { fields: asked.at(-1).fields }).same, 'the SDK signs the same');
  client.alipaySdk(demo).checkResponseSign(asked.at(-1).sent, 'alipay_trade_precreate_response', JSON.parse(asked.at(-1).sent).sign, '');
  assert.equal((await pay(renewal)).json.code_url, answer.json.code_url, 'opened again it is the same order');
  assert.deepEqual((await control(attempt, { state: 'TRADE_SUCCESS', push: {} })).answers, ['success']);
  await isPaid(renewal);
  assert.equal(booked(attempt), '1');
  booksRight();
});

test('before it is scanned Alipay knows no trade, and it stays open; after that the question books it', async () => {
  const { renewal, attempt } = await scanning();
  sql(`update xuqi.outbox set run_at = now() + interval '1 hour' where event = '${attempt}'`);
  assert.equal((await refresh(demo, renewal, attempt)).status, 200);
  await until('it was asked', () => lastWord(attempt) !== '');
  assert.match(`${lastWord(attempt)} ${state(attempt)}`, /^not_found 40004 ACQ\.TRADE_NOT_EXIST open$/);
  await control(attempt, { state: 'TRADE_SUCCESS' });
  assert.equal((await refresh(demo, renewal, attempt)).status, 200);
  await isPaid(renewal);
  assert.equal(booked(attempt), '1');
});

test('no code comes: said at once, the attempt stands and is asked for again', async () => {
  const { renewal, answer, attempt } = await scanning();
  sql(`update xuqi.outbox set run_at = now() + interval '1 hour' where event = '${attempt}'`);
  for (const mode of ['error500', 'fault', 'stranger', 'unsigned', 'truncated']) {
    await control(attempt, { answers: [mode] });
    const refused = await pay(renewal);
    assert.deepEqual([refused.status, refused.json.code], [502, 'gateway_unavailable'], mode);
    conforms('post', '/api/v1/renewals/{no}/payments', refused);
  }
  const again = await pay(renewal);
  assert.deepEqual([again.status, again.json.attempt_no, again.json.code_url], [201, attempt, answer.json.code_url]);
  assert.equal(sql(`select count(*) from xuqi.payment_attempt where order_no = '${attempt.slice(0, 26)}'`), '1');
});

test('scanned by two, told fifty times: one booking', async () => {
  const { renewal, attempt } = await scanning();
  const { order, asked } = await control(attempt, { state: 'TRADE_SUCCESS' });
  const body = client.alipaySigned(demo, client.alipayNotice(demo, asked[0], { trade_no: order.trade_no }));
  const answers = await Promise.all(Array.from({ length: 50 }, () => client.notify(demo, body)));
  assert.ok(answers.every((it) => it.text === 'success'));
  await isPaid(renewal);
  assert.equal(booked(attempt), '1');
  booksRight();
});
