// SPDX-License-Identifier: Apache-2.0
// A gateway that does not answer is left alone for a while and the others are offered; what is counted is at /metrics, on
// the administration address. Runs like reload.mjs.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as client from '../support/client.mjs';
import { logged } from '../support/reload.mjs';
import { booksRight, isPaid, until } from '../support/unionpay.mjs';
import { conforms } from '../support/openapi.mjs';
import { demo, newSubscriber, sql } from '../support/world.mjs';

const metrics = async () => (await client.call(demo.admin_url, 'GET', '/metrics')).text;
const control = async (wish) => (await client.call(demo.wechat.url, 'POST', '/sandbox/control', { body: wish })).json;
async function unpaid(methods = '{wechat,alipay}') {
  const renewal = (await client.submit(demo, newSubscriber())).json;
  sql(`set session_replication_role = replica; update xuqi.renewal set payment_methods = '${methods}' where renewal_no = '${renewal.renewal_no}'`);
  return renewal;
}

// -- a gateway that does not answer ----------------------------------------------------------------------------------

const failures = 30; // breaker.failures of the demonstration
const breaker = async () => (await metrics()).match(/xuqi_rail_breaker\{rail="wechat"\} (\d)/)[1];
const order = (renewal) => client.call(demo.base_url, 'GET', `/api/v1/renewals/${renewal.renewal_no}/order`, { token: renewal.access_token });
const methods = async (renewal) => (await order(renewal)).json.payment_methods.map((it) => it.method);

// Questions that succeed meanwhile count against the failures.
async function failUntilPaused(renewal) {
  await control({ answers: Array(2 * failures).fill('error500') }); // '*': of orders
  for (let i = 0; ; i++) {
    const answer = await client.pay(demo, renewal, 'wechat');
    if (answer.json.code === 'rail_paused') {
      assert.ok(i >= failures, `${i} failures`);
      await control({ answers: [] });
      return answer;
    }
    assert.deepEqual([answer.json.code, i <= 2 * failures], ['gateway_unavailable', true]);
  }
}

test('a rail that fails again and again is paused: refused at once, the others offered; and it comes back by itself', async () => {
  const renewal = await unpaid();
  assert.equal((await client.pay(demo, renewal, 'wechat')).status, 201);
  assert.deepEqual(await methods(renewal), ['alipay', 'wechat']);
  const from = logged().length;
  const refused = await failUntilPaused(renewal);
  assert.deepEqual([refused.status, refused.json.code, refused.headers['retry-after']], [503, 'rail_paused', '1'], refused.text);
  assert.deepEqual(refused.json.payment_methods.map((it) => it.method), ['alipay']);
  conforms('post', '/api/v1/renewals/{no}/payments', refused);
  assert.equal(await breaker(), '2');
  await until('web knows', async () => { for (let i = 0; i < 6; i++) if ((await methods(renewal)).includes('wechat')) return false; return true; }, 2.5);
  assert.equal((await client.pay(demo, renewal, 'alipay')).status, 201, 'the others go on');
  await until('it is tried again', async () => (await breaker()) !== '2');
  await until('it is offered again', async () => (await methods(renewal)).includes('wechat'));
  for (let i = 0; i < 3; i++) assert.equal((await client.pay(demo, renewal, 'wechat')).status, 201);
  assert.equal(await breaker(), '0');
  const said = logged().slice(from).match(/payment: wechat.*/g);
  assert.deepEqual([said.filter((it) => /does not answer \(http_5xx\): no payment is begun/.test(it)).length, said.filter((it) => /trying again/.test(it)).length, said.filter((it) => /answers again/.test(it)).length], [1, 1, 1], said.join('\n'));
  booksRight();
});

test('questions go on while a rail is paused, and a probe that fails pauses it again', async () => {
  const [renewal, other] = [await unpaid(), await unpaid('{wechat}')];
  const attempt = (await client.pay(demo, renewal, 'wechat')).json.attempt_no;
  await control({ number: attempt, pay: true });
  await failUntilPaused(other);
  await control({ answers: ['error500'] });
  assert.equal(await breaker(), '2');
  sql(`update xuqi.outbox set run_at = now() where event = '${attempt}' and state = 'ready'`);
  await isPaid(renewal);
  await until('it is tried again', async () => (await breaker()) === '1');
  assert.equal((await client.pay(demo, other, 'wechat')).json.code, 'gateway_unavailable');
  assert.equal(await breaker(), '2');
  await until('it is tried once more', async () => (await breaker()) === '1');
  for (let i = 0; i < 3; i++) await client.pay(demo, other, 'wechat');
  assert.equal(await breaker(), '0');
});

// -- /metrics ----------------------------------------------------------------------------------------------------

test('/metrics is on the administration address only, and counts by route, status and time', async () => {
  assert.equal((await client.call(demo.base_url, 'GET', '/metrics')).status, 404);
  await client.call(demo.base_url, 'GET', '/healthz');
  const text = await metrics();
  for (const line of text.trim().split('\n'))
    assert.match(line, /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-zA-Z_]+="([^"\\]|\\.)*"(,[a-zA-Z_]+="([^"\\]|\\.)*")*\})? -?\d+(\.\d+)?)$/, line);
  for (const name of ['xuqi_http_replies_total', 'xuqi_http_seconds_bucket', 'xuqi_database_calls', 'xuqi_outbox_rows', 'xuqi_outbox_oldest_seconds', 'xuqi_payments_of_the_day', 'xuqi_payments_unknown', 'xuqi_rail_breaker', 'xuqi_certificate_days_left', 'xuqi_hsm_up', 'xuqi_issuances_of_the_day'])
    assert.ok(text.includes(name), name);
  for (const role of ['jobs', 'issuer']) assert.match(text, new RegExp(`xuqi_up\\{role="${role}"\\} 1`));
  assert.match(text, /xuqi_payments_of_the_day\{rail="alipay",state="paid"\} \d+/);
  const bucket = [...text.matchAll(/xuqi_http_seconds_bucket\{method="GET",route="\/metrics",le="([^"]+)"\} (\d+)/g)].map((it) => Number(it[2]));
  assert.deepEqual(bucket, [...bucket].sort((a, b) => a - b), 'each holds the one before');
});
