// SPDX-License-Identifier: Apache-2.0
// A stand-in for Aliyun's SMS service (dysmsapi, SendSms), for demonstrations and tests: checks the V3 signature with an
// implementation of its own, answers as the provider does, misbehaves when asked to, and shows what phones would have
// received. Sends nothing to anybody.
//   node sms_sandbox.mjs --port N --key-id ID --secret-file F [--sign-name S]
// GET /             the page that shows the messages (?json: for programs)
// POST /_behave     {"mobile": "13800138000" or "", "mode": "silent|error|garbage|empty|<an error code>|ok", "times": n}
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({ options: { port: { type: 'string' }, 'key-id': { type: 'string' }, 'secret-file': { type: 'string' }, 'sign-name': { type: 'string', default: '' } } });
const secret = readFileSync(options['secret-file'], 'utf8').trim();
const KEPT = 500;
const CLOCK_MS = 15 * 60e3; // of x-acs-date
const messages = []; // newest first
const nonces = new Map();
let behaviours = [];

// -- the signature, from the provider's document, sharing nothing with the server ----------------------------------------

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

export function signature(key, { method, path, query, headers, signed, body }) {
  const canonicalQuery = [...query].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  const canonicalHeaders = signed.map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`).join('');
  const request = [method, path, canonicalQuery, canonicalHeaders, signed.join(';'), sha256(body)].join('\n');
  return createHmac('sha256', key).update(`ACS3-HMAC-SHA256\n${sha256(request)}`).digest('hex');
}

const refused = (status, Code, Message) => ({ status, body: { Code, Message, RequestId: crypto.randomUUID().toUpperCase() } });

function checkSignature(req, url, body) {
  const match = /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/.exec(req.headers.authorization ?? '');
  if (!match) return refused(400, 'MissingAuthorization', 'Authorization is missing or malformed.');
  const [, keyId, list, given] = match;
  const signed = list.split(';');
  const needed = ['host', ...Object.keys(req.headers).filter((name) => name.startsWith('x-acs-'))].sort();
  if (keyId !== options['key-id']) return refused(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
  if (needed.some((name) => !signed.includes(name)) || signed.join() !== [...signed].sort().join()) return refused(400, 'IncompleteSignature', 'SignedHeaders is incomplete.');
  if (req.headers['x-acs-content-sha256'] !== sha256(body)) return refused(400, 'SignatureDoesNotMatch', 'x-acs-content-sha256 is not that of the body.');
  const computed = signature(secret, { method: req.method, path: url.pathname, query: [...url.searchParams], headers: req.headers, signed, body });
  if (!timingSafeEqual(Buffer.from(computed), Buffer.from(given))) return refused(400, 'SignatureDoesNotMatch', 'Specified signature is not matched with our calculation.');
  return checkFreshness(req.headers);
}

function checkFreshness(headers) {
  const date = headers['x-acs-date'] ?? '';
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date) || Math.abs(Date.parse(date) - Date.now()) > CLOCK_MS) return refused(400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.');
  const nonce = headers['x-acs-signature-nonce'] ?? '';
  if (nonce === '' || nonces.has(nonce)) return refused(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.');
  nonces.set(nonce, Date.now());
  for (const [old, at] of nonces) if (Date.now() - at > 2 * CLOCK_MS) nonces.delete(old);
  return null;
}

// -- SendSms ---------------------------------------------------------------------------------------------------------

function checkParameters(headers, query) {
  if (headers['x-acs-action'] !== 'SendSms' || headers['x-acs-version'] !== '2017-05-25') return refused(404, 'InvalidAction.NotFound', 'Specified api is not found.');
  if (!/^1[3-9]\d{9}$/.test(query.get('PhoneNumbers') ?? '')) return refused(200, 'isv.MOBILE_NUMBER_ILLEGAL', '号码格式错误');
  if (!query.get('SignName') || (options['sign-name'] && query.get('SignName') !== options['sign-name'])) return refused(200, 'isv.SMS_SIGNATURE_ILLEGAL', '短信签名不合法');
  if (!/^SMS_\w+$/.test(query.get('TemplateCode') ?? '')) return refused(200, 'isv.SMS_TEMPLATE_ILLEGAL', '短信模板不合法');
  try {
    const param = JSON.parse(query.get('TemplateParam') ?? '');
    if (Object.values(param).some((value) => typeof value !== 'string')) throw new Error();
  } catch {
    return refused(200, 'isv.INVALID_JSON_PARAM', 'JSON参数不合法，只接受字符串值');
  }
  return null;
}

function received(query, BizId) {
  const param = JSON.parse(query.get('TemplateParam'));
  messages.unshift({ at: new Date().toISOString(), mobile: query.get('PhoneNumbers'), sign_name: query.get('SignName'), template: query.get('TemplateCode'), param, out_id: query.get('OutId'), biz_id: BizId });
  messages.length = Math.min(messages.length, KEPT);
  return { status: 200, body: { Code: 'OK', Message: 'OK', BizId, RequestId: crypto.randomUUID().toUpperCase() } };
}

function behaviourFor(mobile) {
  const found = behaviours.find((it) => it.mobile === '' || it.mobile === mobile);
  if (!found) return 'ok';
  found.times -= 1;
  behaviours = behaviours.filter((it) => it.times > 0);
  return found.mode;
}

function sendSms(req, url, body, res) {
  const wrong = checkSignature(req, url, body) ?? checkParameters(req.headers, url.searchParams);
  const mode = wrong ? 'ok' : behaviourFor(url.searchParams.get('PhoneNumbers'));
  if (mode === 'silent') return; // the connection stays open, as with a provider that hangs
  if (mode === 'garbage') { res.writeHead(200, { 'content-type': 'application/json' }).end('{"Code": "OK", '); return; }
  if (mode === 'empty') { res.writeHead(200).end(); return; }
  if (mode === 'error') { res.writeHead(500, { 'content-type': 'text/html' }).end('<html>Internal Server Error</html>'); return; }
  const answer = wrong ?? (mode === 'ok' ? received(url.searchParams, `${Date.now()}^0`) : refused(mode.startsWith('isv.') ? 200 : 500, mode, mode));
  res.writeHead(answer.status, { 'content-type': 'application/json;charset=utf-8' }).end(JSON.stringify(answer.body));
}

// -- the page --------------------------------------------------------------------------------------------------------

const html = (text) => String(text).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);

function page() {
  const rows = messages.map((it) => `<tr><td>${html(it.at)}</td><td>${html(it.mobile)}</td><td>【${html(it.sign_name)}】验证码 <b>${html(it.param.code ?? JSON.stringify(it.param))}</b></td><td>${html(it.template)}</td></tr>`).join('\n');
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>短信沙箱 SMS sandbox</title>
<style>body{font:16px sans-serif;margin:2em;max-width:60em}p.label{background:#fff3cd;border:2px solid #b58900;padding:.8em}td,th{border-bottom:1px solid #ccc;padding:.4em .8em;text-align:left}</style>
<h1>短信沙箱</h1><p class="label">演示用的替身，不是真实的短信服务：没有短信真正发出。 A sandbox: no message is sent to anybody.</p>
<table><tr><th>时间 time</th><th>手机 number</th><th>短信 message</th><th>模板 template</th></tr>
${rows || '<tr><td colspan="4">还没有短信 no message yet</td></tr>'}</table></html>`;
}

function serve(req, res, body) {
  const url = new URL(req.url, 'http://sandbox');
  if (req.method === 'GET' && url.pathname === '/') {
    const json = url.searchParams.has('json');
    res.writeHead(200, { 'content-type': json ? 'application/json' : 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(json ? JSON.stringify(messages) : page());
  } else if (req.method === 'POST' && url.pathname === '/_behave') {
    const { mobile = '', mode, times = 1 } = JSON.parse(body);
    behaviours = mode === 'ok' ? [] : [...behaviours, { mobile, mode, times }];
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(behaviours));
  } else if (url.pathname === '/') {
    sendSms(req, url, body, res);
  } else {
    res.writeHead(404).end();
  }
}

createServer((req, res) => {
  const parts = [];
  req.on('data', (part) => parts.push(part));
  req.on('end', () => {
    try {
      serve(req, res, Buffer.concat(parts).toString('utf8'));
    } catch {
      if (!res.headersSent) res.writeHead(400).end();
    }
  });
}).listen(Number(options.port), '127.0.0.1', () => console.log(`sms sandbox on 127.0.0.1:${options.port}`));
