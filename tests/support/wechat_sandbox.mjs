// SPDX-License-Identifier: Apache-2.0
// A stand-in for WeChat Pay's API v3 on loopback, for demonstrations and tests: Native orders, query, close, notices, and a
// labelled page instead of a phone. Checks the merchant's signature and signs what it says, with keys made at run time. It
// moves no money. Misbehaves on demand: see `modes` and POST /sandbox/control.
//   node wechat_sandbox.mjs --make-keys FOLDER
//   node wechat_sandbox.mjs --keys FOLDER --port PORT
// Needs Node.js and openssl, no packages.
import { execFileSync } from 'node:child_process';
import { createCipheriv, createHash, createSign, createVerify, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Bills, sha1, usualFee } from './bills.mjs';

export const MERCHANT = '1900000109';
export const APP = 'wxd678efh567hg6787';

// -- keys: the merchant's API certificate, WeChat's public key, the APIv3 key, and a stranger's for misbehaviour ----------

// A platform certificate of WeChat's; the next ones are made by rotate().
export function makePlatform(folder, name, days = 1800) {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`),
    '-days', String(days), '-subj', '/C=CN/O=SANDBOX/CN=Tenpay.com Root CA'], { stdio: 'ignore' });
  chmodSync(join(folder, `${name}.key`), 0o600);
}
export const platforms = (folder) => readdirSync(folder).filter((name) => /^platform\d*\.pem$/.test(name)).sort().map((name) => name.slice(0, -4));
export const serialOf = (folder, name) => new X509Certificate(readFileSync(join(folder, `${name}.pem`))).serialNumber;

export function makeKeys(folder) {
  if (existsSync(folder) && !existsSync(join(folder, 'platform.pem'))) makePlatform(folder, 'platform');
  if (existsSync(join(folder, 'made'))) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const secret = (name, text) => writeFileSync(join(folder, name), text, { mode: 0o600 });
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', join(folder, 'merchant.key'), '-out', join(folder, 'merchant.pem'),
    '-days', '1800', '-subj', `/C=CN/O=SANDBOX/CN=${MERCHANT}`], { stdio: 'ignore' });
  for (const name of ['wechat', 'stranger']) {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    secret(`${name}.key`, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(join(folder, `${name}.pub`), publicKey.export({ type: 'spki', format: 'pem' }));
  }
  if (!existsSync(join(folder, 'platform.pem'))) makePlatform(folder, 'platform');
  secret('api.key', `${randomBytes(16).toString('hex')}\n`);
  writeFileSync(join(folder, 'public_key_id'), `PUB_KEY_ID_0${MERCHANT}${Date.now()}\n`);
  writeFileSync(join(folder, 'serial'), `${new X509Certificate(readFileSync(join(folder, 'merchant.pem'))).serialNumber}\n`);
  writeFileSync(join(folder, 'made'), '');
}

// -- the protocol -------------------------------------------------------------------------------------------------

const read = (folder, name) => readFileSync(join(folder, name), 'utf8').trim();
const error = (code, message = code) => ({ code, message });
const beijing = (ms = Date.now()) => `${new Date(ms + 8 * 3600e3).toISOString().slice(0, 19)}+08:00`;

// The four headers over exactly these bytes.
export function signedHeaders(folder, body, { key = 'wechat', at = Date.now(), probe = false, serial } = {}) {
  const timestamp = String(Math.floor(at / 1000));
  const nonce = randomBytes(16).toString('hex');
  const signature = createSign('RSA-SHA256').update(`${timestamp}\n${nonce}\n${body}\n`).sign(readFileSync(join(folder, `${key}.key`)), 'base64');
  return {
    'wechatpay-timestamp': timestamp, 'wechatpay-nonce': nonce, 'wechatpay-serial': serial ?? read(folder, 'public_key_id'),
    'wechatpay-signature': probe ? `WECHATPAY/SIGNTEST/${signature}` : signature, 'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
  };
}

// Is the request the merchant's? METHOD, path with query, time, nonce, body; each ended by a newline.
export function merchantSigned(folder, method, path, authorization, body) {
  const [scheme, rest = ''] = (authorization ?? '').split(/ (.*)/s);
  const it = Object.fromEntries([...rest.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1], match[2]]));
  return scheme === 'WECHATPAY2-SHA256-RSA2048' && it.mchid === MERCHANT && it.serial_no === read(folder, 'serial') &&
    Math.abs(Date.now() / 1000 - Number(it.timestamp)) < 300 &&
    createVerify('RSA-SHA256').update(`${method}\n${path}\n${it.timestamp}\n${it.nonce_str}\n${body}\n`)
      .verify(readFileSync(join(folder, 'merchant.pem')), it.signature ?? '', 'base64');
}

function sealed(folder, plain, { apiKey, alterTag = false, type = 'transaction' } = {}) {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiKey ?? read(folder, 'api.key')), Buffer.from(nonce));
  cipher.setAAD(Buffer.from(type));
  const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  if (alterTag) text[text.length - 1] ^= 1;
  return { original_type: type, algorithm: 'AEAD_AES_256_GCM', ciphertext: text.toString('base64'), associated_data: type, nonce };
}

const tradeOf = (order) => ({
  mchid: MERCHANT, appid: APP, out_trade_no: order.out_trade_no, trade_state: order.state, trade_state_desc: order.state,
  ...(order.state === 'SUCCESS' || order.state === 'REFUND' ? {
    transaction_id: order.transaction_id, trade_type: 'NATIVE', bank_type: 'OTHERS', attach: '', success_time: order.success_time,
    payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
    amount: { total: order.amount.total, payer_total: order.amount.total - (order.coupon ?? 0), currency: 'CNY', payer_currency: 'CNY' },
  } : {}),
});

// A notice as posted. How it is wrong on demand; everything else about it is right.
// GET /v3/certificates: each sealed under the APIv3 key. mode 'apikey', 'tag': it does not open; 'serial': another number.
const certificatesOf = (folder, mode) => [200, { data: platforms(folder).map((name) => {
  const it = new X509Certificate(readFileSync(join(folder, `${name}.pem`)));
  const { original_type: _, ...encrypt_certificate } = sealed(folder, it.toString(), { type: 'certificate', alterTag: mode === 'tag', apiKey: mode === 'apikey' ? 'f'.repeat(32) : undefined });
  return { serial_no: mode === 'serial' ? `${it.serialNumber.slice(0, -2)}00` : it.serialNumber, effective_time: beijing(Date.parse(it.validFrom)), expire_time: beijing(Date.parse(it.validTo)), encrypt_certificate };
}) }];

export const modes = ['probe', 'stranger', 'serial', 'old', 'apikey', 'tag', 'amount', 'mchid', 'appid', 'currency', 'order', 'state'];
export function noticeOf(folder, order, mode, event = 'TRANSACTION.SUCCESS', platform = undefined) {
  const trade = tradeOf(order);
  if (mode === 'amount') trade.amount.total -= 1;
  if (mode === 'currency') trade.amount.currency = 'HKD';
  if (mode === 'mchid') trade.mchid = '1900000110';
  if (mode === 'appid') trade.appid = 'wxd678efh567hg6788';
  if (mode === 'order') trade.out_trade_no = `${trade.out_trade_no.slice(0, -2)}99`;
  if (mode === 'state') trade.trade_state = 'NOTPAY';
  const resource = sealed(folder, JSON.stringify(trade), { alterTag: mode === 'tag', apiKey: mode === 'apikey' ? 'f'.repeat(32) : undefined });
  const body = JSON.stringify({ id: `EV-${createHash('sha256').update(order.out_trade_no + event).digest('hex').slice(0, 24)}`, create_time: beijing(),
    resource_type: 'encrypt-resource', event_type: event, summary: '支付成功', resource });
  return { body, headers: signedHeaders(folder, body, { probe: mode === 'probe', key: mode === 'stranger' ? 'stranger' : platform ?? 'wechat',
    serial: mode === 'serial' ? 'PUB_KEY_ID_0000000000000000000000000000' : platform && serialOf(folder, platform), at: Date.now() - (mode === 'old' ? 301e3 : 0) }) };
}

// Of a refund, as posted. mode as above.
export function refundNoticeOf(folder, order, number, mode) {
  const refund = order.refunds?.[number];
  const status = refund?.status ?? 'SUCCESS';
  const event = `REFUND.${mode === 'event' ? 'CLOSED' : status}`;
  const told = { mchid: mode === 'mchid' ? '1900000110' : MERCHANT, out_trade_no: order.out_trade_no, transaction_id: order.transaction_id, out_refund_no: number, refund_id: refund?.refund_id ?? '50300000000000000000000000',
    refund_status: status, success_time: beijing(), user_received_account: '支付用户零钱', amount: { total: order.amount.total, refund: refund?.amount.refund ?? 1, payer_total: order.amount.total, payer_refund: refund?.amount.refund ?? 1 } };
  const resource = sealed(folder, JSON.stringify(told), { alterTag: mode === 'tag', apiKey: mode === 'apikey' ? 'f'.repeat(32) : undefined });
  const body = JSON.stringify({ id: `EV-${createHash('sha256').update(number + event).digest('hex').slice(0, 24)}`, create_time: beijing(), resource_type: 'encrypt-resource', event_type: event, summary: '退款', resource });
  return { body, headers: signedHeaders(folder, body, { probe: mode === 'probe', key: mode === 'stranger' ? 'stranger' : 'wechat',
    serial: mode === 'serial' ? 'PUB_KEY_ID_0000000000000000000000000000' : undefined, at: Date.now() - (mode === 'old' ? 301e3 : 0) }) };
}

export const post = (url, { body, headers }) => new Promise((resolve) => {
  const req = httpRequest(url, { method: 'POST', agent: false, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers } }, (res) => {
    const parts = [];
    res.on('data', (part) => parts.push(part)).on('end', () => resolve({ status: res.statusCode, text: Buffer.concat(parts).toString('utf8') }));
  });
  req.on('error', (failure) => resolve({ status: 0, text: failure.code }));
  req.end(body);
});

// -- the gateway --------------------------------------------------------------------------------------------------

export class Gateway {
  constructor(folder) {
    Object.assign(this, { folder, orders: new Map(), queues: new Map(), asked: [], file: join(folder, 'orders.json') });
    if (existsSync(this.file)) for (const order of JSON.parse(readFileSync(this.file, 'utf8'))) this.orders.set(order.out_trade_no, order);
    this.bills = new Bills('wechat', MERCHANT, (day) => [...this.orders.values()].filter((it) => it.state === 'SUCCESS' && it.success_time.startsWith(day)).map((it) => (
      { kind: 'payment', id: it.transaction_id, attempt: it.out_trade_no, fen: it.amount.total, fee: usualFee(it.amount.total), at: it.success_time.slice(0, 19).replace('T', ' ') })));
  }

  // Where a day's bill is, and later the bill itself, which nobody signs.
  tradeBill(url, mode) {
    const day = url.searchParams.get('bill_date'), file = this.bills.file(day, mode);
    if (mode === 'creating') return [400, error('STATEMENT_CREATING', '账单生成中')];
    if (!file) return [400, error('NO_STATEMENT_EXIST', '账单文件不存在')];
    return [200, { hash_type: 'SHA1', hash_value: mode === 'hash' ? sha1('another') : sha1(file), download_url: `http://${url.host}/v3/billdownload/file?token=${day}${mode ? `-${mode}` : ''}` }];
  }

  save() { writeFileSync(this.file, JSON.stringify([...this.orders.values()])); }

  native(order) {
    if (order.mchid !== MERCHANT || order.appid !== APP || !/^[0-9A-Za-z_\-|*]{6,32}$/.test(order.out_trade_no ?? '') || !Number.isInteger(order.amount?.total) ||
      order.amount.total < 1 || !order.description || [...order.description].length > 127 || !/^https?:\/\/[^?]+$/.test(order.notify_url ?? ''))
      return [400, error('PARAM_ERROR', '参数错误')];
    if (order.time_expire && Date.parse(order.time_expire) <= Date.now()) return [400, error('INVALID_REQUEST', '订单已超时')];
    const known = this.orders.get(order.out_trade_no);
    if (known && known.state === 'SUCCESS') return [400, error('ORDERPAID', '该订单已支付')];
    if (known && known.state === 'CLOSED') return [400, error('ORDER_CLOSED', '订单已关闭')];
    if (known && (known.amount.total !== order.amount.total || known.description !== order.description || known.time_expire !== order.time_expire))
      return [400, error('INVALID_REQUEST', '请求重入时，参数与首次请求时不一致')];
    if (!known) this.orders.set(order.out_trade_no, { ...order, state: 'NOTPAY' });
    this.save();
    return [200, { code_url: `weixin://wxpay/bizpayurl?pr=${Buffer.from(order.out_trade_no).toString('base64url')}` }];
  }

  query(number) {
    const order = this.orders.get(number);
    return order ? [200, tradeOf(order)] : [404, error('ORDER_NOT_EXIST', '订单不存在')];
  }

  close(number) {
    const order = this.orders.get(number);
    if (!order) return [404, error('ORDER_NOT_EXIST', '订单不存在')];
    if (order.state === 'SUCCESS') return [400, error('ORDERPAID', '该订单已支付')];
    order.state = 'CLOSED';
    this.save();
    return [204, null];
  }

  // The same number again is the same refund. It is under way until the sandbox is told how it ends; SUCCESS if it is not told.
  refund(wish) {
    const order = [...this.orders.values()].find((it) => it.transaction_id === wish.transaction_id);
    if (!order) return [404, error('RESOURCE_NOT_EXISTS', '订单不存在')];
    const refunds = order.refunds ??= {};
    const known = refunds[wish.out_refund_no];
    if (known && known.amount.refund !== wish.amount?.refund) return [400, error('INVALID_REQUEST', '请求重入时，参数与首次请求时不一致')];
    const back = Object.values(refunds).reduce((sum, it) => sum + it.amount.refund, 0);
    if (!known && (!/^[0-9A-Za-z_\-|*@]{1,64}$/.test(wish.out_refund_no ?? '') || wish.amount?.total !== order.amount.total || wish.amount?.currency !== 'CNY' || !(wish.amount.refund >= 1)))
      return [400, error('PARAM_ERROR', '参数错误')];
    if (!known && back + wish.amount.refund > order.amount.total) return [400, error('INVALID_REQUEST', '退款金额大于可退金额')];
    refunds[wish.out_refund_no] ??= { refund_id: `503${BigInt(`0x${createHash('sha256').update(wish.out_refund_no).digest('hex').slice(0, 18)}`).toString().padStart(23, '0').slice(0, 23)}`,
      out_refund_no: wish.out_refund_no, transaction_id: order.transaction_id, out_trade_no: order.out_trade_no, channel: 'ORIGINAL', user_received_account: '支付用户零钱', create_time: beijing(),
      status: 'PROCESSING', amount: { ...wish.amount, payer_total: wish.amount.total, payer_refund: wish.amount.refund }, notify_url: wish.notify_url };
    this.save();
    return [200, refunds[wish.out_refund_no]];
  }

  refunded(number) {
    const order = [...this.orders.values()].find((it) => it.refunds?.[number]);
    return order ? { order, refund: order.refunds[number] } : null;
  }

  // How a refund under way ends: SUCCESS, CLOSED, ABNORMAL.
  endRefund(number, status = 'SUCCESS') {
    const found = this.refunded(number);
    if (found?.refund.status !== 'PROCESSING') return;
    found.refund.status = status;
    if (status === 'SUCCESS') found.order.state = 'REFUND';
    this.save();
  }

  refundQuery(number) {
    const found = this.refunded(number);
    if (!found) return [404, error('RESOURCE_NOT_EXISTS', '退款单不存在')];
    if (!found.refund.held) this.endRefund(number);
    return [200, found.refund];
  }

  pay(number) {
    const order = this.orders.get(number);
    if (!order) return null;
    if (order.state !== 'SUCCESS')
      Object.assign(order, { state: 'SUCCESS', success_time: beijing(), transaction_id: `42000${BigInt(`0x${createHash('sha256').update(number).digest('hex').slice(0, 18)}`).toString().padStart(23, '0').slice(0, 23)}` });
    this.save();
    return order;
  }

  // As WeChat: again while it is not answered 2xx; here a second apart.
  async push(order, { mode, copies = 1, times = 5, event } = {}) {
    const statuses = [];
    for (let i = 0; i < times; i++) {
      const round = await Promise.all(Array.from({ length: copies }, () => post(order.notify_url, noticeOf(this.folder, order, mode, event))));
      statuses.push(...round.map((it) => it.status));
      if (round.every((it) => it.status >= 200 && it.status < 300)) break;
      if (i + 1 < times) await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    return statuses;
  }
}

// -- the server ---------------------------------------------------------------------------------------------------

const escape = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const page = (title, body) => `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>body{font:16px/1.6 system-ui,sans-serif;max-width:34em;margin:2em auto;padding:0 1em}.mark{background:#fff3cd;border:1px solid #b38600;padding:.5em 1em}
button{font:inherit;padding:.6em 1.4em}.amount{font-size:2em}li{margin:1em 0}</style>
<p class="mark"><b>微信支付 · 沙箱 SANDBOX</b><br>本机演示用的替身，不是微信支付，不会动用资金。A stand-in on this machine: not WeChat Pay, no money moves.</p>
<h1>${title}</h1>${body}</html>`;
const html = (res, text, status = 200) => res.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(text);

const waiting = (gateway) => page('扫码支付 instead of a phone', `<ul>${[...gateway.orders.values()].filter((it) => it.state === 'NOTPAY').reverse().slice(0, 50)
  .map((it) => `<li>${escape(it.description)}<br><span class="amount">¥ ${(it.amount.total / 100).toFixed(2)}</span>
<form method="post" action="/sandbox/pay"><input type="hidden" name="out_trade_no" value="${escape(it.out_trade_no)}"><button>确认支付 pay</button></form></li>`).join('') ||
  '<li>没有待支付的订单 nothing to pay</li>'}</ul>`);

function answerBill(gateway, req, res) {
  const url = new URL(req.url, `http://${req.headers.host}`), download = url.pathname === '/v3/billdownload/file';
  gateway.asked.push({ method: req.method, url: req.url, authorization: req.headers.authorization, body: '' });
  const genuine = merchantSigned(gateway.folder, req.method, req.url, req.headers.authorization, '');
  if (download) {
    const [, day, mode] = url.searchParams.get('token').match(/^(\d{4}-\d\d-\d\d)-?(.*)$/), packed = gzipSync(gateway.bills.file(day));
    return genuine ? res.writeHead(200, { 'content-type': 'application/octet-stream' }).end(mode === 'cutoff' ? packed.subarray(0, packed.length - 12) : packed) : res.writeHead(401).end();
  }
  const mode = gateway.bills.next(url.searchParams.get('bill_date'));
  if (mode === 'silence') return undefined;
  if (mode === 'error500') return res.writeHead(500).end();
  const [status, body] = genuine ? gateway.tradeBill(url, mode) : [401, error('SIGN_ERROR', '签名错误')], text = JSON.stringify(body);
  return res.writeHead(status, { 'content-type': 'application/json', ...signedHeaders(gateway.folder, text, { key: mode === 'stranger' ? 'stranger' : 'wechat' }) }).end(text);
}

function answerApi(gateway, req, res, raw) {
  if (req.url.startsWith('/v3/bill')) return answerBill(gateway, req, res);
  const native = req.url === '/v3/pay/transactions/native' && req.method === 'POST';
  const certificates = req.url === '/v3/certificates?algorithm_type=RSA' && req.method === 'GET';
  const refund = req.url.startsWith('/v3/refund/domestic/refunds');
  const number = certificates ? 'certificates' : native ? '*' : refund && req.method === 'POST' ? JSON.parse(raw).out_refund_no : decodeURIComponent(req.url.split('?')[0].split('/').at(req.url.includes('/close') ? -2 : -1));
  const mode = gateway.queues.get(req.url.includes('/close') ? `close ${number}` : number)?.shift();
  gateway.asked.push({ method: req.method, url: req.url, authorization: req.headers.authorization, body: raw });
  if (mode === 'silence') return;
  if (mode === 'reset') { res.socket.destroy(); return; }
  if (mode === 'error500') { res.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify(error('SYSTEM_ERROR'))); return; }
  let [status, body] = !merchantSigned(gateway.folder, req.method, req.url, req.headers.authorization, raw) ? [401, error('SIGN_ERROR', '签名错误')]
    : !req.headers['user-agent'] ? [403, error('NO_AUTH', '缺少User-Agent')]
    : certificates ? certificatesOf(gateway.folder, mode)
    : native ? gateway.native(JSON.parse(raw))
    : refund && req.method === 'POST' ? (mode === 'notenough' ? [403, error('NOT_ENOUGH', '基本账户余额不足')] : gateway.refund(JSON.parse(raw)))
    : refund && req.method === 'GET' ? gateway.refundQuery(number)
    : req.url.endsWith('/close') && req.method === 'POST' ? gateway.close(number)
    : req.url.startsWith('/v3/pay/transactions/out-trade-no/') && req.method === 'GET' ? gateway.query(number)
    : [404, error('RESOURCE_NOT_EXISTS')];
  if (mode === 'booked500') { res.writeHead(500).end(); return; }
  if (mode === 'bookedsilence') return;
  if (mode === 'refundamount') body = { ...body, amount: { ...body.amount, refund: 1 } };
  if (mode === 'notfound') [status, body] = [404, error('ORDER_NOT_EXIST')];
  if (mode === 'unpaid') body = { ...body, trade_state: 'NOTPAY' };
  const text = body === null ? '' : JSON.stringify(body);
  const headers = signedHeaders(gateway.folder, text, { probe: mode === 'probe', key: mode === 'stranger' ? 'stranger' : 'wechat' });
  if (mode === 'unsigned') for (const name of Object.keys(headers)) delete headers[name];
  res.writeHead(status, { ...(text ? { 'content-type': 'application/json' } : {}), 'request-id': randomBytes(8).toString('hex'), ...headers }).end(text);
}

async function serve(gateway, req, res) {
  const parts = [];
  for await (const part of req) parts.push(part);
  const raw = Buffer.concat(parts).toString('utf8');
  if (req.url.startsWith('/v3/')) return answerApi(gateway, req, res, raw);
  if (req.method === 'GET' && req.url === '/') return html(res, waiting(gateway));
  if (req.method === 'POST' && req.url === '/sandbox/pay') {
    const order = gateway.pay(new URLSearchParams(raw).get('out_trade_no'));
    if (!order) return html(res, page('没有这笔订单 no such order', ''), 404);
    gateway.push(order); // not awaited: WeChat sends it on its own time
    return html(res, page('支付成功 paid', '<p>请回到订单页面。Go back to the order page.</p>'));
  }
  if (req.method === 'POST' && req.url === '/sandbox/control') { // for tests: pay without notice, push as wished, how the next answers are wrong
    const wish = JSON.parse(raw);
    if (wish.answers) gateway.queues.set(wish.number ?? '*', [...wish.answers]); // '*': of orders
    if (wish.bill) gateway.bills.wish(wish.bill);
    if (wish.rotate) makePlatform(gateway.folder, wish.rotate, wish.days);
    if (wish.hold) gateway.refunded(wish.hold).refund.held = true; // a refund stays under way
    if (wish.end) gateway.endRefund(wish.end, wish.as);
    const order = wish.pay ? gateway.pay(wish.number) : gateway.orders.get(wish.number) ?? gateway.refunded(wish.number)?.order;
    const statuses = wish.push ? await gateway.push(order, wish.push) : wish.tell ? [(await post(order.notify_url, refundNoticeOf(gateway.folder, order, wish.tell, wish.mode))).status] : [];
    return res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ order, statuses, asked: gateway.asked.filter((it) => !wish.number || it.url.includes(wish.number) || it.body.includes(wish.number)) }));
  }
  return html(res, page('没有这个地址 nothing here', ''), 404);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = (name) => process.argv[process.argv.indexOf(name) + 1];
  if (process.argv.includes('--make-keys')) {
    makeKeys(option('--make-keys'));
  } else {
    const gateway = new Gateway(option('--keys'));
    createServer((req, res) => serve(gateway, req, res).catch((failure) => (res.headersSent ? res.destroy() : res.writeHead(500).end(failure.message))))
      .listen(Number(option('--port')), '127.0.0.1', () => console.error(`wechat sandbox: a stand-in on 127.0.0.1:${option('--port')}, no money moves`));
  }
}
