// SPDX-License-Identifier: Apache-2.0
// Callbacks of the three gateways for attempts at 200.00 yuan, as whole HTTP requests, signed with the keys of an installation
// of deploy/run. On standard input lines "gateway attempt_no opened_at transaction", opened_at as 20261121100000 in Beijing;
// on standard output records for bench_load (tests/bench/requests.h) in the same order.
//   node callback.mjs VAR [--copies SEED]    --copies: each 1 to 15 times, all shuffled; prints how many to stderr
//   node callback.mjs VAR --orders           instead: what UnionPay's sandbox keeps of its payments, as its orders.json
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Gateway as Alipay } from './alipay_sandbox.mjs';
import * as unionpay from './unionpay_sandbox.mjs';
import * as wechat from './wechat_sandbox.mjs';

const FEN = 20000;
const MERCHANT = '777290058110097';
const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
const iso = (stamp) => `${stamp.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6')}+08:00`;
const plain = (stamp) => iso(stamp).slice(0, 19).replace('T', ' ');

// What the gateway knows of a paid order, and what it posts to us.
export const unionpayOrder = (merchant, attempt, opened, transaction) => ({
  orderId: attempt, txnTime: opened, txnAmt: String(FEN), merId: merchant, bizType: '000201', code: '00', queryId: transaction, traceTime: opened.slice(4),
});
export function callbacks(folder, { app = '2021000000000001', seller = '2088000000000001', merchant = MERCHANT } = {}) {
  const key = readFileSync(`${folder}/keys/alipay-gateway.pem`, 'utf8');
  return {
    alipay: (attempt, opened, transaction) => ({ headers: FORM, body: Alipay.prototype.noticeOf.call({ app, seller, key }, {
      out_trade_no: attempt, trade_no: transaction, total_amount: '200.00', state: 'TRADE_SUCCESS', subject: '数字证书续期', made_at: plain(opened), paid_at: plain(opened) }) }),
    wechat: (attempt, opened, transaction) => {
      const { body, headers } = wechat.noticeOf(`${folder}/wechat`, { out_trade_no: attempt, transaction_id: transaction, state: 'SUCCESS', success_time: iso(opened), amount: { total: FEN } });
      return { body, headers: { 'content-type': 'application/json', ...headers } };
    },
    unionpay: (attempt, opened, transaction) => ({ headers: FORM, body: unionpay.encodeForm(unionpay.signAs(`${folder}/unionpay`, 'gateway', unionpay.noticeOf(unionpayOrder(merchant, attempt, opened, transaction)))) }),
  };
}

export function record(gateway, { headers, body }) {
  const bytes = Buffer.from(body, 'utf8');
  const head = Object.entries({ host: '127.0.0.1', ...headers, 'content-length': bytes.length }).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const request = Buffer.concat([Buffer.from(`POST /notify/${gateway} HTTP/1.1\r\n${head}\r\n`), bytes]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(request.length);
  return Buffer.concat([size, request]);
}

// The same walk for the same seed (mulberry32).
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

function delivered(records, seed) {
  const next = random(seed);
  const all = records.flatMap((it) => Array.from({ length: 1 + Math.floor(next() * 15) }, () => it));
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all;
}

async function main(folder, wish, seed) {
  const payments = [];
  for await (const line of createInterface({ input: process.stdin })) payments.push(line.split(' '));
  if (wish === '--orders') {
    console.log(JSON.stringify(payments.filter(([gateway]) => gateway === 'unionpay').map(([, ...it]) => unionpayOrder(MERCHANT, ...it))));
    return;
  }
  const make = callbacks(folder);
  const records = payments.map(([gateway, ...it]) => record(gateway, make[gateway](...it)));
  const all = wish === '--copies' ? delivered(records, Number(seed)) : records;
  process.stdout.write(Buffer.concat(all));
  if (wish === '--copies') console.error(all.length);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(...process.argv.slice(2));
