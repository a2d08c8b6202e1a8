// SPDX-License-Identifier: Apache-2.0
// What happens when parts die: PostgreSQL for ten seconds under load, a web process, the issuer. Nothing is lost, nothing
// is booked or issued twice, and nothing needs a person to start it again.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as client from '../support/client.mjs';
import { asOwner, demo, folder, newSubscriber, sql, paidRenewal } from '../support/world.mjs';

const pgCtl = (...args) => asOwner('/usr/lib/postgresql/15/bin/pg_ctl', '-D', `${folder}/postgres`, '-s', '-w', ...args);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const processes = (role) =>
  execFileSync('pgrep', ['-f', `xuqid --supervised --config ${folder}/xuqid.yaml --role ${role}`], { encoding: 'utf8' }).trim().split('\n');

async function until(what, condition, seconds = 20) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(100)) if (await condition()) return;
  assert.fail(`${what} within ${seconds} s`);
}
const ready = async () => (await client.call(demo.base_url, 'GET', '/readyz').catch(() => ({}))).status === 200;

test('PostgreSQL dies for ten seconds under load: errors, but every payment is booked exactly once', async () => {
  const renewals = [];
  for (let i = 0; i < 12; i++) {
    const renewal = (await client.submit(demo, newSubscriber())).json;
    const form = (await client.pay(demo, renewal)).json;
    renewals.push({ renewal, notice: client.alipayNotice(demo, form), signed: client.alipaySigned(demo, client.alipayNotice(demo, form)) });
  }
  const web = processes('web');
  let errors = 0;
  let stop = false;
  // Each payment's notice is sent again and again, as the gateway does, until and after it was answered with success.
  const gateway = renewals.map(async (row, i) => {
    await sleep(i * 40);
    while (!stop || !row.done) {
      const answer = await client.notify(demo, row.signed).catch(() => ({ text: 'no answer' }));
      if (answer.text === 'success') row.done = true;
      else errors++;
      await sleep(50);
    }
  });
  await sleep(200);
  pgCtl('-m', 'immediate', 'stop');
  await sleep(10000);
  pgCtl('-l', `${folder}/postgres/server.log`, '-t', '60', 'start');
  await until('the server is ready again', ready);
  await sleep(1000);
  stop = true;
  await Promise.all(gateway);
  assert.ok(errors > 0, 'the outage was felt');
  for (const { renewal, notice } of renewals) {
    assert.equal(sql(`select count(*) from xuqi.posting where event_type = 'gateway' and event_key = 'alipay:${notice.trade_no}'`), '1');
    assert.equal((await client.progress(demo, renewal)).json.status, 'awaiting_review');
  }
  assert.equal(sql('select count(*) from xuqi.ledger_check()'), '0');
  assert.deepEqual(processes('web'), web, 'no process was started again');
});

test('a killed web process is started again', async () => {
  const [victim] = processes('web');
  execFileSync('kill', ['-9', victim]);
  await until('another one runs', () => processes('web').length >= 2 && !processes('web').includes(victim));
  await until('the server is ready', ready);
  assert.equal((await client.call(demo.base_url, 'GET', '/healthz')).status, 200);
});

test('a killed issuer comes back and issues, never twice', async () => {
  const { renewal, subscriber } = await paidRenewal();
  const session = await client.login(demo, 'reviewer');
  assert.equal(session.status, 201, session.text);
  const approved = await client.approve(demo, session.json.token, renewal);
  assert.equal(approved.status, 200, approved.text);
  const [victim] = processes('issuer');
  const first = client.fetchCertificate(demo, subscriber, renewal).catch(() => null);
  execFileSync('kill', ['-9', victim]);
  await first;
  let issued;
  await until('a certificate', async () => {
    issued = await client.fetchCertificate(demo, subscriber, renewal).catch(() => ({}));
    return issued.status === 200;
  }, 150);
  const again = await client.fetchCertificate(demo, subscriber, renewal);
  assert.equal(again.json.signing_certificate, issued.json.signing_certificate);
  assert.equal(sql(`select count(*) from xuqi.certificate c join xuqi.issuance i on i.serial = decode(lpad(c.serial, 32, '0'), 'hex') where i.renewal_no = '${renewal.renewal_no}'`), '1');
  assert.equal(sql(`select count(*) from xuqi.issuance where renewal_no = '${renewal.renewal_no}' and state = 'signed'`), '1');
});
