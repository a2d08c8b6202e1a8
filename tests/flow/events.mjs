// SPDX-License-Identifier: Apache-2.0
// Pages that wait: server-sent events from the running server, from the first state to the payment and the review, across
// processes, reconnects, limits and a restart of the web processes. Runs like main.mjs.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { request } from 'node:http';
import * as client from '../support/client.mjs';
import { demo, folder, newSubscriber, sql } from '../support/world.mjs';
import { conforms, conformsTo } from '../support/openapi.mjs';
import { watch } from '../support/watch.mjs';

const path = '/api/v1/renewals/{no}/events';
const submitted = async () => (await client.submit(demo, newSubscriber())).json;
const payNotice = async (renewal) => {
  const form = (await client.pay(demo, renewal)).json;
  return client.alipaySigned(demo, client.alipayNotice(demo, form));
};

test('the first event comes at once and says what the progress says', async () => {
  const renewal = await submitted();
  const page = await watch(demo, renewal);
  const event = await page.next();
  assert.equal(event.event, 'progress');
  const { json } = await client.progress(demo, renewal);
  assert.deepEqual(event.data, json);
  assert.equal(event.id, String(json.version));
  conformsTo('Progress', event.data);
  page.close();
});

test('a payment is on every waiting page within a second', async () => {
  const renewal = await submitted();
  const notice = await payNotice(renewal);
  const pages = await Promise.all(Array.from({ length: 6 }, () => watch(demo, renewal))); // at more than one process
  for (const page of pages) assert.equal((await page.next()).data.status, 'awaiting_payment');
  const start = Date.now();
  assert.equal((await client.notify(demo, notice)).text, 'success');
  for (const page of pages) {
    const { data } = await page.next();
    assert.ok(Date.now() - start < 1000, `${Date.now() - start} ms`);
    assert.equal(data.status, 'awaiting_review');
    assert.equal(data.order.payment_status, 'paid');
    page.close();
  }
});

test('a page that comes back with the id of what it has seen is told only news', async () => {
  const renewal = await submitted();
  let page = await watch(demo, renewal);
  const { id } = await page.next();
  page.close();
  page = await watch(demo, renewal, { 'last-event-id': id });
  await page.silent(1200);
  await client.cancel(demo, renewal);
  const event = await page.next();
  assert.equal(event.data.status, 'cancelled');
  assert.ok(Number(event.id) > Number(id));
  page.close();
  const late = await watch(demo, renewal, { 'last-event-id': id });
  assert.equal((await late.next()).data.status, 'cancelled');
  late.close();
  for (const odd of ['0', '-1', 'x', '99999999999999999999999', `${event.id} `.repeat(20)]) {
    const again = await watch(demo, renewal, { 'last-event-id': odd });
    assert.equal((await again.next()).id, event.id, odd);
    again.close();
  }
});

test('changes of others are not told, and quiet renewals cost no event', async () => {
  const [one, two] = [await submitted(), await submitted()];
  const page = await watch(demo, one);
  await page.next();
  await client.cancel(demo, two);
  await page.silent(1200);
  page.close();
});

test('a burst of changes ends with the last state', async () => {
  const renewal = await submitted();
  const page = await watch(demo, renewal);
  await page.next();
  for (let i = 0; i < 20; i++) sql(`update xuqi.renewal set invoice_title = 'title ${i}' where renewal_no = '${renewal.renewal_no}'`);
  const version = Number(sql(`select version from xuqi.renewal where renewal_no = '${renewal.renewal_no}'`));
  let seen = 0;
  let events = 0;
  while (seen < version) {
    const { id } = await page.next();
    assert.ok(Number(id) > seen);
    seen = Number(id);
    events++;
  }
  assert.equal(seen, version);
  assert.ok(events <= 20);
  page.close();
});

test('nobody watches without the token of that renewal', async () => {
  const [one, two] = [await submitted(), await submitted()];
  const target = `/api/v1/renewals/${one.renewal_no}/events`;
  for (const token of [undefined, 'x', two.access_token, `${one.access_token}x`]) {
    const answer = await client.call(demo.base_url, 'GET', target, { token });
    assert.equal(answer.status, 401);
    assert.equal(answer.json.code, 'access_token_invalid');
    conforms('get', path, answer);
  }
  const cookie = await client.call(demo.base_url, 'GET', target, { headers: { cookie: `xuqi_staff=${one.access_token}` } });
  assert.equal(cookie.status, 401);
  const posted = await client.call(demo.base_url, 'POST', target, { token: one.access_token, body: {} });
  assert.equal(posted.status, 405);
});

test('HEAD answers without a stream', async () => {
  const renewal = await submitted();
  const answer = await client.call(demo.base_url, 'HEAD', `/api/v1/renewals/${renewal.renewal_no}/events`, { token: renewal.access_token });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-type'], 'text/event-stream');
});

test('a renewal is not watched by too many at one process', async () => {
  const renewal = await submitted();
  const pages = [];
  let refused;
  for (let i = 0; i < 40 && !refused; i++) { // 8 at each process
    const answer = await new Promise((resolve, reject) => {
      const req = request(new URL(`/api/v1/renewals/${renewal.renewal_no}/events`, demo.base_url),
        { headers: { authorization: `Bearer ${renewal.access_token}` }, agent: false }, resolve);
      req.on('error', reject);
      req.end();
    });
    if (answer.statusCode === 200) pages.push(answer);
    else refused = answer;
  }
  assert.equal(refused.statusCode, 429);
  assert.ok(pages.length >= 8, `${pages.length}`);
  refused.setEncoding('utf8');
  let text = '';
  for await (const part of refused) text += part;
  const problem = { status: 429, headers: refused.headers, text, json: JSON.parse(text) };
  assert.equal(problem.json.code, 'rate_limited');
  conforms('get', path, problem);
  for (const page of pages) page.destroy();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const page = await watch(demo, renewal);
  await page.next();
  page.close();
});

test('a restart says so, and who comes back sees what happened meanwhile', async () => {
  const renewal = await submitted();
  const notice = await payNotice(renewal);
  const page = await watch(demo, renewal);
  const { id } = await page.next();
  const web = () => execFileSync('pgrep', ['-f', `xuqid --supervised --config ${folder}/xuqid.yaml --role web`], { encoding: 'utf8' }).trim().split('\n');
  const old = web();
  for (const pid of old) process.kill(Number(pid), 'SIGTERM');
  await page.ended;
  assert.match(page.comments.at(-1), /restarts/);
  assert.ok(page.retry >= 1000 && page.retry <= 5000);
  // Until the last of the old processes has gone, one that has just answered may be one of them.
  const answered = async (ask) => {
    for (let i = 0; i < 100; i++) {
      try {
        return await ask();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    return assert.fail('nobody answers');
  };
  await answered(() => assert.ok(web().every((pid) => !old.includes(pid))));
  const back = await answered(() => watch(demo, renewal, { 'last-event-id': id }));
  assert.equal((await answered(() => client.notify(demo, notice))).text, 'success');
  assert.equal((await back.next()).data.status, 'awaiting_review');
  back.close();
});
