// SPDX-License-Identifier: Apache-2.0
// Documents: an expired certificate's renewal waits as a draft for the signed and sealed form, which is made by the server,
// uploaded as a scan, and looked at by the reviewer. Runs like main.mjs.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as client from '../support/client.mjs';
import { demo, newSubscriber, sql } from '../support/world.mjs';
import { conforms } from '../support/openapi.mjs';

const folder = mkdtempSync(join(tmpdir(), 'xuqi-materials-'));
let reviewer, finance;

// Other test files may have used up this minute's codes, and failed as often as an account may: there will be others.
async function session(name) {
  for (let tries = 0; ; tries++) {
    const answer = await client.login(demo, name);
    if (answer.status === 201) return answer.json.token;
    assert.ok(tries < 30, answer.text);
    sql('delete from xuqi.login_failure');
    await new Promise((resolve) => setTimeout(resolve, 3000));
  }
}

before(async () => {
  reviewer = await session('reviewer');
  finance = await session('finance');
});

const refusedWith = (answer, status, code) => {
  assert.equal(answer.json?.code, code, answer.text);
  assert.equal(answer.status, status);
};

const expiredSubscriber = () => newSubscriber({ notBefore: '-400 days', notAfter: '-35 days' });
const toGdDrug = (change = {}) => ({
  platform: 'gd-drug',
  change: (it) => ({ ...it, client_version: '4.7.6', invoice: { kind: 'paper_fixed' }, ...change }),
});
async function draft() {
  const subscriber = expiredSubscriber();
  const answer = await client.submit(demo, subscriber, toGdDrug());
  assert.equal(answer.status, 201, answer.text);
  return { subscriber, renewal: answer.json };
}

const at = (renewal, rest) => `/api/v1/renewals/${renewal.renewal_no}${rest}`;
const call = (renewal, method, rest, options = {}) =>
  client.call(demo.base_url, method, at(renewal, rest), { token: renewal.access_token, ...options });
const upload = (renewal, body, { type = 'application/pdf', kind = 'application_form', page = 1 } = {}) =>
  call(renewal, 'PUT', `/materials/${kind}?page=${page}`, { body, type });
const complete = (renewal) => call(renewal, 'POST', '/submission', { body: {} });
const form = (renewal) => call(renewal, 'GET', '/application_form.pdf');
const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

// A page as a scanner makes it: the form itself, as a picture.
function scan(pdf, kind = 'jpeg') {
  writeFileSync(join(folder, 'form.pdf'), pdf);
  execFileSync('pdftoppm', [`-${kind}`, '-r', '100', '-singlefile', join(folder, 'form.pdf'), join(folder, 'scan')]);
  return readFileSync(join(folder, kind === 'jpeg' ? 'scan.jpg' : 'scan.png'));
}

const withExif = (jpeg) => {
  const content = Buffer.from('http://ns.adobe.com/xap/1.0/\0GPS 23.0218,113.1219', 'latin1');
  const head = Buffer.from([0xff, 0xe1, (content.length + 2) >> 8, (content.length + 2) & 255]);
  return Buffer.concat([jpeg.subarray(0, 2), head, content, jpeg.subarray(2)]);
};

const audited = (action, renewal) =>
  Number(sql(`select count(*) from xuqi.audit_event where action = '${action}' and object = '${renewal.renewal_no}'`));

test('an expired certificate goes all the way with its signed form', async () => {
  const { subscriber, renewal } = await draft();
  assert.equal(renewal.status, 'draft');
  refusedWith(await client.pay(demo, renewal), 409, 'renewal_state');
  const missing = await complete(renewal);
  refusedWith(missing, 409, 'material_missing');
  conforms('post', '/api/v1/renewals/{no}/submission', missing);
  assert.deepEqual(missing.json.fields.map((it) => it.path), ['materials.application_form']);

  const made = await form(renewal);
  conforms('get', '/api/v1/renewals/{no}/application_form.pdf', made);
  assert.equal(made.status, 200, made.text);
  writeFileSync(join(folder, 'made.pdf'), made.bytes);
  const text = execFileSync('pdftotext', ['-layout', join(folder, 'made.pdf'), '-'], { encoding: 'utf8' }).replace(/\s/g, '');
  for (const expected of ['数字证书续期申请表', renewal.renewal_no, '广东省药品交易、医用耗材系统', '11010519491231002X', '13800138000', '胡经办', '胡收件', '100.00元', '12个月'])
    assert.ok(text.includes(expected), `${expected} in ${text}`);
  assert.equal(audited('application_form.make', renewal), 1);

  const jpeg = withExif(scan(made.bytes));
  const put = await upload(renewal, jpeg, { type: 'image/jpeg' });
  conforms('put', '/api/v1/renewals/{no}/materials/{kind}', put);
  assert.equal(put.status, 201, put.text);
  assert.equal((await upload(renewal, jpeg, { type: 'image/jpeg' })).status, 200, 'again: the same');
  const second = await upload(renewal, made.bytes, { page: 2 });
  assert.equal(second.json.sha256, digest(made.bytes), 'a PDF is kept as it is');
  const listed = await call(renewal, 'GET', '/materials');
  conforms('get', '/api/v1/renewals/{no}/materials', listed);
  assert.deepEqual(listed.json.materials.map((it) => `${it.kind} ${it.page} ${it.content_type}`), ['application_form 1 image/jpeg', 'application_form 2 application/pdf']);
  assert.deepEqual(listed.json.missing, []);
  const removed = await call(renewal, 'DELETE', '/materials/application_form?page=2');
  conforms('delete', '/api/v1/renewals/{no}/materials/{kind}', removed);
  refusedWith(await call(renewal, 'DELETE', '/materials/application_form?page=2'), 404, 'material_unknown');

  const submitted = await complete(renewal);
  conforms('post', '/api/v1/renewals/{no}/submission', submitted);
  assert.equal(submitted.json.status, 'awaiting_payment', submitted.text);
  assert.equal((await complete(renewal)).status, 200, 'again: the same');
  refusedWith(await upload(renewal, jpeg, { type: 'image/jpeg', page: 3 }), 409, 'renewal_state');
  refusedWith(await call(renewal, 'DELETE', '/materials/application_form'), 409, 'renewal_state');

  const payment = (await client.pay(demo, renewal)).json;
  assert.equal((await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, payment)))).text, 'success');
  const desk = `/api/v1/review/cases/${renewal.renewal_no}`;
  const seen = await client.call(demo.base_url, 'GET', desk, { token: reviewer });
  conforms('get', '/api/v1/review/cases/{no}', seen);
  assert.deepEqual(seen.json.materials.map((it) => it.sha256), [put.json.sha256]);
  const viewed = await client.call(demo.base_url, 'GET', `${desk}/materials/application_form/1`, { token: reviewer });
  conforms('get', '/api/v1/review/cases/{no}/materials/{kind}/{page}', viewed);
  assert.equal(viewed.headers['content-type'], 'image/jpeg');
  assert.equal(viewed.headers['content-security-policy'], "default-src 'none'; sandbox");
  assert.equal(viewed.headers['cache-control'], 'private, no-store');
  assert.equal(viewed.headers['x-content-type-options'], 'nosniff');
  assert.equal(digest(viewed.bytes), put.json.sha256);
  assert.ok(!viewed.bytes.includes('GPS 23.0218'), 'where it was scanned is gone');
  assert.equal(audited('material.view', renewal), 1);

  assert.equal((await client.approve(demo, reviewer, renewal)).json.status, 'awaiting_install');
  const issued = await client.fetchCertificate(demo, subscriber, renewal);
  assert.equal(issued.status, 200, issued.text);
  const end = execFileSync('openssl', ['x509', '-noout', '-enddate'], { input: issued.json.signing_certificate, encoding: 'utf8' }).trim().split('=')[1];
  assert.equal(new Date(end).getTime(), new Date(renewal.not_after).getTime(), 'the promise is kept');
  assert.equal((await client.acknowledge(demo, renewal)).json.status, 'completed');
  assert.equal(sql('select count(*) from xuqi.ledger_check()'), '0');
});

test('the new notAfter of an expired certificate counts from the submission', async () => {
  const { renewal } = await draft();
  const [submitted, promised] = [new Date(renewal.submitted_at), new Date(renewal.not_after)];
  const months = (promised.getUTCFullYear() - submitted.getUTCFullYear()) * 12 + promised.getUTCMonth() - submitted.getUTCMonth();
  assert.ok(months === 12, renewal.not_after);
});

test('an expired certificate needs client 4.7.6, a valid one needs no form', async () => {
  const old = await client.submit(demo, expiredSubscriber(), toGdDrug({ client_version: '4.7.5' }));
  refusedWith(old, 426, 'client_too_old');
  const valid = await client.submit(demo, newSubscriber(), toGdDrug({ client_version: '3.0.0' }));
  assert.equal(valid.json.status, 'awaiting_payment', valid.text);
  refusedWith(await upload(valid.json, Buffer.from('%PDF-'), {}), 422, 'document_unreadable');
  refusedWith(await complete(valid.json), 409, 'renewal_state');
});

test('submitting again answers the draft', async () => {
  const { subscriber, renewal } = await draft();
  const again = await client.submit(demo, subscriber, toGdDrug());
  assert.equal(again.status, 200);
  assert.equal(again.json.renewal_no, renewal.renewal_no);
  assert.equal(again.json.status, 'draft');
});

test('what is uploaded is refused when it is not a plain document', async (t) => {
  const { renewal } = await draft();
  const pdf = (await form(renewal)).bytes;
  const [jpeg, png] = [scan(pdf), scan(pdf, 'png')];
  const bomb = Buffer.from(png);
  bomb.writeUInt32BE(60000, 16);
  bomb.writeUInt32BE(60000, 20);
  const script = Buffer.concat([pdf.subarray(0, 9), Buffer.from('1 0 obj << /S /J#61vaScript >> endobj\n'), pdf.subarray(9)]);
  const cases = [
    ['another type than claimed', jpeg, { type: 'image/png' }, 422, 'document_unreadable'],
    ['a type that is not taken', Buffer.from('GIF89a'), { type: 'image/gif' }, 415, 'unsupported_media_type'],
    ['a web page', Buffer.from('<html>'), { type: 'application/pdf' }, 422, 'document_unreadable'],
    ['nothing', Buffer.alloc(0), { type: 'application/pdf' }, 422, 'document_unreadable'],
    ['half a picture', jpeg.subarray(0, jpeg.length / 2), { type: 'image/jpeg' }, 422, 'document_unreadable'],
    ['half a PDF', pdf.subarray(0, pdf.length / 2), {}, 422, 'document_unreadable'],
    ['a decompression bomb', bomb, { type: 'image/png' }, 422, 'document_refused'],
    ['a PDF with a script', script, {}, 422, 'document_refused'],
    ['page 0', pdf, { page: 0 }, 422, 'fields_invalid'],
    ['page 11', pdf, { page: 11 }, 422, 'fields_invalid'],
    ['a page that is no number', pdf, { page: '1x' }, 422, 'fields_invalid'],
    ['a kind not asked for', pdf, { kind: 'agent_id' }, 422, 'material_unexpected'],
    ['a kind that does not exist', pdf, { kind: 'x' }, 422, 'material_unexpected'],
    ['more than 5 MB', Buffer.alloc(5 * 1024 * 1024 + 1), {}, 413, 'body_too_large'],
  ];
  for (const [what, body, options, status, code] of cases)
    await t.test(what, async () => {
      const answer = await upload(renewal, body, options);
      refusedWith(answer, status, code);
      conforms('put', '/api/v1/renewals/{no}/materials/{kind}', answer);
    });
  assert.equal(sql(`select count(*) from xuqi.material where renewal_no = '${renewal.renewal_no}'`), '0');
});

test('five megabytes arrive whole, are sealed, and come back', async () => {
  const { renewal } = await draft();
  const pdf = (await form(renewal)).bytes;
  const filler = Buffer.from(`\n%${randomBytes(2 * 1024 * 1024).toString('hex')}\n`);
  const head = pdf.subarray(0, pdf.lastIndexOf('startxref'));
  const big = Buffer.concat([head, filler, Buffer.alloc(5 * 1024 * 1024 - head.length - filler.length - (pdf.length - head.length), 0x20), pdf.subarray(head.length)]);
  assert.equal(big.length, 5 * 1024 * 1024);
  const put = await upload(renewal, big);
  assert.equal(put.status, 201, put.text);
  assert.equal(put.json.sha256, digest(big));
  assert.equal(sql(`select position('\\x25504446' in sealed) from xuqi.material where renewal_no = '${renewal.renewal_no}'`), '0');
  const chunked = await upload(renewal, scan(pdf, 'png'), { type: 'image/png; charset=binary', page: 2 });
  assert.equal(chunked.status, 201, chunked.text);
  const viewed = await client.call(demo.base_url, 'GET', `/api/v1/review/cases/${renewal.renewal_no}/materials/application_form/1`, { token: reviewer });
  assert.equal(digest(viewed.bytes), put.json.sha256);
});

test('a sealed document moved to another row does not open', async () => {
  const [one, other] = [(await draft()).renewal, (await draft()).renewal];
  const pdf = (await form(one)).bytes;
  for (const renewal of [one, other]) assert.equal((await upload(renewal, pdf)).status, 201);
  sql(`update xuqi.material set sealed = (select sealed from xuqi.material where renewal_no = '${one.renewal_no}') where renewal_no = '${other.renewal_no}'`);
  const view = (renewal) => client.call(demo.base_url, 'GET', `/api/v1/review/cases/${renewal.renewal_no}/materials/application_form/1`, { token: reviewer });
  assert.equal((await view(one)).status, 200);
  refusedWith(await view(other), 500, 'seal_broken');
});

test('documents are shown to nobody but reviewers', async () => {
  const { renewal } = await draft();
  await upload(renewal, (await form(renewal)).bytes);
  const path = `/api/v1/review/cases/${renewal.renewal_no}/materials/application_form`;
  const get = (page, token) => client.call(demo.base_url, 'GET', `${path}/${page}`, { token });
  refusedWith(await get(1), 401, 'unauthenticated');
  refusedWith(await get(1, renewal.access_token), 401, 'session_unknown');
  refusedWith(await get(1, finance), 403, 'forbidden');
  refusedWith(await get(2, reviewer), 404, 'material_unknown');
  refusedWith(await get('x', reviewer), 422, 'fields_invalid');
  assert.equal(audited('material.view', renewal), 0);
});

test('a number without its token grants nothing', async () => {
  const [mine, other] = [(await draft()).renewal, (await draft()).renewal];
  for (const [method, rest, options] of [['GET', '/materials'], ['GET', '/application_form.pdf'], ['DELETE', '/materials/application_form'],
    ['PUT', '/materials/application_form', { body: Buffer.from('%PDF-'), type: 'application/pdf' }], ['POST', '/submission', { body: {} }]]) {
    refusedWith(await call(mine, method, rest, { ...options, token: other.access_token }), 401, 'access_token_invalid');
    refusedWith(await call(mine, method, rest, { ...options, token: undefined }), 401, 'access_token_invalid');
  }
});

test('many uploads at once are taken or told to come back, and the loop goes on', async () => {
  const { renewal } = await draft();
  const png = scan((await form(renewal)).bytes, 'png');
  const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => upload(renewal, png, { type: 'image/png', page: (i % 10) + 1 })));
  for (const answer of answers) assert.ok([200, 201, 503].includes(answer.status), answer.text);
  assert.equal((await call(renewal, 'GET', '/materials')).json.materials.length, 10);
});
