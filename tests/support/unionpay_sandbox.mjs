// SPDX-License-Identifier: Apache-2.0
// A stand-in for UnionPay's gateway (ACP 5.1.0) on loopback, for demonstrations and tests: frontTransReq with a labelled
// pay page, refunds by backTransReq, back notices, front returns and queryTrans, signed by a certificate chain of its own that is made at run time.
// It moves no money. Misbehaves on demand: see `modes` and POST /sandbox/control.
//   node unionpay_sandbox.mjs --make-keys FOLDER                                  the chain, and the merchant's PFX
//   node unionpay_sandbox.mjs --keys FOLDER --port PORT --merchant 777290058110097
// Needs Node.js and openssl, no packages.
import { execFileSync } from 'node:child_process';
import { createHash, createSign, createVerify, randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Bills, usualFee } from './bills.mjs';

// -- keys ---------------------------------------------------------------------------------------------------------

const openssl = (...args) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] });

function authority(folder, name, subject, issuer) {
  const [key, pem, csr] = ['key', 'pem', 'csr'].map((kind) => join(folder, `${name}.${kind}`));
  const extensions = join(folder, `${name}.ext`);
  writeFileSync(extensions, 'basicConstraints=CA:TRUE\nkeyUsage=keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n');
  openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', csr, '-subj', subject);
  const by = issuer ? ['-CA', join(folder, `${issuer}.pem`), '-CAkey', join(folder, `${issuer}.key`)] : ['-signkey', key];
  openssl('x509', '-req', '-in', csr, ...by, '-days', '3650', '-sha256', '-extfile', extensions, '-out', pem);
}

function leaf(folder, name, commonName, issuer) {
  const [key, pem, csr] = ['key', 'pem', 'csr'].map((kind) => join(folder, `${name}.${kind}`));
  const extensions = join(folder, `${name}.ext`);
  writeFileSync(extensions, 'keyUsage=digitalSignature,nonRepudiation,keyEncipherment\nextendedKeyUsage=clientAuth\nauthorityKeyIdentifier=keyid\n');
  openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', csr, '-utf8', '-subj', `/C=cn/O=SANDBOX/OU=Enterprises/CN=${commonName}`);
  openssl('x509', '-req', '-in', csr, '-CA', join(folder, `${issuer}.pem`), '-CAkey', join(folder, `${issuer}.key`),
    '-set_serial', String(BigInt(`0x${randomBytes(5).toString('hex')}`) + 1n), '-days', '1800', '-sha256', '-extfile', extensions, '-out', pem);
}

// As the test environment's: a root, a CA between, UnionPay's own certificate and a merchant's PFX (3DES, three
// certificates in it). On top, for misbehaviour: the same names under a foreign root, and another merchant.
export function makeKeys(folder) {
  if (existsSync(join(folder, 'made'))) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  authority(folder, 'root', '/C=CN/O=SANDBOX/CN=SANDBOX CS CA');
  authority(folder, 'middle', '/C=CN/O=SANDBOX/CN=SANDBOX OCA1', 'root');
  authority(folder, 'foreign-root', '/C=CN/O=SANDBOX/CN=SANDBOX CS CA');
  authority(folder, 'foreign-middle', '/C=CN/O=SANDBOX/CN=SANDBOX OCA1', 'foreign-root');
  leaf(folder, 'gateway', '041@Z2026@00040000:SIGN@00000062', 'middle');
  leaf(folder, 'foreign-gateway', '041@Z2026@00040000:SIGN@00000062', 'foreign-middle');
  leaf(folder, 'merchant', '041@Z2026@777290058110097@00000001', 'middle');
  leaf(folder, 'other-merchant', '041@Z2026@777290058199999@00000002', 'middle');
  writeFileSync(join(folder, 'chain.pem'), readFileSync(join(folder, 'middle.pem')) + readFileSync(join(folder, 'root.pem')));
  writeFileSync(join(folder, 'merchant.password'), `${randomBytes(6).toString('hex')}\n`, { mode: 0o600 });
  openssl('pkcs12', '-export', '-inkey', join(folder, 'merchant.key'), '-in', join(folder, 'merchant.pem'), '-certfile', join(folder, 'chain.pem'),
    '-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1', '-iter', '2000', '-passout', `file:${join(folder, 'merchant.password')}`,
    '-out', join(folder, 'merchant.pfx'));
  writeFileSync(join(folder, 'made'), '');
}

// -- the protocol -------------------------------------------------------------------------------------------------

const signedText = (fields) => {
  const text = Object.keys(fields).filter((key) => key !== 'signature' && fields[key] !== '').sort().map((key) => `${key}=${fields[key]}`).join('&');
  return createHash('sha256').update(text, 'utf8').digest('hex');
};

// Signs as `who` of the folder: "gateway" rightly, others on purpose.
export function signAs(folder, who, fields) {
  const pem = readFileSync(join(folder, `${who}.pem`), 'utf8').trim().replace(/\r?\n/g, '\r\n');
  const all = { ...fields, signPubKeyCert: pem };
  all.signature = createSign('RSA-SHA256').update(signedText(all)).sign(readFileSync(join(folder, `${who}.key`)), 'base64');
  return all;
}

// Is it the merchant's? What UnionPay checks before it shows a page or answers.
export function merchantSigned(folder, fields) {
  const pem = readFileSync(join(folder, 'merchant.pem'));
  const certificate = new X509Certificate(pem);
  return fields.certId === BigInt(`0x${certificate.serialNumber}`).toString() && fields.version === '5.1.0' && fields.signMethod === '01' &&
    createVerify('RSA-SHA256').update(signedText(fields)).verify(certificate.publicKey, fields.signature ?? '', 'base64');
}

export const encodeForm = (fields) => new URLSearchParams(fields).toString();
const plain = (fields) => Object.keys(fields).sort().map((key) => `${key}=${fields[key]}`).join('&');
const beijing = (ms = Date.now()) => new Date(ms + 8 * 3600e3).toISOString().replace(/[-T:]/g, '').slice(0, 14);

// What a notice of this order says, unsigned.
export const noticeOf = (order, change = {}) => ({
  accNo: '622609******0048', accessType: '0', bizType: order.bizType, currencyCode: '156', encoding: 'UTF-8', merId: order.merId,
  orderId: order.orderId, payCardType: '01', payType: '0001', queryId: order.queryId, respCode: '00', respMsg: 'success', settleAmt: order.txnAmt,
  settleCurrencyCode: '156', settleDate: order.traceTime.slice(0, 4), signMethod: '01', traceNo: order.queryId.slice(-6), traceTime: order.traceTime,
  txnAmt: order.txnAmt, txnSubType: '01', txnTime: order.txnTime, txnType: '01', version: '5.1.0', ...change,
});

// -- misbehaviour -------------------------------------------------------------------------------------------------

// Of an answer to queryTrans. Each takes the fields (signed later) or acts on the response itself.
const changes = {
  amount: (it) => ({ ...it, txnAmt: String(Number(it.txnAmt) - 1) }),
  merchant: (it) => ({ ...it, merId: '777290058199999' }),
  currency: (it) => ({ ...it, currencyCode: '840' }),
  order: (it) => ({ ...it, orderId: `${it.orderId.slice(0, -2)}99` }),
  time: (it) => ({ ...it, txnTime: '20200101000000' }),
  version: (it) => ({ ...it, version: '5.0.0' }),
  braces: (it) => ({ ...it, reqReserved: '{a=b&respCode=34&c=d}' }),
};
export const modes = ['silence', 'reset', 'error500', 'garbage', 'altered', 'foreign', 'othername', 'slow:MS', 'resp:CODE', 'orig:CODE', ...Object.keys(changes)];

function misbehave(folder, mode, fields) {
  const [name, argument] = (mode ?? '').split(':');
  if (name === 'resp') return signAs(folder, 'gateway', { ...fields, respCode: argument, origRespCode: '' });
  if (name === 'orig') return signAs(folder, 'gateway', { ...fields, respCode: '00', origRespCode: argument });
  if (name === 'foreign') return signAs(folder, 'foreign-gateway', fields);
  if (name === 'othername') return signAs(folder, 'other-merchant', fields);
  if (name === 'altered') return { ...signAs(folder, 'gateway', fields), origRespCode: '00', txnAmt: '1' };
  return signAs(folder, 'gateway', changes[name] ? changes[name](fields) : fields);
}

// -- the gateway --------------------------------------------------------------------------------------------------

// A clearing day ends at 23:00.
const clearingDay = (order) => new Date(Date.parse(`${order.queryId.slice(0, 4)}-${order.queryId.slice(4, 6)}-${order.queryId.slice(6, 8)}T${order.queryId.slice(8, 10)}:00:00Z`) + 3600e3).toISOString().slice(0, 10);

export class Gateway {
  constructor({ folder, merchant }) {
    Object.assign(this, { folder, merchant, orders: new Map(), queue: new Map(), asked: new Map(), file: join(folder, 'orders.json') });
    if (existsSync(this.file)) for (const order of JSON.parse(readFileSync(this.file, 'utf8'))) this.orders.set(order.orderId, order);
    this.bills = new Bills('unionpay', merchant, (day) => [...this.orders.values()].filter((it) => it.code === '00' && clearingDay(it) === day).map((it) => (
      { kind: 'payment', id: it.queryId, attempt: it.orderId, fen: Number(it.txnAmt), fee: usualFee(Number(it.txnAmt)), at: `${it.queryId.slice(0, 4)}-${it.traceTime.slice(0, 2)}-${it.traceTime.slice(2, 4)} ${it.traceTime.slice(4).match(/../g).join(':')}` })));
  }

  // The file of a clearing day (txnType 76), inside the signed answer. The question has no year: the last such day.
  fileAnswer(question, mode, now = new Date(Date.now() + 9 * 3600e3)) {
    const about = { accessType: '0', bizType: '000000', encoding: 'UTF-8', fileType: '00', merId: question.merId ?? '', settleDate: question.settleDate ?? '', signMethod: '01', txnSubType: '01', txnTime: question.txnTime ?? '', txnType: '76', version: '5.1.0' };
    if (!merchantSigned(this.folder, question) || question.txnType !== '76') return { ...about, respCode: '11', respMsg: '验证签名失败[9100004]' };
    const file = this.bills.file(this.dayOf(question.settleDate, now), mode);
    if (mode === 'creating') return { ...about, respCode: '06', respMsg: '系统繁忙' };
    return file ? { ...about, respCode: '00', respMsg: '成功', fileName: `${this.merchant}.zip`, fileContent: file.toString('base64') } : { ...about, respCode: '98', respMsg: '文件不存在' };
  }

  dayOf(settleDate, now = new Date(Date.now() + 9 * 3600e3)) {
    const year = now.getUTCFullYear() - (settleDate > now.toISOString().slice(5, 10).replace('-', '') ? 1 : 0);
    return `${year}-${settleDate.slice(0, 2)}-${settleDate.slice(2)}`;
  }

  save() { writeFileSync(this.file, JSON.stringify([...this.orders.values()])); }

  // The payer's form arrives: an order is known from now on, and paid only if the payer does.
  accept(fields) {
    const now = beijing();
    if (!merchantSigned(this.folder, fields)) return { code: '11', message: '验证签名失败' };
    if (fields.merId !== this.merchant) return { code: '31', message: '商户状态不正确' };
    if (fields.txnType !== '01' || !/^\d{14}$/.test(fields.txnTime ?? '') || !/^[1-9]\d{0,11}$/.test(fields.txnAmt ?? '') || fields.currencyCode !== '156' ||
      !/^[0-9A-Za-z]{8,40}$/.test(fields.orderId ?? '') || !['000201', '000202'].includes(fields.bizType) || !fields.backUrl || fields.backUrl.includes('?'))
      return { code: '10', message: '报文格式错误' };
    if (fields.payTimeout && fields.payTimeout <= now) return { code: '39', message: '交易已超时' };
    const known = this.orders.get(fields.orderId);
    if (known && (known.txnTime !== fields.txnTime || known.txnAmt !== fields.txnAmt)) return { code: '12', message: '重复交易' };
    if (!known) this.orders.set(fields.orderId, { ...fields, code: '34', queryId: '', traceTime: '' });
    this.save();
    return { order: this.orders.get(fields.orderId) };
  }

  // pay, fail or cancel. Paying twice is one payment.
  decide(orderId, action) {
    const order = this.orders.get(orderId);
    if (!order) return null;
    if (order.code !== '00' && action === 'pay') {
      const digits = createHash('sha256').update(orderId + order.txnTime).digest('hex').replace(/\D/g, '').slice(0, 7).padEnd(7, '0');
      Object.assign(order, { code: '00', traceTime: beijing().slice(4), queryId: `${beijing()}${digits}` });
    } else if (order.code !== '00' && action === 'fail') {
      Object.assign(order, { code: '64', traceTime: beijing().slice(4), queryId: `${beijing()}0000000` });
    }
    this.save();
    return order;
  }

  notice(order, mode) {
    const refund = order.txnType === '04' ? { txnType: '04', txnSubType: '00', origQryId: order.origQryId, respCode: order.code } : {};
    return encodeForm(misbehave(this.folder, mode, noticeOf(order, refund)));
  }

  // As UnionPay: again while it is not answered 200, five times, here a second apart.
  async push(order, { mode, copies = 1, times = 5 } = {}) {
    const statuses = [];
    for (let i = 0; i < times; i++) {
      const round = await Promise.all(Array.from({ length: copies }, () => post(order.backUrl, this.notice(order, mode))));
      statuses.push(...round);
      if (round.every((status) => status === 200)) break;
      if (i + 1 < times) await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    return statuses;
  }

  // queryTrans: fields of the answer before it is signed, or a code that the question itself is answered with.
  answer(question) {
    const about = { accessType: '0', bizType: question.bizType ?? '', encoding: 'UTF-8', merId: question.merId ?? '', orderId: question.orderId ?? '',
      signMethod: '01', txnSubType: '00', txnTime: question.txnTime ?? '', txnType: '00', version: '5.1.0' };
    if (!merchantSigned(this.folder, question) || question.txnType !== '00') return { ...about, respCode: '11', respMsg: '验证签名失败[9100004]' };
    const order = this.orders.get(question.orderId);
    if (!order || order.txnTime !== question.txnTime || order.code === '34') return { ...about, respCode: '34', respMsg: '查无此交易[2600000]' };
    const paid = order.code === '00' ? { accNo: '622609******0048', payCardType: '01', payType: '0001', settleAmt: order.txnAmt, settleCurrencyCode: '156', settleDate: order.traceTime.slice(0, 4) } : {};
    return { ...about, ...paid, currencyCode: '156', origRespCode: order.code, origRespMsg: order.code === '00' ? '交易成功' : '余额不足', queryId: order.queryId,
      respCode: '00', respMsg: 'success', traceNo: order.queryId.slice(-6), traceTime: order.traceTime, txnAmt: order.txnAmt };
  }

  // backTransReq 04: taken, and made at once unless it is told otherwise (resp:, orig: of its query, or end).
  refund(fields) {
    const about = { accessType: '0', bizType: fields.bizType ?? '', encoding: 'UTF-8', merId: fields.merId ?? '', orderId: fields.orderId ?? '', origQryId: fields.origQryId ?? '',
      signMethod: '01', txnSubType: '00', txnTime: fields.txnTime ?? '', txnType: '04', txnAmt: fields.txnAmt ?? '', currencyCode: '156', version: '5.1.0' };
    if (!merchantSigned(this.folder, fields) || fields.txnType !== '04' || fields.txnSubType !== '00') return { ...about, respCode: '11', respMsg: '验证签名失败[9100004]' };
    if (this.orders.has(fields.orderId)) return { ...about, respCode: '12', respMsg: '重复交易' };
    const paid = [...this.orders.values()].find((it) => it.txnType === '01' && it.code === '00' && it.queryId === fields.origQryId);
    if (!paid) return { ...about, respCode: '35', respMsg: '原交易不存在或状态不正确[2040004]' };
    const back = [...this.orders.values()].filter((it) => it.origQryId === paid.queryId && it.code === '00').reduce((sum, it) => sum + Number(it.txnAmt), 0);
    if (back + Number(fields.txnAmt) > Number(paid.txnAmt)) return { ...about, respCode: '36', respMsg: '与原交易信息不符[2050004]' };
    const digits = createHash('sha256').update(fields.orderId).digest('hex').replace(/\D/g, '').slice(0, 7).padEnd(7, '0');
    this.orders.set(fields.orderId, { ...fields, code: '00', traceTime: beijing().slice(4), queryId: `${beijing()}${digits}` });
    this.save();
    return { ...about, queryId: this.orders.get(fields.orderId).queryId, respCode: '00', respMsg: 'success' };
  }

  next(orderId) {
    this.asked.set(orderId, (this.asked.get(orderId) ?? 0) + 1);
    return this.queue.get(orderId)?.shift() ?? this.queue.get('*')?.shift();
  }
}

function post(url, body) {
  return new Promise((resolve) => {
    const req = httpRequest(url, { method: 'POST', timeout: 10000, headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8', 'content-length': Buffer.byteLength(body) } },
      (res) => { res.resume(); res.on('end', () => resolve(res.statusCode)); });
    req.on('error', () => resolve(0));
    req.on('timeout', () => req.destroy());
    req.end(body);
  });
}

// -- pages --------------------------------------------------------------------------------------------------------

const escape = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const page = (title, body) => `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>银联沙箱 SANDBOX</title><style>body{font:16px/1.6 sans-serif;max-width:40em;margin:2em auto;padding:0 1em}.mark{background:#fde68a;padding:.5em 1em}
button{font:inherit;padding:.6em 1.4em;margin:.3em}.amount{font-size:2em}</style>
<p class="mark"><b>银联在线支付 · 沙箱 SANDBOX</b><br>本机演示用的替身，不是中国银联，不会动用资金。A stand-in on this machine: not UnionPay, no money moves.</p>
<h1>${title}</h1>${body}</html>`;
const hidden = (fields) => Object.entries(fields).map(([key, value]) => `<input type="hidden" name="${escape(key)}" value="${escape(value)}">`).join('');

function payPage(order) {
  const button = (action, text) => `<button name="action" value="${action}">${text}</button>`;
  return page('请确认付款', `<p>商户 merchant ${escape(order.merId)}　订单 order ${escape(order.orderId)}</p>
<p class="amount">¥ ${(Number(order.txnAmt) / 100).toFixed(2)}</p>
<form method="post" action="/sandbox/decide">${hidden({ orderId: order.orderId })}
${button('pay', '支付成功 pay')}${button('fail', '支付失败（余额不足）fail')}${button('cancel', '取消 cancel')}</form>`);
}

// frontUrl gets the same fields through the browser.
function returnPage(gateway, order, action) {
  const title = action === 'pay' ? '付款成功' : action === 'fail' ? '付款失败：余额不足' : '已取消';
  const fields = signAs(gateway.folder, 'gateway', noticeOf(order, { respCode: order.code, respMsg: title }));
  const script = action === 'pay' ? '<script>setTimeout(() => document.forms[0].submit(), 1500)</script>' : '';
  return page(title, `<form method="post" action="${escape(order.frontUrl)}">${hidden(fields)}<button>返回商户 back to the merchant</button></form>${script}`);
}

// -- the server ---------------------------------------------------------------------------------------------------

const read = (req) => new Promise((resolve, reject) => {
  const parts = [];
  req.on('data', (part) => parts.push(part)).on('end', () => resolve(Buffer.concat(parts).toString('utf8'))).on('error', reject);
});
const html = (res, text, status = 200) => res.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(text);
const json = (res, value) => res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));

// A question, or a refund: it may be made although nothing comes back.
async function query(gateway, res, question, answered = (it) => gateway.answer(it)) {
  const mode = gateway.next(question.orderId);
  if (mode === 'silence') return;
  if (mode === 'reset') { res.socket.destroy(); return; }
  if (mode === 'error500') { res.writeHead(500).end('error'); return; }
  if (mode === 'garbage') { res.writeHead(200).end('<html>维护中</html>'); return; }
  const answer = plain(misbehave(gateway.folder, mode, mode?.startsWith('resp:') && question.txnType === '04' ? { ...question, signature: '', certId: '', respMsg: '' } : answered(question)));
  if (mode === 'bookedsilence') return;
  if (mode === 'booked500') { res.writeHead(500).end('error'); return; }
  if (mode?.startsWith('slow:')) await new Promise((resolve) => setTimeout(resolve, Number(mode.slice(5))));
  res.writeHead(200, { 'content-type': 'text/plain;charset=UTF-8' }).end(answer);
}

async function serve(gateway, req, res) {
  const form = req.method === 'POST' ? await read(req) : '';
  const fields = Object.fromEntries(new URLSearchParams(form));
  switch (`${req.method} ${req.url}`) {
    case 'POST /gateway/api/frontTransReq.do': {
      const { order, code, message } = gateway.accept(fields);
      if (!order) return html(res, page(`${escape(message)} [${code}]`, '<p>沙箱拒绝了这笔订单。The sandbox refuses this order.</p>'));
      return html(res, payPage(order));
    }
    case 'POST /files': {
      const mode = gateway.bills.next(gateway.dayOf(fields.settleDate ?? '0101'));
      if (mode === 'silence') return undefined;
      if (mode === 'error500') return res.writeHead(500).end();
      return res.writeHead(200, { 'content-type': 'text/plain;charset=UTF-8' }).end(plain(signAs(gateway.folder, mode === 'stranger' ? 'foreign-gateway' : 'gateway', gateway.fileAnswer(fields, mode))));
    }
    case 'POST /gateway/api/queryTrans.do':
      return query(gateway, res, fields);
    case 'POST /gateway/api/backTransReq.do':
      return query(gateway, res, fields, (it) => gateway.refund(it));
    case 'POST /sandbox/decide': {
      const order = gateway.decide(fields.orderId, fields.action);
      if (!order) return html(res, page('没有这笔订单 no such order', ''), 404);
      if (fields.action === 'pay') gateway.push(order); // not awaited: UnionPay sends it on its own time
      if (fields.action === 'cancel') return html(res, page('已取消 cancelled', '<p>可关闭此页，回到商户重新支付。Close this page and go back to the merchant.</p>'));
      return html(res, returnPage(gateway, order, fields.action));
    }
    // For tests. decide without notice; push notices as wished; how the next queries are answered; what was asked.
    case 'POST /sandbox/control': {
      const wish = JSON.parse(form);
      if (wish.bill) gateway.bills.wish(wish.bill);
      if (wish.query) gateway.queue.set(wish.orderId ?? '*', [...wish.query]);
      if (wish.code) gateway.orders.get(wish.orderId).code = wish.code; // how a refund ended
      const order = wish.action ? gateway.decide(wish.orderId, wish.action) : gateway.orders.get(wish.orderId);
      const statuses = wish.push ? await gateway.push(order, wish.push) : [];
      return json(res, { order, statuses, asked: gateway.asked.get(wish.orderId) ?? 0 });
    }
    case 'GET /':
      return html(res, page('银联沙箱', `<p>frontTransReq、backTransReq、queryTrans 在 /gateway/api/ 下。</p><p>订单 orders: ${gateway.orders.size}</p>`));
    default:
      return html(res, page('没有这个地址 nothing here', ''), 404);
  }
}

export function listen({ folder, merchant, port }) {
  const gateway = new Gateway({ folder, merchant });
  const server = createServer((req, res) => serve(gateway, req, res).catch((error) => res.destroyed || res.headersSent ? res.destroy() : html(res, page(escape(error.message), ''), 500)));
  return new Promise((resolve, reject) => server.on('error', reject).listen(port, '127.0.0.1', () => resolve({ gateway, server })));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = (name) => process.argv[process.argv.indexOf(name) + 1];
  if (process.argv.includes('--make-keys')) {
    makeKeys(option('--make-keys'));
  } else {
    await listen({ folder: option('--keys'), merchant: option('--merchant'), port: Number(option('--port')) });
    console.error(`unionpay sandbox: a stand-in on 127.0.0.1:${option('--port')}, no money moves`);
  }
}
