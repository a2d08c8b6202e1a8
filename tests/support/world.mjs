// SPDX-License-Identifier: Apache-2.0
// The test's own reach into a prepared installation: new subscribers from the demonstration CA, the database as its owner,
// xuqictl. XUQI_VAR names the installation's folder.
import assert from 'node:assert/strict';
import * as client from './client.mjs';
import { asOwner, ctl, demo, makeCertificate, sockets } from './installation.mjs';

export * from './installation.mjs';

// One row's columns separated by spaces; several rows by newlines.
export const sql = (text) =>
  asOwner('psql', '-XAtq', '-F', ' ', '-v', 'ON_ERROR_STOP=1', '-c', text, `host=${sockets} dbname=xuqi user=postgres`).trim();

let made = 0;
const stamp = Date.now().toString(36);
const make = (kind, { organisation = `测试单位${++made}有限公司`, ...window } = {}) => makeCertificate(kind, { name: `${kind}-${stamp}-${++made}`, organisation, ...window });

export const newSubscriber = (options) => {
  const subscriber = make('subscriber', options);
  ctl('certificate', 'import', subscriber.certificate);
  return subscriber;
};
export const foreignSubscriber = (options) => make('foreign', options);

// A renewal that is paid and waits for its review.
export async function paidRenewal(options) {
  const subscriber = newSubscriber();
  const renewal = (await client.submit(demo, subscriber, options)).json;
  const form = (await client.pay(demo, renewal)).json;
  await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, form)));
  return { subscriber, renewal, form };
}

// The answer of a request that adds nothing to what `counts` counts. The server's own clocks write beside it now and then: what leaves
// a trace leaves one each time, what they write does not come three times.
export async function withoutTrace(counts, send) {
  for (let tries = 3; ; tries--) {
    const earlier = counts(), answer = await send(), later = counts();
    if (later === earlier) return answer;
    if (tries === 1) assert.equal(later, earlier);
  }
}
