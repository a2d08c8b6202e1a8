// SPDX-License-Identifier: Apache-2.0
// What the campaigns share: renewals to be paid, payers who pay them over all three rails and gateways that tell of it as
// long as nobody listens, and the judgement afterwards: what the gateways say was paid against what the books say. Runs
// against a prepared server (XUQI_VAR).
import { createHmac, randomBytes, X509Certificate } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as client from '../support/client.mjs';
import * as unionpay from '../support/unionpay.mjs';
import { noticeOf, post } from '../support/wechat_sandbox.mjs';
import { asOwner, demo, folder, newSubscriber, sql, sockets } from '../support/world.mjs';

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const say = (text) => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);
export const option = (name, standard) => Number(process.argv.find((it) => it.startsWith(`--${name}=`))?.split('=')[1] ?? standard);
export const processes = (role) => {
  try {
    return execFileSync('pgrep', ['-f', `xuqid --supervised --config ${folder}/xuqid.yaml --role ${role}`], { encoding: 'utf8' }).trim().split('\n').map(Number);
  } catch { return []; }
};
export const ready = async () => (await client.call(demo.base_url, 'GET', '/readyz').catch(() => ({}))).status === 200;
export async function until(what, condition, seconds) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(100)) if (await condition()) return;
  throw new Error(`${what} within ${seconds} s`);
}

// -- renewals, as tests/bench makes them: submitted by the program's own procedure, their texts those of a real one --------

const accessKey = Buffer.from(readFileSync(`${folder}/keys/access.key`, 'utf8').trim(), 'hex');
const tokenOf = (no) => createHmac('sha256', accessKey).update(`xuqi renewal access ${no}`).digest('base64url');
const file = (text) => asOwner('psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-c', text, `host=${sockets} dbname=xuqi user=postgres`).trim();

export async function renewals(count) {
  const subscriber = newSubscriber();
  const real = (await client.submit(demo, subscriber)).json;
  const it = new X509Certificate(readFileSync(subscriber.certificate));
  const version = readFileSync(`${folder}/config/profiles/netca-organisation.yaml`, 'utf8').match(/^version: "(.*)"$/m)[1];
  const part = randomBytes(6).toString('hex');
  file(`drop schema if exists bench cascade;
    ${readFileSync(client.here('../bench/tables.sql'), 'utf8')}
    insert into bench.person select evidence_sha256, evidence_sealed, personal_sealed from xuqi.renewal_content where renewal_no = '${real.renewal_no}';
    create function bench.one(n bigint) returns text language sql as $$
      select bench.submit(sha256(convert_to('nonce ${part}' || n, 'UTF8')), row(n, sha256(convert_to('${part}' || n, 'UTF8')),
        ltrim(substr(encode(sha256(convert_to('${part}' || n, 'UTF8')), 'hex'), 1, 32), '0'), '\\x${it.raw.toString('hex')}'::bytea,
        '${new Date(it.validTo).toISOString()}'::timestamptz, c.subject_der, 'CN=混沌', '混沌${part}' || n, '混沌${part}' || n, null)::bench.subscriber, '${version}')
        from xuqi.renewal_content as c where renewal_no = '${real.renewal_no}' $$;`);
  const made = file(`select bench.one(n) from generate_series(1, ${count}) as n`).split('\n');
  file('drop schema bench cascade');
  return made.map((no) => ({ renewal_no: no, access_token: tokenOf(no) }));
}

// -- payers ----------------------------------------------------------------------------------------------------------

const control = async (base, wish) => (await client.call(base, 'POST', '/sandbox/control', { body: wish })).json;

// Each pays at its gateway once there is a form or a code, then tells until it is heard: answers { txn, told }.
const rails = {
  async wechat(renewal, opened) {
    const { order } = await control(demo.wechat.url, { number: opened.attempt_no, pay: true });
    return { txn: order.transaction_id, tell: async () => (await post(`${demo.base_url}/notify/wechat`, noticeOf(demo.wechat.folder, order))).status === 200 };
  },
  async alipay(renewal, opened) {
    await unionpay.toGateway(opened);
    const { order } = await control(demo.alipay.url, { number: opened.attempt_no, state: 'TRADE_SUCCESS' });
    const notice = client.alipayNotice(demo, opened, { trade_no: order.trade_no });
    return { txn: order.trade_no, tell: async () => (await client.notify(demo, client.alipaySigned(demo, { ...notice, trade_no: order.trade_no }))).text === 'success' };
  },
  async unionpay(renewal, opened) {
    const order = await unionpay.paidInSilence(demo, opened);
    const body = unionpay.notice(demo, order);
    return { txn: order.queryId, tell: async () => (await unionpay.notify(demo, body)).status === 200 };
  },
};
export const methods = Object.keys(rails);

export class Payers {
  constructor(list) { Object.assign(this, { list, next: 0, paid: [], errors: 0, retried: 0, open: 0, stopped: false }); }

  // As long as it is not what is wanted: the other side may be dead at this moment.
  async insist(act, wanted) {
    for (;;) {
      const got = await act().catch(() => null);
      if (got !== null && wanted(got)) return got;
      this.errors++;
      await sleep(50);
    }
  }

  async one(renewal, method) {
    this.open++;
    const opened = (await this.insist(() => client.pay(demo, renewal, method), (it) => it.status === 201)).json;
    const there = await rails[method](renewal, opened);
    this.paid.push({ renewal, method, attempt: opened.attempt_no, txn: there.txn });
    await this.insist(there.tell, (heard) => heard);
    if (Math.random() < 0.3) { this.retried++; await this.insist(there.tell, (heard) => heard); } // gateways repeat themselves
    this.open--;
  }

  // `width` payers at once, until stop() or there is nobody left.
  start(width) {
    this.lanes = Array.from({ length: width }, async (_, lane) => {
      while (!this.stopped && this.next < this.list.length) {
        const renewal = this.list[this.next++];
        await this.one(renewal, methods[(this.next + lane) % methods.length]);
        await sleep(10);
      }
    });
  }

  async stop() {
    this.stopped = true;
    await Promise.all(this.lanes);
  }
}

// -- the judgement ---------------------------------------------------------------------------------------------------

// What the gateways' clearing accounts hold, in fen.
export const clearing = () => Object.fromEntries(sql(`select a.owner_key, coalesce(sum(case when t.debit_id = a.id then t.amount else -t.amount end), 0)
  from xuqi.account as a left join xuqi.transfer as t on a.id in (t.debit_id, t.credit_id) where a.kind = 'gateway_clearing' group by 1`)
  .split('\n').filter(Boolean).map((line) => line.split(' ')).map(([rail, fen]) => [rail, Number(fen)]));

export async function judge(payers, before) {
  const faults = [];
  const expect = (what, got, wanted) => { if (String(got) !== String(wanted)) faults.push(`${what}: ${got}, not ${wanted}`); };
  // Some hundreds at a time: a command line is not endless.
  const parts = [];
  for (let i = 0; i < payers.paid.length; i += 500) parts.push(payers.paid.slice(i, i + 500).map((it) => `('${it.attempt}','${it.txn}','${it.renewal.renewal_no}')`).join(','));
  const count = (text) => parts.reduce((sum, part) => sum + Number(sql(`with p (attempt_no, txn, renewal_no) as (values ${part}) select count(*) from ${text}`)), 0);
  await until('every payment is booked', () => count('p join xuqi.payment_attempt as a using (attempt_no) where a.state = $$paid$$') === payers.paid.length, 180)
    .catch((error) => faults.push(error.message));
  expect('attempts paid, with the gateway\'s own number', count('p join xuqi.payment_attempt as a using (attempt_no) where a.state = $$paid$$ and a.gateway_txn = p.txn'), payers.paid.length);
  expect('orders paid', count('p join xuqi.renewal as r using (renewal_no) join xuqi."order" as o on o.order_no = r.order_no where o.state = $$paid$$ and r.status = $$awaiting_review$$'), payers.paid.length);
  expect('payments booked once each', count(`(select p.attempt_no from p join xuqi.posting as b on b.event_type = 'gateway' and b.event_key in ('alipay:' || p.txn, 'wechat:' || p.txn, 'unionpay:' || p.txn) group by 1 having count(*) = 1) as once`), payers.paid.length);
  expect('surplus', count('p join xuqi.surplus as s using (attempt_no)'), 0);
  const now = clearing();
  const amount = 20000;
  for (const method of methods) {
    const paid = payers.paid.filter((it) => it.method === method).length;
    expect(`${method}'s clearing account grew by what was paid there`, (now[method] ?? 0) - (before[method] ?? 0), paid * amount);
  }
  expect('faults in the books', sql('select count(*) from xuqi.ledger_check()'), 0);
  return faults;
}
