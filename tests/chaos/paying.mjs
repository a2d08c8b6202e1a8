// SPDX-License-Identifier: Apache-2.0
// What the campaigns share: renewals to be paid, payers who pay them over all three rails, or change their minds and are given it
// back, gateways that tell of it as long as nobody listens, and the judgement afterwards: what the gateways say was paid and given
// back against what the books say. Runs against a prepared server (XUQI_VAR).
import { createHmac, randomBytes, X509Certificate } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as client from '../support/client.mjs';
import * as unionpay from '../support/unionpay.mjs';
import { noticeOf, post } from '../support/wechat_sandbox.mjs';
import { approve, finance, refundNo } from '../support/refund.mjs';
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

// What has gone back to the payer there under a refund's number, in fen, and all that has gone back of the payment; and its notice.
const givers = {
  async wechat({ attempt }, no) {
    const refunds = (await control(demo.wechat.url, { number: attempt })).order?.refunds ?? {};
    return { fen: refunds[no]?.amount.refund ?? 0, all: Object.values(refunds).reduce((sum, it) => sum + it.amount.refund, 0),
      tell: async () => (await control(demo.wechat.url, { number: attempt, end: no, tell: no })).statuses[0] === 200 };
  },
  async alipay({ attempt }, no) {
    const refunds = (await control(demo.alipay.url, { number: attempt })).order?.refunds ?? {};
    const fen = (it) => Math.round(Number(it?.amount ?? 0) * 100);
    return { fen: fen(refunds[no]), all: Object.values(refunds).reduce((sum, it) => sum + fen(it), 0),
      tell: async () => (await control(demo.alipay.url, { number: attempt, tell: no })).answers[0] === 'success' };
  },
  async unionpay(it, no) {
    const fen = Number((await control(demo.unionpay.url, { orderId: no })).order?.txnAmt ?? 0);
    return { fen, all: fen, tell: async () => (await control(demo.unionpay.url, { orderId: no, push: {} })).statuses[0] === 200 };
  },
};

export class Payers {
  // regret: one of so many payers withdraws when he has paid; 0: none.
  constructor(list, regret = 0) { Object.assign(this, { list, regret, next: 0, paid: [], back: [], errors: 0, retried: 0, open: 0, stopped: false }); }

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
    const it = { renewal, method, attempt: opened.attempt_no, txn: there.txn };
    this.paid.push(it);
    await this.insist(there.tell, (heard) => heard);
    if (Math.random() < 0.3) { this.retried++; await this.insist(there.tell, (heard) => heard); } // gateways repeat themselves
    if (this.regret > 0 && this.paid.indexOf(it) % this.regret === 0) this.withdrawals.push(this.withdraw(it));
    this.open--;
  }

  // Once it is booked the whole price is asked back and approved; jobs sends it, and the gateway tells of it, beside the payers.
  async withdraw(it) {
    const no = refundNo(it.attempt), [one] = await finance();
    const booked = async () => (await client.progress(demo, it.renewal)).json.status === 'awaiting_review';
    while (!await booked().catch(() => false)) {
      if (this.stopped) return; // too late to be part of it
      await sleep(200);
    }
    await this.insist(() => client.cancel(demo, it.renewal), (answer) => answer.status === 202);
    await this.insist(() => approve(one, no), (answer) => answer.status === 200);
    it.refund = no;
    this.back.push(it);
    await this.tellOfRefund(it);
  }

  // As soon as the gateway has it, and as long as nobody listens.
  async tellOfRefund(it) {
    while (!this.stopped) { // afterwards the judgement has it asked for
      const there = await givers[it.method](it, it.refund).catch(() => null);
      if (there?.fen > 0 && await there.tell().catch(() => false)) return;
      await sleep(300);
    }
  }

  // `width` payers at once, until stop() or there is nobody left.
  start(width) {
    this.withdrawals ??= [];
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
    await Promise.all(this.withdrawals);
  }
}

// -- the judgement ---------------------------------------------------------------------------------------------------

// What the gateways' clearing accounts hold, in fen.
export const clearing = () => Object.fromEntries(sql(`select a.owner_key, coalesce(sum(case when t.debit_id = a.id then t.amount else -t.amount end), 0)
  from xuqi.account as a left join xuqi.transfer as t on a.id in (t.debit_id, t.credit_id) where a.kind = 'gateway_clearing' group by 1`)
  .split('\n').filter(Boolean).map((line) => line.split(' ')).map(([rail, fen]) => [rail, Number(fen)]));

// Every refund was made there once, over its whole amount and under its own number, and is booked once. jobs is told to look now:
// the questions' own times are minutes.
async function judgeRefunds(payers, expect, faults) {
  const numbers = payers.back.map((it) => `'${it.refund}'`).join(',');
  if (numbers === '') return;
  await until('every refund is done', () => {
    sql(`update xuqi.outbox set run_at = now() where topic = 'refund' and state = 'ready'`);
    return Number(sql(`select count(*) from xuqi.refund where state = 'done' and refund_no in (${numbers})`)) === payers.back.length;
  }, 180).catch((error) => faults.push(error.message));
  expect('refunds of the orders, one each', sql(`select count(*) from xuqi.refund where order_no in (select order_no from xuqi.refund where refund_no in (${numbers}))`), payers.back.length);
  expect('renewals that ended with it', sql(`select count(*) from xuqi.refund as f join xuqi.renewal as r using (renewal_no) where r.status = 'cancelled' and f.refund_no in (${numbers})`), payers.back.length);
  for (const event of ['refund', 'refund_done']) expect(`${event} booked once each`, sql(`select count(*) from xuqi.posting where event_type = '${event}' and event_key in (${numbers})`), payers.back.length);
  let once = 0;
  for (const it of payers.back) {
    const there = await givers[it.method](it, it.refund);
    if (there.fen === amount && there.all === amount) once++;
  }
  expect('refunds made once at their gateways', once, payers.back.length);
}

const amount = 20000;

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
  await judgeRefunds(payers, expect, faults);
  expect('orders paid', count('p join xuqi.renewal as r using (renewal_no) join xuqi."order" as o on o.order_no = r.order_no where o.state = $$paid$$ and r.status = $$awaiting_review$$'), payers.paid.length - payers.back.length);
  expect('payments booked once each', count(`(select p.attempt_no from p join xuqi.posting as b on b.event_type = 'gateway' and b.event_key in ('alipay:' || p.txn, 'wechat:' || p.txn, 'unionpay:' || p.txn) group by 1 having count(*) = 1) as once`), payers.paid.length);
  expect('surplus', count('p join xuqi.surplus as s using (attempt_no)'), 0);
  const now = clearing();
  for (const method of methods) {
    const kept = payers.paid.filter((it) => it.method === method && !it.refund).length;
    expect(`${method}'s clearing account grew by what was paid and kept there`, (now[method] ?? 0) - (before[method] ?? 0), kept * amount);
  }
  expect('faults in the books', sql('select count(*) from xuqi.ledger_check()'), 0);
  return faults;
}
