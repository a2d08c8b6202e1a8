// SPDX-License-Identifier: Apache-2.0
// A stand-in for Alipay's gateway on loopback, for demonstrations and tests: the page-pay form and a labelled page to pay on,
// alipay.trade.query, .close, .precreate, .refund and .fastpay.refund.query, notices. Checks the application's signature and signs what it says, with keys made at run
// time. It moves no money. Misbehaves on demand: see `modes` and POST /sandbox/control.
//   node alipay_sandbox.mjs --app APP_ID --seller SELLER_ID --app-key PUBLIC_PEM --key PRIVATE_PEM --folder FOLDER --port PORT
// Needs Node.js, no packages.
import { createHash, createSign, createVerify, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Bills, usualFee } from './bills.mjs';

// -- the protocol -------------------------------------------------------------------------------------------------

const beijing = (ms = Date.now()) => new Date(ms + 8 * 3600e3).toISOString().slice(0, 19).replace('T', ' ');
const msOf = (text) => Date.parse(`${text.replace(' ', 'T')}+08:00`);
const joined = (fields, without) => Object.keys(fields).filter((name) => !without.includes(name) && fields[name] !== '').sort().map((name) => `${name}=${fields[name]}`).join('&');
const signature = (key, text) => createSign('RSA-SHA256').update(text).sign(key, 'base64');
const encoded = (fields) => new URLSearchParams(fields).toString();

// A request is signed over everything but sign; a notice over everything but sign and sign_type.
export const requestSigned = (appKey, fields) => createVerify('RSA-SHA256').update(joined(fields, ['sign'])).verify(appKey, fields.sign ?? '', 'base64');

const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const SIGNED_NODE = 'alipay_trade_query_response';
const failure = (code, sub, message) => ({ code, msg: code === '40004' ? 'Business Failed' : 'Invalid Arguments', sub_code: sub, sub_msg: message });

// How an answer is wrong, or merely unusual, on demand; everything else about it is right.
export const modes = ['silence', 'reset', 'error500', 'stranger', 'unsigned', 'truncated', 'repeated', 'altered', 'notfound', 'contradiction', 'system', 'fault', 'other', 'amount', 'seller',
  'signfirst', 'nested', 'escaped'];
// Of a refund, by its out_request_no: those above, and what becomes of it there.
export const refundModes = ['booked500', 'bookedsilence', 'balance', 'pending', 'otherrefund'];

export function answerText(key, name, node, mode) {
  const inner = JSON.stringify(mode === 'nested' ? { inner: { [SIGNED_NODE]: { code: '40004', trade_status: 'TRADE_CLOSED' } }, ...node }
    : mode === 'escaped' ? { note: 'a "quoted" } { \\ brace", "sign":"x', ...node } : node);
  const sign = signature(mode === 'stranger' ? stranger : key, inner);
  const sent = mode === 'altered' ? inner.replace('"code":"40004"', '"code":"10000"').replace(/"total_amount":"\d+/, '"total_amount":"9') : inner;
  const text = mode === 'unsigned' ? `{"${name}":${sent}}` : mode === 'signfirst' ? `{"sign":"${sign}",\n "${name}": ${sent} }`
    : mode === 'repeated' ? `{"${name}":${sent},"${name}":${sent},"sign":"${sign}"}` : `{"${name}":${sent},"sign":"${sign}"}`;
  return mode === 'truncated' ? text.slice(0, -40) : text;
}

export const post = (url, body) => new Promise((resolve) => {
  const req = httpRequest(url, { method: 'POST', agent: false, headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', 'content-length': Buffer.byteLength(body) } }, (res) => {
    const parts = [];
    res.on('data', (part) => parts.push(part)).on('end', () => resolve({ status: res.statusCode, text: Buffer.concat(parts).toString('utf8') }));
  });
  req.on('error', (problem) => resolve({ status: 0, text: problem.code }));
  req.end(body);
});

// -- the gateway --------------------------------------------------------------------------------------------------

export class Gateway {
  constructor({ app, seller, appKey, key, folder }) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    Object.assign(this, { app, seller, appKey, key, orders: new Map(), queues: new Map(), asked: [], file: join(folder, 'orders.json') });
    if (existsSync(this.file)) for (const order of JSON.parse(readFileSync(this.file, 'utf8'))) this.orders.set(order.out_trade_no, order);
    this.bills = new Bills('alipay', seller, (day) => [...this.orders.values()].filter((it) => it.state === 'TRADE_SUCCESS' && it.paid_at.startsWith(day)).map((it) => {
      const fen = Math.round(Number(it.total_amount) * 100);
      return { kind: 'payment', id: it.trade_no, attempt: it.out_trade_no, fen, fee: usualFee(fen), at: it.paid_at };
    }));
  }

  // Where a day's bill is; what is there is neither signed nor hashed.
  billUrl(day, mode, host) {
    if (mode === 'creating') return { code: '20000', msg: 'Service Currently Unavailable', sub_code: 'isp.unknow-error' };
    if (!this.bills.file(day, mode)) return { ...failure('40004', 'isp.bill_not_exist', '账单不存在') };
    return { code: '10000', msg: 'Success', bill_download_url: `http://${host}/bill?day=${day}${mode ? `&mode=${mode}` : ''}` };
  }

  save() { writeFileSync(this.file, JSON.stringify([...this.orders.values()])); }

  // Who posts the form has an order; a trade begins when the payer logs in.
  pagePay(fields, product = 'FAST_INSTANT_TRADE_PAY') {
    const content = JSON.parse(fields.biz_content);
    if (!/^[0-9A-Za-z_]{1,64}$/.test(content.out_trade_no ?? '') || !/^(0|[1-9]\d*)\.\d\d$/.test(content.total_amount ?? '') || content.product_code !== product ||
      !content.subject || /[/=&]/.test(content.subject) || [...content.subject].length > 256 || !/^https?:\/\/[^?]+$/.test(fields.notify_url ?? ''))
      return null;
    const known = this.orders.get(content.out_trade_no);
    if (known && known.total_amount !== content.total_amount) return null;
    if (!known) this.orders.set(content.out_trade_no, { ...content, notify_url: fields.notify_url, return_url: fields.return_url, state: '' });
    this.save();
    return this.fresh(this.orders.get(content.out_trade_no));
  }

  fresh(order) {
    if (order && order.state !== 'TRADE_SUCCESS' && order.time_expire && msOf(order.time_expire) <= Date.now() && order.state) order.state = 'TRADE_CLOSED';
    return order;
  }

  tradeOf(order) {
    const paid = order.state === 'TRADE_SUCCESS';
    return { trade_no: order.trade_no, out_trade_no: order.out_trade_no, trade_status: order.state, total_amount: order.total_amount, receipt_amount: paid ? order.total_amount : '0.00',
      buyer_pay_amount: paid ? order.total_amount : '0.00', buyer_logon_id: 'zha***@example.com', buyer_user_id: '2088102146225135', ...(paid ? { send_pay_date: order.paid_at } : {}) };
  }

  query(number, mode) {
    const order = this.fresh(this.orders.get(number));
    if (mode === 'system') return { code: '20000', msg: 'Service Currently Unavailable', sub_code: 'isp.unknow-error', sub_msg: '系统繁忙' };
    if (!order?.state || mode === 'notfound') return { ...failure('40004', 'ACQ.TRADE_NOT_EXIST', '交易不存在'), out_trade_no: number };
    const trade = { code: '10000', msg: 'Success', ...this.tradeOf(order) };
    if (mode === 'contradiction') Object.assign(trade, { trade_status: 'TRADE_CLOSED' });
    if (mode === 'other') trade.out_trade_no = `${number.slice(0, -2)}99`;
    if (mode === 'amount') trade.total_amount = (Number(trade.total_amount) - 0.01).toFixed(2);
    if (mode === 'seller') trade.seller_id = '2088000000000002';
    return trade;
  }

  close(number) {
    const order = this.fresh(this.orders.get(number));
    if (!order?.state) return failure('40004', 'ACQ.TRADE_NOT_EXIST', '交易不存在');
    if (order.state === 'TRADE_SUCCESS') return failure('40004', 'ACQ.TRADE_STATUS_ERROR', '交易状态不合法');
    order.state = 'TRADE_CLOSED';
    this.save();
    return { code: '10000', msg: 'Success', trade_no: order.trade_no, out_trade_no: number };
  }

  precreate(fields) {
    const order = this.pagePay(fields, 'FACE_TO_FACE_PAYMENT');
    return order ? { code: '10000', msg: 'Success', out_trade_no: order.out_trade_no, qr_code: `https://qr.alipay.com/bax${Buffer.from(order.out_trade_no).toString('base64url')}` }
      : failure('40002', 'isv.invalid-parameter', '参数有误');
  }

  // The same number and amount again is the same refund; refund_fee is what has gone back in all.
  refund(content, mode) {
    const order = this.orders.get(content.out_trade_no);
    const fen = (yuan) => Math.round(Number(yuan) * 100);
    if (mode === 'system') return { code: '20000', msg: 'Service Currently Unavailable', sub_code: 'aop.ACQ.SYSTEM_ERROR', sub_msg: '系统繁忙' };
    if (mode === 'balance') return failure('40004', 'ACQ.SELLER_BALANCE_NOT_ENOUGH', '卖家余额不足');
    if (!order?.paid_at || order.trade_no !== content.trade_no) return failure('40004', 'ACQ.TRADE_NOT_EXIST', '交易不存在');
    const refunds = order.refunds ??= {};
    const known = refunds[content.out_request_no];
    if (known && known.amount !== content.refund_amount) return failure('40004', 'ACQ.DISCORDANT_REPEAT_REQUEST', '请求信息不一致');
    const back = Object.values(refunds).reduce((sum, it) => sum + fen(it.amount), 0);
    if (!known && back + fen(content.refund_amount) > fen(order.total_amount)) return failure('40004', 'ACQ.REASON_TRADE_REFUND_FEE_ERR', '退款金额错误');
    if (!known) refunds[content.out_request_no] = { amount: content.refund_amount, at: beijing() };
    const total = back + (known ? 0 : fen(content.refund_amount));
    order.back = (total / 100).toFixed(2);
    if (total === fen(order.total_amount)) order.state = 'TRADE_CLOSED';
    this.save();
    return { code: '10000', msg: 'Success', trade_no: order.trade_no, out_trade_no: order.out_trade_no, buyer_logon_id: 'zha***@example.com', fund_change: known ? 'N' : 'Y', refund_fee: order.back };
  }

  refundQuery(content, mode) {
    const order = this.orders.get(content.out_trade_no);
    const known = order?.refunds?.[content.out_request_no];
    if (mode === 'system') return { code: '20000', msg: 'Service Currently Unavailable', sub_code: 'aop.ACQ.SYSTEM_ERROR', sub_msg: '系统繁忙' };
    if (!order?.paid_at) return failure('40004', 'ACQ.TRADE_NOT_EXIST', '交易不存在');
    if (!known || mode === 'pending') return { code: '10000', msg: 'Success' };
    return { code: '10000', msg: 'Success', trade_no: order.trade_no, out_trade_no: order.out_trade_no, out_request_no: mode === 'otherrefund' ? 'another' : content.out_request_no, refund_status: 'REFUND_SUCCESS',
      total_amount: order.total_amount, refund_amount: mode === 'amount' ? '0.01' : known.amount };
  }

  refundNotice(order, number) {
    const known = order.refunds?.[number];
    const notice = { notify_time: beijing(), notify_type: 'trade_status_sync', notify_id: createHash('sha256').update(number).digest('hex').slice(0, 34), charset: 'utf-8', version: '1.0', sign_type: 'RSA2',
      app_id: this.app, auth_app_id: this.app, trade_no: order.trade_no, out_trade_no: order.out_trade_no, out_biz_no: number, seller_id: this.seller, trade_status: order.state,
      total_amount: order.total_amount, refund_fee: order.back ?? '0.00', gmt_refund: `${known?.at ?? beijing()}.000`, gmt_create: order.made_at, gmt_payment: order.paid_at };
    return encoded({ ...notice, sign: signature(this.key, joined(notice, ['sign', 'sign_type'])) });
  }

  // state: WAIT_BUYER_PAY, TRADE_SUCCESS; paidAt: of a payment whose notice comes late.
  become(number, state, paidAt = beijing()) {
    const order = this.fresh(this.orders.get(number));
    if (!order || order.state === 'TRADE_CLOSED' || order.state === 'TRADE_SUCCESS') return order;
    const digest = createHash('sha256').update(number).digest('hex');
    Object.assign(order, { state, trade_no: `2026112122001${BigInt(`0x${digest.slice(0, 12)}`).toString().padStart(15, '0')}`, made_at: order.made_at ?? beijing(), ...(state === 'TRADE_SUCCESS' ? { paid_at: paidAt } : {}) });
    this.save();
    return order;
  }

  noticeOf(order) {
    const notice = { notify_time: beijing(), notify_type: 'trade_status_sync', notify_id: createHash('sha256').update(order.out_trade_no).digest('hex').slice(0, 34), charset: 'utf-8', version: '1.0', sign_type: 'RSA2',
      app_id: this.app, auth_app_id: this.app, trade_no: order.trade_no, out_trade_no: order.out_trade_no, buyer_id: '2088102146225135', seller_id: this.seller, trade_status: order.state,
      total_amount: order.total_amount, receipt_amount: order.total_amount, buyer_pay_amount: order.total_amount, subject: order.subject, gmt_create: order.made_at, gmt_payment: order.paid_at };
    return encoded({ ...notice, sign: signature(this.key, joined(notice, ['sign', 'sign_type'])) });
  }

  // As Alipay: again while it is not answered "success"; here a second apart.
  async push(order, { copies = 1, times = 5 } = {}) {
    const answers = [];
    for (let i = 0; i < times; i++) {
      const round = await Promise.all(Array.from({ length: copies }, () => post(order.notify_url, this.noticeOf(order))));
      answers.push(...round.map((it) => it.text));
      if (round.every((it) => it.status === 200 && it.text === 'success')) break;
      if (i + 1 < times) await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    return answers;
  }

  returnUrl(order) {
    const fields = { charset: 'utf-8', method: 'alipay.trade.page.pay.return', out_trade_no: order.out_trade_no, trade_no: order.trade_no, total_amount: order.total_amount, app_id: this.app, seller_id: this.seller,
      auth_app_id: this.app, sign_type: 'RSA2', version: '1.0', timestamp: beijing() };
    return `${order.return_url}${order.return_url.includes('?') ? '&' : '?'}${encoded({ ...fields, sign: signature(this.key, joined(fields, ['sign', 'sign_type'])) })}`;
  }
}

// -- the server ---------------------------------------------------------------------------------------------------

const escape = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const page = (title, body) => `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>body{font:16px/1.6 system-ui,sans-serif;max-width:34em;margin:2em auto;padding:0 1em}.mark{background:#fff3cd;border:1px solid #b38600;padding:.5em 1em}
button{font:inherit;padding:.6em 1.4em;margin-right:1em}.amount{font-size:2em}</style>
<p class="mark"><b>支付宝 · 沙箱 SANDBOX</b><br>本机演示用的替身，不是支付宝，不会动用资金。A stand-in on this machine: not Alipay, no money moves.</p>
<h1>${title}</h1>${body}</html>`;
const html = (res, text, status = 200) => res.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(text);

const cashier = (order) => page('收银台 cashier', `<p>${escape(order.subject)}<br><span class="amount">¥ ${escape(order.total_amount)}</span></p>
<form method="post" action="/sandbox/decide"><input type="hidden" name="out_trade_no" value="${escape(order.out_trade_no)}">
<button name="action" value="pay">确认支付 pay</button><button name="action" value="login">登录，暂不付款 log in, do not pay</button></form>`);

function answerApi(gateway, res, fields, name, number, genuine) {
  const content = JSON.parse(fields.biz_content);
  const answers = {
    'alipay.trade.query': (mode) => gateway.query(number, mode), 'alipay.trade.close': () => gateway.close(number), 'alipay.trade.precreate': () => gateway.precreate(fields),
    'alipay.trade.refund': (mode) => gateway.refund(content, mode), 'alipay.trade.fastpay.refund.query': (mode) => gateway.refundQuery(content, mode),
  };
  const close = fields.method === 'alipay.trade.close';
  const mode = gateway.queues.get(content.out_request_no ?? (close ? `close ${number}` : number))?.shift();
  const asked = { fields, sent: null };
  gateway.asked.push(asked);
  if (mode === 'silence') return;
  if (mode === 'reset') { res.socket.destroy(); return; }
  if (mode === 'error500') { res.writeHead(500).end('<html>Service Unavailable</html>'); return; }
  // What Alipay cannot verify it answers without signing.
  if (!genuine || mode === 'fault') asked.sent = JSON.stringify({ [name]: failure('40002', 'isv.invalid-signature', '无效签名') });
  else asked.sent = answerText(gateway.key, name, answers[fields.method](mode), mode);
  if (mode === 'bookedsilence') return;
  if (mode === 'booked500') { res.writeHead(500).end('<html>Internal Server Error</html>'); return; }
  res.writeHead(200, { 'content-type': 'text/html;charset=utf-8' }).end(asked.sent);
}

function answerBill(gateway, host, res, fields, name, genuine) {
  const day = JSON.parse(fields.biz_content).bill_date, mode = gateway.bills.next(day);
  if (mode === 'silence') return;
  if (mode === 'error500') { res.writeHead(500).end(); return; }
  const node = genuine ? gateway.billUrl(day, mode, host) : failure('40002', 'isv.invalid-signature', '无效签名');
  res.writeHead(200, { 'content-type': 'text/html;charset=utf-8' }).end(answerText(gateway.key, name, node, mode));
}

function gatewayDo(gateway, url, res, raw, host) {
  const fields = Object.fromEntries(new URLSearchParams(raw));
  const name = `${(fields.method ?? '').replaceAll('.', '_')}_response`;
  const now = Math.abs(msOf(fields.timestamp ?? '') - Date.now()) < 15 * 60e3;
  const genuine = fields.app_id === gateway.app && fields.sign_type === 'RSA2' && fields.version === '1.0' && now && url.searchParams.get('charset') === 'utf-8' &&
    fields.charset === 'utf-8' && requestSigned(gateway.appKey, fields);
  if (fields.method === 'alipay.trade.page.pay') {
    const order = genuine ? gateway.pagePay(fields) : null;
    if (!order) return html(res, page(genuine ? '参数错误 INVALID_PARAMETER' : '验签错误 invalid-signature', ''), 400);
    return html(res, order.state === 'TRADE_SUCCESS' || order.state === 'TRADE_CLOSED' ? page(order.state === 'TRADE_SUCCESS' ? '已支付 paid' : '交易已关闭 closed', '') : cashier(order));
  }
  if (fields.method === 'alipay.data.dataservice.bill.downloadurl.query') return answerBill(gateway, host, res, fields, name, genuine);
  if (!['alipay.trade.query', 'alipay.trade.close', 'alipay.trade.precreate', 'alipay.trade.refund', 'alipay.trade.fastpay.refund.query'].includes(fields.method))
    return res.writeHead(200).end(JSON.stringify({ error_response: failure('40002', 'isv.invalid-method', '不存在的方法名') }));
  return answerApi(gateway, res, fields, name, JSON.parse(fields.biz_content).out_trade_no, genuine);
}

async function serve(gateway, req, res) {
  const url = new URL(req.url, 'http://localhost');
  const parts = [];
  for await (const part of req) parts.push(part);
  const raw = Buffer.concat(parts).toString('utf8');
  if (req.method === 'POST' && url.pathname === '/gateway.do') return gatewayDo(gateway, url, res, raw, req.headers.host);
  if (req.method === 'GET' && url.pathname === '/bill') {
    const file = gateway.bills.file(url.searchParams.get('day'), url.searchParams.get('mode'));
    return file ? res.writeHead(200, { 'content-type': 'application/zip' }).end(file) : res.writeHead(404).end();
  }
  if (req.method === 'GET' && url.pathname === '/') return html(res, page('支付宝沙箱 Alipay SANDBOX', '<p>从续期订单的支付按钮进入。The payment button of a renewal leads here.</p>'));
  if (req.method === 'POST' && url.pathname === '/sandbox/decide') {
    const form = new URLSearchParams(raw);
    const order = gateway.become(form.get('out_trade_no'), form.get('action') === 'pay' ? 'TRADE_SUCCESS' : 'WAIT_BUYER_PAY');
    if (!order) return html(res, page('没有这笔订单 no such order', ''), 404);
    if (order.state === 'WAIT_BUYER_PAY') return html(res, cashier(order));
    if (order.state !== 'TRADE_SUCCESS') return html(res, page('交易已关闭 closed', ''), 409);
    gateway.push(order); // not awaited: Alipay sends it on its own time
    return html(res, page('支付成功 paid', `<p><a href="${escape(gateway.returnUrl(order))}">返回商家 back to the merchant</a></p>`));
  }
  if (req.method === 'POST' && url.pathname === '/sandbox/control') { // for tests: a state without a notice, push as wished, how the next answers are wrong
    const wish = JSON.parse(raw);
    if (wish.bill) gateway.bills.wish(wish.bill);
    if (wish.answers) gateway.queues.set(wish.about ?? wish.number, [...wish.answers]); // about: a refund's number, or "close <number>"
    const order = wish.state ? gateway.become(wish.number, wish.state, wish.paid_at) : gateway.fresh(gateway.orders.get(wish.number));
    if (wish.refund) gateway.refund({ out_trade_no: wish.number, trade_no: order.trade_no, ...wish.refund }); // made in the console
    const answers = wish.push ? await gateway.push(order, wish.push) : wish.tell ? [(await post(order.notify_url, gateway.refundNotice(order, wish.tell))).text] : [];
    const asked = gateway.asked.filter((it) => JSON.parse(it.fields.biz_content).out_trade_no === wish.number);
    return res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ order: order ?? null, answers, asked }));
  }
  return html(res, page('没有这个地址 nothing here', ''), 404);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = (name) => process.argv[process.argv.indexOf(name) + 1];
  const gateway = new Gateway({ app: option('--app'), seller: option('--seller'), appKey: readFileSync(option('--app-key'), 'utf8'), key: readFileSync(option('--key'), 'utf8'), folder: option('--folder') });
  createServer((req, res) => serve(gateway, req, res).catch((problem) => (res.headersSent ? res.destroy() : res.writeHead(500).end(problem.message))))
    .listen(Number(option('--port')), '127.0.0.1', () => console.error(`alipay sandbox: a stand-in on 127.0.0.1:${option('--port')}, no money moves`));
}
