// SPDX-License-Identifier: Apache-2.0
// Keys change while the server runs: old and new beside each other, whole or not at all, no process started anew; and what
// ends soon is said in time. Runs like reload.mjs.
import { test, after } from 'node:test';
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { chownSync, copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import * as client from '../support/client.mjs';
import { noticeOf, post } from '../support/wechat_sandbox.mjs';
import { logged, reload, roles } from '../support/reload.mjs';
import { booked, booksRight, isPaid, opened as openedAt, until } from '../support/unionpay.mjs';
import { demo, folder, newSubscriber, sql } from '../support/world.mjs';

const SETTINGS = `${folder}/xuqid.yaml`;
const original = readFileSync(SETTINGS, 'utf8');
const owner = statSync(SETTINGS);
const made = [];
function write(path, text, mode = 0o600) {
  writeFileSync(path, text, { mode });
  if (process.getuid() === 0) chownSync(path, owner.uid, owner.gid);
}
const file = (name, text) => { made.push(`${folder}/keys/${name}`); write(`${folder}/keys/${name}`, text); return `keys/${name}`; };
const settings = (...changes) => write(SETTINGS, changes.reduce((text, [from, to]) => { assert.ok(text.includes(from), from); return text.replace(from, to); }, original));
const every = async (check) => { for (let i = 0; i < 8; i++) await check(); }; // each web process, very likely
const metrics = async () => (await client.call(demo.admin_url, 'GET', '/metrics')).text;

after(async () => {
  write(SETTINGS, original);
  await reload();
  for (const path of made) rmSync(path, { force: true });
});

// -- Alipay --------------------------------------------------------------------------------------------------------

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (key) => key.export({ type: key.type === 'public' ? 'spki' : 'pkcs8', format: 'pem' });
// Signed by another key of Alipay's.
function noticeBy(privateKey, form) {
  const path = `${folder}/keys/rotation-signer.pem`;
  made.push(path);
  write(path, pem(privateKey));
  const other = { ...demo, alipay: { ...demo.alipay, gateway_private_key: path, gateway_public_key: `${path}.pub` } };
  made.push(`${path}.pub`);
  write(`${path}.pub`, pem(createPublicKey(privateKey)));
  return client.notify(demo, client.alipaySigned(other, client.alipayNotice(demo, form)));
}
const oldKey = createPrivateKey(readFileSync(demo.alipay.gateway_private_key));
const next = pair();
const alipay = 'public_key_file: keys/alipay-gateway.pub';

test('a key that is not listed is not believed, one that is listed beside the old one is, and the old one still is', async () => {
  const running = roles();
  const [first, second] = [await openedAt({ method: 'alipay' }), await openedAt({ method: 'alipay' })];
  assert.equal((await noticeBy(next.privateKey, first.form)).json?.code, 'notice_signature');
  file('rotation-next.pub', pem(next.publicKey));
  settings([alipay, `${alipay} keys/rotation-next.pub`]);
  const { taken, all, text } = await reload();
  assert.equal(taken, all, text);
  await every(async () => assert.equal((await noticeBy(next.privateKey, first.form)).text, 'success'));
  await every(async () => assert.equal((await noticeBy(oldKey, second.form)).text, 'success'));
  await isPaid(first.renewal);
  await isPaid(second.renewal);
  assert.equal(roles(), running, 'no process was started anew');
});

test('a key that is taken off the list is believed no more', async () => {
  settings([alipay, 'public_key_file: keys/rotation-next.pub']);
  assert.equal((await reload()).refused, 0);
  const { form, attempt } = await openedAt({ method: 'alipay' });
  await every(async () => assert.equal((await noticeBy(oldKey, form)).json?.code, 'notice_signature'));
  assert.equal((await noticeBy(next.privateKey, form)).text, 'success');
  assert.equal(booked(attempt), '1');
});

test('the application signs with its new key from the next form on', async () => {
  const app = pair();
  file('rotation-app.pem', pem(app.privateKey));
  settings(['private_key_file: keys/alipay-app.pem', 'private_key_file: keys/rotation-app.pem']);
  assert.equal((await reload()).refused, 0);
  const { form } = await openedAt({ method: 'alipay' });
  const judged = (path) => client.alipayFormJudged({ ...demo, alipay: { ...demo.alipay, app_private_key: path } }, form).same;
  assert.equal(judged(`${folder}/keys/rotation-app.pem`), true);
  assert.equal(judged(demo.alipay.app_private_key), false);
  write(SETTINGS, original);
  assert.equal((await reload()).refused, 0);
});

// -- whole or not at all -------------------------------------------------------------------------------------------

const bad = [
  ['alipay.public_key_file', () => [alipay, `${alipay} ${file('rotation-bad.pub', 'not a key')}`], 'rotation-bad.pub is not an RSA public key', 'all'],
  ['alipay.private_key_file', () => ['private_key_file: keys/alipay-app.pem', `private_key_file: ${file('rotation-bad.pem', pem(next.publicKey))}`], 'rotation-bad.pem is not an RSA private key', 'jobs'],
  ['unionpay.pfx_file', () => ['pfx_file: unionpay/merchant.pfx', `pfx_file: ${file('rotation-bad.pfx', 'not a PFX')}`], 'rotation-bad.pfx holds no RSA key', 'jobs'],
  ['unionpay.middle_file', () => ['middle_file: unionpay/middle.pem', 'middle_file: unionpay/nowhere.pem'], 'unionpay/nowhere.pem', 'all'],
  ['wechat.api_key_file', () => ['api_key_file: wechat/api.key', `api_key_file: ${file('rotation-api.key', 'too short\n')}`], 'rotation-api.key is not an APIv3 key', 'all'],
  ['wechat.public_key_file', () => ['public_key_file: wechat/wechat.pub', 'public_key_file: wechat/wechat.pub wechat/stranger.pub'], 'as many ids as files', 'all'],
  ['wechat.certificate_files', () => ['certificate_files: wechat/platform.pem', 'certificate_files: wechat/wechat.pub'], 'wechat.pub is not a certificate', 'all'],
  ['keys.seal_file', () => ['seal_file: keys/seal.key', `seal_file: ${file('rotation-seal.key', 'abc\n')}`], 'rotation-seal.key', 'all'],
  ['the settings file', () => ['alipay:', 'alipay: {'], 'xuqid.yaml', 'all'],
];
let known; // a payment that was opened before; its notice is repeated
for (const [what, change, words, who] of bad)
  test(`a fault in ${what} is named, and nothing of the reload is taken`, async () => {
    known ??= await openedAt({ method: 'alipay' });
    const changed = change();
    file('rotation-next.pub', pem(next.publicKey));
    settings(changed);
    if (!changed[0].startsWith('alipay') && !changed[0].startsWith('public_key_file: keys'))
      write(SETTINGS, readFileSync(SETTINGS, 'utf8').replace(alipay, 'public_key_file: keys/rotation-next.pub')); // good by itself
    const { refused, all, text } = await reload();
    assert.equal(refused, who === 'all' ? all : 1, text);
    assert.ok(text.includes(words), text);
    if (who === 'all')
      await every(async () => assert.equal((await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, known.form)))).text, 'success'));
    write(SETTINGS, original);
    assert.equal((await reload()).refused, 0);
  });

test('another setting that changed in the file is named and waits for the next start', async () => {
  settings(['remote: { call_ms: 4000 }', 'remote: { call_ms: 4001 }']);
  const { taken, all, text } = await reload();
  assert.equal(taken, all);
  assert.match(text, /remote\.call_ms has changed in the file: it is read at start only/);
  write(SETTINGS, original);
  await reload();
});

// -- a portal --------------------------------------------------------------------------------------------------------

let tokens = 0;
function portalToken(portal) {
  const b64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const text = `${b64({ alg: 'ES256', kid: portal.kid, typ: 'JWT' })}.${b64({ iss: portal.issuer, aud: portal.audience, sub: 'acme', jti: `rotation-${Date.now()}-${++tokens}`, iat: now, exp: now + 300 })}`;
  return `${text}.${sign('sha256', Buffer.from(text), { key: readFileSync(portal.private_key), dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

test('a portal signs with its new key beside the old one, after a reload', async () => {
  const jwks = `${folder}/keys/pingan-portal.jwks`;
  const before = readFileSync(jwks, 'utf8');
  const old = JSON.parse(before).keys[0];
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  write(jwks, JSON.stringify({ keys: [old, { ...publicKey.export({ format: 'jwk' }), kid: 'demo-2', alg: 'ES256', use: 'sig' }] }));
  try {
    assert.equal((await reload()).refused, 0);
    const path = `${folder}/keys/rotation-portal.pem`;
    made.push(path);
    write(path, pem(privateKey));
    for (const portal of [demo.portal, { ...demo.portal, kid: 'demo-2', private_key: path }]) {
      const subscriber = newSubscriber();
      await every(async () => {
        const token = portalToken(portal);
        const answer = await client.submit(demo, subscriber, { platform: 'pingan', change: (it) => ({ ...it, client_version: '9.0.0', portal_token: token }) });
        assert.notEqual(answer.json.code, 'portal_token_invalid', answer.text);
        assert.ok(answer.status < 500, answer.text);
      });
    }
  } finally {
    write(jwks, before);
    await reload();
  }
});

// -- WeChat Pay ------------------------------------------------------------------------------------------------------

const control = async (wish) => (await client.call(demo.wechat.url, 'POST', '/sandbox/control', { body: wish })).json;
async function paidAtWechat() {
  const renewal = (await client.submit(demo, newSubscriber())).json;
  sql(`set session_replication_role = replica; update xuqi.renewal set payment_methods = '{wechat,alipay}' where renewal_no = '${renewal.renewal_no}'`);
  const answer = await client.pay(demo, renewal, 'wechat');
  assert.equal(answer.status, 201, answer.text);
  const { order } = await control({ number: answer.json.attempt_no, pay: true });
  return { renewal, attempt: answer.json.attempt_no, order };
}
const notify = (order, platform) => post(`${demo.base_url}/notify/wechat`, noticeOf(demo.wechat.folder, order, undefined, undefined, platform));
const sealedRows = () => sql("select count(*) from xuqi.gateway_certificate where rail = 'wechat'");

test('a platform certificate and the public key sign side by side', async () => {
  for (const platform of ['platform', undefined]) {
    const { renewal, order } = await paidAtWechat();
    assert.equal((await notify(order, platform)).status, 200);
    await isPaid(renewal);
  }
});

test('a new platform certificate is fetched, and believed by every web process without a restart', async () => {
  const running = roles();
  const name = `platform${Date.now() % 1e9}`;
  await control({ rotate: name });
  made.push(...['pem', 'key'].map((kind) => `${demo.wechat.folder}/${name}.${kind}`));
  const { renewal, order, attempt } = await paidAtWechat();
  await every(async () => assert.ok([400, 401].includes((await notify(order, name)).status), 'nobody knows it yet'));
  const before = Number(sealedRows());
  await reload();
  await until('jobs has it', () => Number(sealedRows()) > before);
  await until('web believes it', async () => { for (let i = 0; i < 6; i++) if ((await notify(order, name)).status !== 200) return false; return true; });
  await isPaid(renewal);
  assert.equal(booked(attempt), '1');
  assert.equal((await notify((await paidAtWechat()).order, 'platform')).status, 200, 'the old one still signs');
  assert.match(await metrics(), /xuqi_certificate_days_left\{setting="wechat.certificate",file="",subject="[0-9A-F]+"\} 1799/);
  assert.equal(roles(), running);
  const [kept] = sql("select detail from xuqi.audit_event where action = 'gateway.certificate' order by id desc limit 1").split('\n');
  assert.ok(kept);
  await reload(); // what was learnt is known in the next set as well
  await every(async () => assert.equal((await notify(order, name)).status, 200));
});

for (const mode of ['stranger', 'unsigned', 'apikey', 'tag', 'serial', 'error500'])
  test(`an answer with certificates is not believed: ${mode}`, async () => {
    const name = `platform${Date.now() % 1e9}`;
    await control({ rotate: name });
    made.push(...['pem', 'key'].map((kind) => `${demo.wechat.folder}/${name}.${kind}`));
    const before = sealedRows();
    await control({ number: 'certificates', answers: [mode] });
    const from = logged().length;
    await reload();
    await until('jobs has looked', () => /new platform certificates could not be looked for/.test(logged().slice(from)));
    assert.equal(sealedRows(), before);
    for (const kind of ['pem', 'key']) rmSync(`${demo.wechat.folder}/${name}.${kind}`);
  });

test('a certificate in the database that is not sealed under our key is not believed', async () => {
  const from = logged().length;
  sql("insert into xuqi.gateway_certificate values ('wechat', 'ab', 'nonce-nonce-', 'certificate', 'forged and long enough to hold a tag', now() + interval '1 year', now())");
  await until('web says so', () => /web\.1 wechat: the platform certificate ab is not believed/.test(logged().slice(from)));
  sql("delete from xuqi.gateway_certificate where serial = 'ab'");
});

// -- certificates end ------------------------------------------------------------------------------------------------

test('a certificate that ends soon is a warning with its file, one that has ended is an error; both are in /metrics', async () => {
  const [soon, over] = [newSubscriber({ notAfter: '+20 days' }), newSubscriber({ notBefore: '-400 days', notAfter: '-35 days' })];
  for (const [subscriber, name] of [[soon, 'soon'], [over, 'over']]) {
    made.push(`${folder}/keys/rotation-${name}.pem`);
    copyFileSync(subscriber.certificate, `${folder}/keys/rotation-${name}.pem`);
    if (process.getuid() === 0) chownSync(`${folder}/keys/rotation-${name}.pem`, owner.uid, owner.gid);
  }
  settings(['merchant_certificate_file: wechat/merchant.pem', 'merchant_certificate_file: keys/rotation-soon.pem keys/rotation-over.pem']);
  const { text } = await reload();
  assert.match(text, /warn .*jobs\.1 certificate: wechat\.merchant_certificate_file: the certificate of .* ends in (19|20) days.*file=.*rotation-soon\.pem/);
  assert.match(text, /error .*jobs\.1 certificate: wechat\.merchant_certificate_file: the certificate of .* has ended .*file=.*rotation-over\.pem/);
  assert.equal((text.match(/rotation-soon\.pem/g) ?? []).length, 1, 'one line');
  const figures = await metrics();
  assert.match(figures, /xuqi_certificate_days_left\{[^}]*rotation-soon\.pem[^}]*\} (19|20)\n/);
  assert.match(figures, /xuqi_certificate_days_left\{[^}]*rotation-over\.pem[^}]*\} -3[56]\n/);
  write(SETTINGS, original);
  await reload();
});
