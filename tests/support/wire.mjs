// SPDX-License-Identifier: Apache-2.0
// What a subscriber's client and a reviewer do, from outside: `openssl cms` signs, oathtool's algorithm makes the one-time
// codes. Knows nothing of the server's inside, and needs Node.js alone: the demonstration's desks are filled through it.
import { execFileSync } from 'node:child_process';
import { createHash, createHmac, randomUUID, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// The desks have an address of their own. Whoever calls names the installation by its subscribers' address; which path is
// a desk's is known here alone.
const desks = new Map();
const DESK_PATH = /^\/api\/v1\/(staff|review|finance|admin|audit|operations)(\/|$)/;
export const deskAt = (base, staffUrl) => desks.set(base, staffUrl);
export const addressOf = (base, path) => new URL(path, DESK_PATH.test(path) ? desks.get(base) ?? base : base);

export function readDemo(path) {
  const demo = JSON.parse(readFileSync(path, 'utf8'));
  deskAt(demo.base_url, demo.staff_url);
  return demo;
}

// One HTTP exchange; body may be an object (JSON), Buffer or string. Never throws on a status. exact: at this very address.
export function call(base, method, path, { body, type, token, headers = {}, exact = false } = {}) {
  const url = exact ? new URL(path, base) : addressOf(base, path);
  const raw = body === undefined || body === null ? null
    : Buffer.isBuffer(body) || typeof body === 'string' ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  const options = {
    method,
    headers: {
      ...(raw ? { 'content-type': type ?? 'application/json', 'content-length': raw.length } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    agent: false,
  };
  return new Promise((resolve, reject) => {
    const req = httpRequest(url, options, (res) => {
      const parts = [];
      res.on('data', (part) => parts.push(part));
      res.on('end', () => {
        const bytes = Buffer.concat(parts);
        const text = bytes.toString('utf8');
        let json;
        if ((res.headers['content-type'] ?? '').includes('json')) json = JSON.parse(text);
        resolve({ status: res.statusCode, headers: res.headers, bytes, text, json });
      });
      res.on('error', reject);
    });
    req.on('error', reject);
    req.end(raw);
  });
}

export const encodeForm = (fields) =>
  Object.entries(fields).map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value).replace(/%20/g, '+')}`).join('&');

// CMS SignedData, DER, content inside: what the client makes with the USB key.
export function signCms(subscriber, content, extra = []) {
  const text = typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content);
  return execFileSync('openssl', ['cms', '-sign', '-binary', '-nodetach', '-outform', 'DER', '-md', 'sha256',
    '-signer', subscriber.certificate, '-inkey', subscriber.key, ...extra],
  { input: text, stdio: ['pipe', 'pipe', 'pipe'] });
}

// RFC 6238, as any authenticator app does it. Each code works once: `after` skips the steps used before.
export function totp(secretBase32, atMs = Date.now()) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let bits = '';
  for (const c of secretBase32.replace(/=+$/, '')) bits += alphabet.indexOf(c).toString(2).padStart(5, '0');
  const key = Buffer.from(bits.match(/.{8}/g).map((octet) => parseInt(octet, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / 30000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = mac[19] & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1000000).padStart(6, '0');
}

// Each code works once. The last time step used is remembered beside the temporary files, since the next process that logs
// in as the same person must go on from there, as an authenticator's owner waits for the next code.
const usedStepFile = (person) =>
  join(tmpdir(), `xuqi-code-${createHash('sha256').update(person.totp_secret).digest('hex').slice(0, 16)}`);
function lastUsedStep(person) {
  try {
    return Number(readFileSync(usedStepFile(person), 'utf8'));
  } catch {
    return 0;
  }
}

export const rememberUsedStep = (person, step) => writeFileSync(usedStepFile(person), String(step));

export async function login(demo, name) {
  const person = demo.staff.find((row) => row.name === name);
  const now = () => Math.floor(Date.now() / 30000);
  const step = Math.max(now(), lastUsedStep(person) + 1);
  while (step > now() + 1) await new Promise((resolve) => setTimeout(resolve, 500));
  rememberUsedStep(person, step);
  return call(demo.base_url, 'POST', '/api/v1/staff/sessions', {
    body: { name, password: person.password, totp: totp(person.totp_secret, step * 30000) },
  });
}

export async function challenge(demo) {
  return (await call(demo.base_url, 'POST', '/api/v1/challenges', { body: {} })).json.nonce;
}

export async function platformOf(demo, id = 'sz-consumables') {
  return (await call(demo.base_url, 'GET', `/api/v1/platforms/${id}`)).json;
}

// What is filled in where a platform's form asks for it. The numbers pass their check digits and belong to nobody here.
const blocks = {
  organisation: (organisation) => ({ name: organisation, id_type: 'uscc', id_number: '9144030071526726XG', address: '广东省深圳市南山区科技路1号' }),
  legal_person: () => ({ name: '胡法人', id_type: 'resident_id', id_number: '440106198501010023', mobile: '13700137000' }),
  basic_account: (organisation) => ({ name: organisation, number: '7443900182600096874', bank_name: '中信银行广州花园支行', bank_code: '302100011000' }),
};
const invoices = {
  electronic: { kind: 'electronic', tax_id: '9144030071526726XG', title: '深圳市腾讯计算机系统有限公司' },
  none: { kind: 'none' },
  paper_fixed: { kind: 'paper_fixed' },
};

// How an application names a text that its sender accepts.
export const accepted = ({ id, version, sha256 }) => ({ id, version, sha256 });

// A well-formed application for the platform, with every block that its form asks for; `change` edits it. organisation: that
// of the certificate.
export async function application(demo, { platform = 'sz-consumables', months = 12, organisation = '测试单位有限公司', change = (it) => it } = {}) {
  const rules = await platformOf(demo, platform);
  const asked = rules.form.filter((block) => block.demand === 'required' && blocks[block.name]);
  const kind = rules.invoice.kinds.includes('electronic') ? 'electronic' : rules.invoice.kinds[0];
  return change({
    platform,
    nonce: await challenge(demo),
    client_version: rules.client.minimum_version_expired || rules.client.minimum_version || '4.2.0',
    term_months: months,
    quote_version: rules.terms.find((term) => term.months === months)?.quote_version,
    agreement: accepted(rules.agreement),
    privacy_notice: accepted(rules.privacy_notice),
    sensitive_consent: accepted(rules.sensitive_consent),
    agent: {
      id_type: 'resident_id', id_number: '11010519491231002X', name: '胡经办', mobile: '13800138000',
      email: 'agent@example.com', address: '广东省深圳市南山区科技路1号',
    },
    recipient: { name: '胡收件', mobile: '13900139000', address: '广东省深圳市南山区科技路1号' },
    ...Object.fromEntries(asked.map((block) => [block.name, blocks[block.name](organisation)])),
    invoice: invoices[kind],
  });
}

// The token with which the portal of pingan sends its supplier on (ES256).
export function portalToken(demo, account) {
  const now = Math.floor(Date.now() / 1000);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'ES256', kid: demo.portal.kid, typ: 'JWT' })}.${part({ iss: demo.portal.issuer, aud: demo.portal.audience, sub: account, jti: randomUUID(), iat: now, exp: now + 300 })}`;
  return `${text}.${sign('sha256', Buffer.from(text), { key: readFileSync(demo.portal.private_key, 'utf8'), dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

export const submitSigned = (demo, cms) =>
  call(demo.base_url, 'POST', '/api/v1/renewals', { body: cms, type: 'application/pkcs7-mime' });

export async function submit(demo, subscriber, options) {
  return submitSigned(demo, signCms(subscriber, await application(demo, { organisation: subscriber.organisation, ...options })));
}

export const progress = (demo, renewal) =>
  call(demo.base_url, 'GET', `/api/v1/renewals/${renewal.renewal_no}`, { token: renewal.access_token });

export const eligibility = (demo, subscriber, { platform = 'sz-consumables', certificate = readFileSync(subscriber.certificate, 'utf8'), ...rest } = {}) =>
  call(demo.base_url, 'POST', `/api/v1/platforms/${platform}/eligibility`, { body: { certificate, ...rest } });

export const lookupSigned = (demo, cms) =>
  call(demo.base_url, 'POST', '/api/v1/renewals/lookup', { body: cms, type: 'application/pkcs7-mime' });

export async function lookup(demo, subscriber) {
  return lookupSigned(demo, signCms(subscriber, { nonce: await challenge(demo) }));
}

export const cancel = (demo, renewal) =>
  call(demo.base_url, 'POST', `/api/v1/renewals/${renewal.renewal_no}/cancellation`, { token: renewal.access_token, body: {} });

export const pay = (demo, renewal, method = 'alipay') =>
  call(demo.base_url, 'POST', `/api/v1/renewals/${renewal.renewal_no}/payments`,
    { token: renewal.access_token, body: { method } });

export const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// -- the rest of a renewal ----------------------------------------------------------------------------------------

export async function approve(demo, session, renewal) {
  const path = `/api/v1/review/cases/${renewal.renewal_no}`;
  await call(demo.base_url, 'POST', `${path}/claim`, { token: session, body: {} });
  const seen = await call(demo.base_url, 'GET', path, { token: session });
  return call(demo.base_url, 'POST', `${path}/approval`, { token: session, body: { content_sha256: seen.json.content_sha256 } });
}

export async function fetchCertificate(demo, subscriber, renewal, csrPath = subscriber.csr) {
  const content = { nonce: await challenge(demo), signing_csr: readFileSync(csrPath, 'utf8') };
  return call(demo.base_url, 'POST', `/api/v1/renewals/${renewal.renewal_no}/certificate`,
    { body: signCms(subscriber, content), type: 'application/pkcs7-mime' });
}

export const acknowledge = (demo, renewal) =>
  call(demo.base_url, 'POST', `/api/v1/renewals/${renewal.renewal_no}/certificate/acknowledgement`,
    { token: renewal.access_token, body: {} });

// -- returned for correction ----------------------------------------------------------------------------------------

export async function reviewCase(demo, session, renewal) {
  return call(demo.base_url, 'GET', `/api/v1/review/cases/${renewal.renewal_no}`, { token: session });
}

// items: names of fields ("agent.mobile") and materials ("materials.agent_id").
export async function giveBack(demo, session, renewal, names, { hash, code = 'wrong', text = '请更正' } = {}) {
  const path = `/api/v1/review/cases/${renewal.renewal_no}`;
  await call(demo.base_url, 'POST', `${path}/claim`, { token: session, body: {} });
  const content_sha256 = hash ?? (await reviewCase(demo, session, renewal)).json.content_sha256;
  const reason = { reason_code: code, reason_text: text };
  return call(demo.base_url, 'POST', `${path}/return`, {
    token: session,
    body: {
      content_sha256,
      fields: names.filter((name) => !name.startsWith('materials.')).map((name) => ({ name, ...reason })),
      materials: names.filter((name) => name.startsWith('materials.')).map((name) => ({ kind: name.slice(10), ...reason })),
    },
  });
}

export const correctSigned = (demo, renewal, cms) =>
  call(demo.base_url, 'POST', `/api/v1/renewals/${renewal.renewal_no}/correction`, { body: cms, type: 'application/pkcs7-mime' });

export async function correction(demo, renewal, members = {}) {
  return { nonce: await challenge(demo), renewal_no: renewal.renewal_no, ...members };
}

export async function correct(demo, subscriber, renewal, members) {
  return correctSigned(demo, renewal, signCms(subscriber, await correction(demo, renewal, members)));
}
