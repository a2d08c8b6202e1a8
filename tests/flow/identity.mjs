// SPDX-License-Identifier: Apache-2.0
// Who applies is who he says: photos of the identity card by a telephone, liveness and telecom checks at the provider's
// stand-in, what happens when it misbehaves, and what the reviewer sees. Runs like main.mjs.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import * as client from '../support/client.mjs';
import { demo as installed, newSubscriber, sql } from '../support/world.mjs';
import { startWeb } from '../support/extra_web.mjs';
import { device, Phone, picture, withExif } from '../support/phone.mjs';
import { conforms } from '../support/openapi.mjs';
import { tc3Judge } from '../support/tc3_judge.mjs';
import { watch } from '../support/watch.mjs';

const platform = 'identity-test';
let web, demo, reviewer;

before(async () => {
  const port = Number(new URL(installed.base_url).port) + 18;
  web = await startWeb('identity-test', port, {
    [platform]: (texts) => texts['szca-bidding'].replace(/^proofs: .*$/m, 'proofs: [current_key]')
      .replace(/^ {2}always: \[application_form\]$/m, '  always: []').replace(/^open_per_organisation: .*$/m, 'open_per_organisation: 0'),
  });
  demo = web.demo;
  await sandbox('reset');
  for (let tries = 0; !reviewer && tries < 30; tries++) {
    const answer = await client.login(installed, 'reviewer');
    if (answer.status === 201) reviewer = answer.json.token;
    else sql('delete from xuqi.login_failure');
  }
});
after(() => web.stop());

// -- the provider's stand-in

async function sandbox(what, body) {
  const answer = await client.call(installed.faceid.sandbox, body === undefined && what === 'calls' ? 'GET' : 'POST', `/sandbox/${what}`, { body: body ?? (what === 'calls' ? undefined : {}) });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}
const misbehave = (behaviour, action, times = 1) => sandbox('next', { behaviour, action, times });
const tokenOf = (url) => new URL(url).searchParams.get('BizToken');
// The provider then sends the telephone back, which makes the server look at once.
async function visitorEnds(url, code, change) {
  await sandbox('result', { biz_token: tokenOf(url), code, change });
  await client.call(installed.base_url, 'GET', `/identity/return?BizToken=${tokenOf(url)}`);
}

// -- the applicant's page

const at = (renewal, rest) => `/api/v1/renewals/${renewal.renewal_no}${rest}`;
async function call(renewal, method, rest, options = {}) {
  const answer = await client.call(demo.base_url, method, at(renewal, rest), { token: renewal.access_token, ...options });
  if (/^\/[a-z_]+$/.test(rest)) conforms(method.toLowerCase(), `/api/v1/renewals/{no}${rest}`, answer);
  return answer;
}
const post = (renewal, rest) => call(renewal, 'POST', rest, { body: {} });
const refusedWith = (answer, status, code) => {
  assert.equal(answer.json?.code, code, answer.text);
  assert.equal(answer.status, status);
};
async function draft({ mobile, idType } = {}) {
  const subscriber = newSubscriber({ notBefore: '-400 days', notAfter: '-35 days' });
  const answer = await client.submit(demo, subscriber, { platform, change: (it) => ({
    ...it, client_version: '1.0', invoice: { kind: 'none' },
    agent: { ...it.agent, ...(mobile ? { mobile } : {}), ...(idType ? { id_type: idType, id_number: 'E12345678' } : {}) },
  }) });
  assert.equal(answer.status, 201, answer.text);
  return { subscriber, renewal: answer.json };
}
async function step(renewal, name) {
  const answer = await client.progress(demo, renewal);
  conforms('get', '/api/v1/renewals/{no}', answer);
  return answer.json.identity_steps.find((it) => it.step === name);
}
async function eventually(what, check, seconds = 12) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    const value = await check();
    if (value) return value;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  return assert.fail(`${what} within ${seconds} s`);
}
const stepIs = (renewal, name, state) => eventually(`${name} ${state}`, async () => {
  const it = await step(renewal, name);
  return it.state === state && it;
});
const complete = (renewal) => post(renewal, '/submission');

// -- the telephone

function jpegSize(bytes) { // SOF0 or SOF2: ITU-T T.81 B.2.2
  for (let i = 2; i < bytes.length;) {
    const marker = bytes[i + 1];
    if (marker === 0xc0 || marker === 0xc2) return [bytes.readUInt16BE(i + 7), bytes.readUInt16BE(i + 5)];
    i += 2 + bytes.readUInt16BE(i + 2);
  }
  return assert.fail('no size');
}
async function link(renewal) {
  const answer = await post(renewal, '/phone_links');
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}
async function photographed(renewal) {
  const phone = new Phone((await link(renewal)).url);
  await phone.open();
  assert.equal((await phone.photo('front', picture())).status, 201);
  assert.equal((await phone.photo('back', picture({ width: 1200 }))).status, 201);
  assert.equal((await phone.finish()).status, 200);
}
async function shown(renewal) {
  const answer = await post(renewal, '/liveness');
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.state, 'open');
  return answer.json.url;
}
async function caseOf(renewal) {
  const answer = await client.call(demo.base_url, 'GET', `/api/v1/review/cases/${renewal.renewal_no}`, { token: reviewer });
  conforms('get', '/api/v1/review/cases/{no}', answer);
  return answer.json;
}
const pay = async (renewal) => {
  const form = (await client.pay(demo, renewal)).json;
  assert.equal((await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, form)))).text, 'success');
};

// -- the whole way

test('photos by telephone, liveness and telecom, told to the waiting page, all the way to the reviewer', async () => {
  const { renewal } = await draft();
  assert.equal(renewal.status, 'draft');
  await stepIs(renewal, 'telecom', 'passed'); // began by itself
  const refused = await complete(renewal);
  refusedWith(refused, 409, 'identity_missing');
  assert.deepEqual(refused.json.fields.map((it) => it.path), ['identity.id_photos', 'identity.liveness']);

  const page = await watch(demo, renewal);
  const sees = async (name, state) => {
    for (;;) {
      const { data } = await page.next();
      if (data.identity_steps.find((it) => it.step === name).state === state) return;
    }
  };
  await sees('id_photos', 'todo');
  const { url, qr_text: qr } = await link(renewal);
  assert.equal(qr, url);
  assert.match(url, new RegExp(`^${demo.base_url}/m/#[\\w-]{43}$`));
  await sees('id_photos', 'link');
  const phone = new Phone(url);
  const opened = await phone.open();
  assert.equal(opened.status, 200, opened.text);
  assert.equal(opened.json.renewal_tail, renewal.renewal_no.slice(-4));
  assert.deepEqual(opened.json.photos.map((it) => it.uploaded), [false, false]);
  assert.equal(opened.json.liveness, true);
  assert.doesNotMatch(opened.text, new RegExp(renewal.renewal_no));
  await sees('id_photos', 'phone');
  assert.equal((await phone.photo('front', picture({ orientation: 6 }))).status, 201);
  refusedWith(await phone.finish(), 409, 'material_missing');
  assert.equal((await phone.photo('back', picture({ kind: 'png' }), 'image/png')).status, 201);
  await sees('id_photos', 'passed');
  assert.equal((await phone.finish()).json.finished, true);

  const live = await phone.liveness();
  assert.equal(live.json.state, 'open');
  await sees('liveness', 'open');
  assert.equal((await shown(renewal)), live.json.url); // the page gets the one that is open
  await visitorEnds(live.json.url, 0);
  await sees('liveness', 'passed');
  page.close();
  assert.equal((await post(renewal, '/liveness')).json.state, 'passed');

  assert.equal((await complete(renewal)).json.status, 'awaiting_payment');
  refusedWith(await call(renewal, 'PUT', '/materials/id_photo_front', { body: picture(), type: 'image/jpeg' }), 409, 'renewal_state');
  await pay(renewal);
  const seen = await caseOf(renewal);
  assert.deepEqual(seen.identity_checks.map((it) => [it.kind, it.provider, it.result]), [['telecom', 'tencent', 'passed'], ['liveness', 'tencent', 'passed']]);
  assert.equal(seen.identity_checks[1].similarity_percent, '98.71');
  assert.match(seen.identity_checks[1].reference, /^[0-9a-f-]{36}$/);
  assert.deepEqual(seen.materials.map((it) => it.kind), ['id_photo_back', 'id_photo_front']);
  const photo = await client.call(demo.base_url, 'GET', `/api/v1/review/cases/${renewal.renewal_no}/materials/id_photo_front/1`, { token: reviewer });
  assert.deepEqual(jpegSize(photo.bytes), [1000, 1600], 'upright');
  assert.ok(!photo.bytes.includes('Exif') && !photo.bytes.includes('GPS'));
  assert.equal((await client.approve(demo, reviewer, renewal)).json.status, 'awaiting_account');
});

// -- the telephone

test('a link is let in once, by one telephone, and by none that guesses', async () => {
  const { renewal } = await draft();
  const { url } = await link(renewal);
  const first = new Phone(url);
  const second = new Phone(url);
  refusedWith(await first.tasks(), 401, 'phone_link_invalid'); // not opened yet
  assert.equal((await first.open()).status, 200);
  assert.equal((await first.open()).status, 200); // a reload
  refusedWith(await second.open(), 409, 'phone_link_used');
  refusedWith(await second.tasks(), 409, 'phone_link_used');
  refusedWith(await second.photo('front', picture()), 409, 'phone_link_used');
  refusedWith(await second.finish(), 409, 'phone_link_used');
  for (const token of ['', 'x', randomBytes(32).toString('base64url'), first.token.slice(0, -2) + 'AA', `${first.token}AAAA`, renewal.access_token]) {
    const guess = new Phone(url, first.device);
    guess.token = token;
    refusedWith(await guess.open(), 401, 'phone_link_invalid');
    refusedWith(await guess.photo('front', Buffer.alloc(100)), 401, 'phone_link_invalid');
  }
  for (const secret of ['', 'short', 'ä'.repeat(30), 'a b'.repeat(10), 'a'.repeat(87)]) refusedWith(await new Phone(url, secret).open(), 422, 'fields_invalid');
  assert.equal((await first.call('PUT', '/photos/side', { body: picture(), type: 'image/jpeg' })).status, 404);
  assert.equal((await call(renewal, 'GET', '/materials')).json.materials.length, 0);
});

test('of eight telephones at once one is let in', async () => {
  const { renewal } = await draft();
  const { url } = await link(renewal);
  const answers = await Promise.all(Array.from({ length: 8 }, () => new Phone(url).open()));
  assert.deepEqual(answers.map((it) => it.status).sort(), [200, 409, 409, 409, 409, 409, 409, 409]);
});

test('a newer link ends the older, time ends both, and a day has its end', async () => {
  const { renewal } = await draft();
  const old = new Phone((await link(renewal)).url);
  await old.open();
  const newer = new Phone((await link(renewal)).url);
  for (const answer of [await old.open(), await old.tasks(), await old.photo('front', picture()), await old.finish()]) refusedWith(answer, 409, 'phone_link_over');
  await newer.open();
  sql(`update xuqi.phone_link set created_at = now() - interval '1 hour', expires_at = now() - interval '1 s' where renewal_no = '${renewal.renewal_no}' and ended_at is null`);
  for (const answer of [await newer.open(), await newer.tasks(), await newer.photo('front', picture()), await newer.finish()]) refusedWith(answer, 409, 'phone_link_expired');
  sql(`insert into xuqi.phone_link (renewal_no, token_digest, expires_at, ended_at, ended_by)
       select '${renewal.renewal_no}', sha256(('${renewal.renewal_no}' || n)::bytea), now() + interval '1 minute', now(), 'newer' from generate_series(1, 20) as n`);
  refusedWith(await post(renewal, '/phone_links'), 429, 'rate_limited');
});

test('hostile photos are refused, and none is kept', async () => {
  const { renewal } = await draft();
  const phone = new Phone((await link(renewal)).url);
  await phone.open();
  const good = picture();
  refusedWith(await phone.photo('front', Buffer.alloc(5 * 1024 * 1024 + 1, 1)), 413, 'body_too_large');
  refusedWith(await phone.photo('front', Buffer.from('%PDF-1.4\n%%EOF')), 422, 'document_unreadable');
  refusedWith(await phone.photo('front', good, 'image/png'), 422, 'document_unreadable');
  refusedWith(await phone.photo('front', good, 'application/pdf'), 415, 'unsupported_media_type');
  refusedWith(await phone.photo('front', good.subarray(0, good.length / 2)), 422, 'document_unreadable');
  refusedWith(await phone.photo('front', picture({ width: 200, height: 100 })), 422, 'document_refused');
  const bomb = Buffer.from(good);
  const [w, h] = [60000, 60000];
  const sof = bomb.indexOf(Buffer.from([0xff, 0xc0]));
  bomb.writeUInt16BE(h, sof + 5);
  bomb.writeUInt16BE(w, sof + 7);
  refusedWith(await phone.photo('front', bomb), 422, 'document_refused');
  assert.equal((await phone.tasks()).json.photos[0].uploaded, false);
  // Many large Exif blocks, and ones that point nowhere, cost nothing and say nothing.
  let exif = good;
  for (let i = 0; i < 40; i++) exif = withExif(exif, i % 12, 60000);
  assert.equal((await phone.photo('front', exif)).status, 201);
  assert.equal((await phone.photo('front', exif)).status, 200); // the same again
  refusedWith(await call(renewal, 'PUT', '/materials/id_photo_front?page=2', { body: good, type: 'image/jpeg' }), 422, 'material_unexpected');
  refusedWith(await call(renewal, 'PUT', '/materials/id_photo_back', { body: Buffer.from('%PDF-1.4\nendobj startxref %%EOF'), type: 'application/pdf' }), 422, 'document_refused');
});

test('a renewal that asks for no identity step is asked for none', async () => {
  const renewal = (await client.submit(demo, newSubscriber())).json;
  assert.deepEqual((await client.progress(demo, renewal)).json.identity_steps, []);
  for (const rest of ['/phone_links', '/liveness', '/telecom']) refusedWith(await post(renewal, rest), 422, 'identity_unexpected');
});

// -- returned

async function returned(names, materials = []) {
  const { renewal, subscriber } = await draft();
  await stepIs(renewal, 'telecom', 'passed');
  await photographed(renewal);
  await visitorEnds(await shown(renewal), 0);
  await stepIs(renewal, 'liveness', 'passed');
  assert.equal((await complete(renewal)).json.status, 'awaiting_payment');
  await pay(renewal);
  assert.equal((await client.giveBack(demo, reviewer, renewal, [...names, ...materials.map((it) => `materials.${it}`)])).json?.status, 'returned');
  return { renewal, subscriber };
}
async function correct(subscriber, renewal, members) {
  const answer = await client.correct(demo, subscriber, renewal, members);
  conforms('post', '/api/v1/renewals/{no}/correction', answer);
  return answer;
}

test('a corrected agent is another person: both checks are made again, about him, before the review', async () => {
  const { renewal, subscriber } = await returned(['agent.name', 'agent.mobile']);
  const agent = { name: '李经办', mobile: '13700137000' };
  const kept = await correct(subscriber, renewal, { agent });
  assert.deepEqual(kept.json, { renewal_no: renewal.renewal_no, status: 'returned', missing: ['identity.liveness', 'identity.telecom'] });
  const again = await step(renewal, 'liveness');
  assert.deepEqual([again.state, again.reason, again.reason_text], ['todo', 'corrected', '经办人信息已更正，请重新核验']);
  await stepIs(renewal, 'telecom', 'passed'); // began by itself
  const refused = await correct(subscriber, renewal, {});
  refusedWith(refused, 409, 'identity_missing');
  assert.deepEqual(refused.json.fields.map((it) => it.path), ['identity.liveness']);
  const phone = new Phone((await link(renewal)).url); // nothing to photograph, but a face to show
  const tasks = await phone.open();
  assert.deepEqual([tasks.json.photos.map((it) => it.uploaded), tasks.json.liveness], [[true, true], true]);
  await visitorEnds((await phone.liveness()).json.url, 0);
  await stepIs(renewal, 'liveness', 'passed');
  const calls = await sandbox('calls');
  const asked = (action) => JSON.parse(calls.filter((it) => it.action === action).at(-1).body);
  assert.deepEqual([asked('DetectAuth').Name, asked('PhoneVerification').Name, asked('PhoneVerification').Phone], [agent.name, agent.name, agent.mobile]);
  assert.deepEqual((await correct(subscriber, renewal, {})).json, { renewal_no: renewal.renewal_no, status: 'awaiting_review', missing: [] });
  refusedWith(await phone.tasks(), 409, 'phone_link_over');
  const seen = await caseOf(renewal);
  assert.deepEqual(seen.identity_checks.map((it) => [it.kind, it.result, it.stands, it.person.name, it.person.mobile]), [
    ['telecom', 'passed', false, '胡**', '138****8000'], ['liveness', 'passed', false, '胡**', '138****8000'],
    ['telecom', 'passed', true, '李**', '137****7000'], ['liveness', 'passed', true, '李**', '137****7000']]);
  assert.equal((await client.approve(demo, reviewer, renewal)).json.status, 'awaiting_account');
});

test('who corrects something else, or insists, keeps his verdicts', async () => {
  const { renewal, subscriber } = await returned(['agent.mobile', 'agent.email']);
  const { agent } = await client.application(demo, { platform });
  const answer = await correct(subscriber, renewal, { agent: { mobile: agent.mobile, email: 'other@example.com' } });
  assert.deepEqual([answer.json.status, answer.json.missing], ['awaiting_review', []], answer.text);
  assert.deepEqual((await caseOf(renewal)).identity_checks.map((it) => it.stands), [true, true]);
});

test('photos that were returned are taken again, by the page or a telephone', async () => {
  const { renewal, subscriber } = await returned([], ['id_photo_front', 'id_photo_back']);
  assert.equal((await step(renewal, 'id_photos')).state, 'todo');
  const names = ['materials.id_photo_back', 'materials.id_photo_front'];
  const refused = await correct(subscriber, renewal, {});
  refusedWith(refused, 409, 'material_missing');
  assert.deepEqual(refused.json.fields.map((it) => it.path), names);
  refusedWith(await call(renewal, 'PUT', '/materials/agent_id', { body: picture(), type: 'image/jpeg' }), 422, 'material_unexpected');
  assert.equal((await call(renewal, 'PUT', '/materials/id_photo_front', { body: picture({ width: 1300 }), type: 'image/jpeg' })).status, 200);
  const phone = new Phone((await link(renewal)).url);
  assert.deepEqual((await phone.open()).json.photos.map((it) => it.uploaded), [true, false]);
  refusedWith(await phone.finish(), 409, 'material_missing');
  assert.equal((await phone.photo('back', picture({ width: 1400 }))).status, 200);
  assert.equal((await phone.finish()).json.finished, true);
  assert.equal((await step(renewal, 'id_photos')).state, 'passed');
  assert.equal((await correct(subscriber, renewal, {})).json.status, 'awaiting_review');
  refusedWith(await post(renewal, '/phone_links'), 409, 'renewal_state');
  assert.deepEqual((await caseOf(renewal)).materials.map((it) => it.kind), ['id_photo_back', 'id_photo_front']);
  assert.equal((await client.giveBack(demo, reviewer, renewal, ['materials.id_photo_front'])).json.status, 'returned');
  const second = new Phone((await link(renewal)).url);
  assert.deepEqual((await second.open()).json.photos.map((it) => it.uploaded), [false, true]);
  refusedWith(await second.photo('back', picture()), 422, 'material_unexpected');
  assert.equal((await second.photo('front', picture({ width: 1500 }))).status, 200);
  assert.equal((await correct(subscriber, renewal, {})).json.status, 'awaiting_review');
});

test('no telephone is asked for when nothing was returned for one', async () => {
  const { renewal } = await returned(['agent.email']);
  refusedWith(await post(renewal, '/phone_links'), 422, 'identity_unexpected');
});

// -- the provider

test('every call is signed as the provider\'s own SDK would, and says no more than it must', async () => {
  const { renewal } = await draft();
  await stepIs(renewal, 'telecom', 'passed');
  await visitorEnds(await shown(renewal), 0);
  await stepIs(renewal, 'liveness', 'passed');
  const calls = await sandbox('calls');
  for (const action of ['DetectAuth', 'GetDetectInfoEnhanced', 'PhoneVerification']) {
    const found = calls.filter((it) => it.action === action).at(-1);
    const { same, expected } = tc3Judge(found, installed.faceid);
    assert.ok(same, `${found.headers.authorization}\n${expected}`);
  }
  const begun = JSON.parse(calls.filter((it) => it.action === 'DetectAuth').at(-1).body);
  assert.deepEqual(Object.keys(begun).sort(), ['Extra', 'IdCard', 'Name', 'RedirectUrl', 'RuleId']);
  assert.equal(begun.Name, '胡经办');
  assert.ok(!begun.Extra.includes(renewal.renewal_no) && !begun.RedirectUrl.includes(renewal.renewal_no));
});

test('coming back from the provider is no result, forged or not', async () => {
  const { renewal } = await draft();
  const url = await shown(renewal);
  for (const token of [tokenOf(url), 'forged', '', 'x'.repeat(500)]) {
    const answer = await client.call(demo.base_url, 'GET', `/identity/return?BizToken=${token}`);
    assert.equal(answer.status, 200);
    assert.match(answer.text, /请回到电脑页面/);
    conforms('get', '/identity/return', answer);
  }
  await new Promise((resolve) => { setTimeout(resolve, 1500); });
  assert.equal((await step(renewal, 'liveness')).state, 'open');
  // The visitor ends it on the stand-in's page, which sends him back: then it is looked at at once.
  const ended = await client.call(installed.faceid.sandbox, 'POST', `/liveness?BizToken=${tokenOf(url)}`, { body: 'code=0', type: 'application/x-www-form-urlencoded' });
  assert.equal(ended.status, 303);
  const start = Date.now();
  await client.call(ended.headers.location, 'GET', ended.headers.location);
  await stepIs(renewal, 'liveness', 'passed');
  assert.ok(Date.now() - start < 4000);
});

test('a success of somebody else, or of another flow, is none', async () => {
  for (const [change, reason] of [[{ IdCard: '440300199001010011' }, 'identity_mismatch'], [{ Name: '别人' }, 'identity_mismatch'],
    [{ Extra: 'other' }, 'identity_mismatch'], [{ OcrIdCard: '440300199001010011' }, 'identity_mismatch'],
    [{ OcrValidDate: '2005.01.01-2015.01.01' }, 'id_card_expired'], [{ LiveStatus: 1004 }, 'liveness_failed'], [{ Comparestatus: null }, 'face_mismatch']]) {
    const { renewal } = await draft();
    await visitorEnds(await shown(renewal), 0, change);
    assert.equal((await stepIs(renewal, 'liveness', 'failed')).reason, reason, JSON.stringify(change));
  }
});

test('a failed check may be done again, until the reviewer judges, with a clear sentence', async () => {
  const { renewal } = await draft();
  for (const code of [2016, 1004]) {
    await visitorEnds(await shown(renewal), code);
    const failed = await stepIs(renewal, 'liveness', 'failed');
    assert.match(failed.reason_text, /重新进行/);
  }
  await visitorEnds(await shown(renewal), 2006);
  const manual = await stepIs(renewal, 'liveness', 'manual');
  assert.equal(manual.reason, 'attempts');
  assert.match(manual.reason_text, /审核人员人工核验/);
  assert.equal((await post(renewal, '/liveness')).json.state, 'manual');
  await stepIs(renewal, 'telecom', 'passed');
  await photographed(renewal);
  assert.equal((await complete(renewal)).json.status, 'awaiting_payment');
  await pay(renewal);
  assert.deepEqual((await caseOf(renewal)).identity_checks.filter((it) => it.kind === 'liveness').map((it) => `${it.result} ${it.reason}`),
    ['failed face_mismatch', 'failed liveness_failed', 'failed identity_mismatch', 'manual attempts']);
  for (const rest of ['/phone_links', '/liveness', '/telecom']) refusedWith(await post(renewal, rest), 409, 'renewal_state');
});

test('no record at the provider leaves it to the reviewer', async () => {
  const { renewal } = await draft();
  await visitorEnds(await shown(renewal), 2005);
  assert.equal((await stepIs(renewal, 'liveness', 'manual')).reason, 'no_record');
  await misbehave('no_record', 'PhoneVerification');
  const other = (await draft()).renewal;
  assert.equal((await stepIs(other, 'telecom', 'manual')).reason, 'no_record');
});

test('another kind of identity document leaves it to the reviewer', async () => {
  const { renewal } = await draft({ idType: 'passport' });
  assert.equal((await post(renewal, '/liveness')).json.state, 'manual');
  assert.equal((await stepIs(renewal, 'telecom', 'manual')).reason, 'id_type');
});

test('a number that belongs to somebody else may be put right and checked again', async () => {
  const { renewal } = await draft({ mobile: '13800130001' });
  const failed = await stepIs(renewal, 'telecom', 'failed');
  assert.equal(failed.reason, 'phone_id_mismatch');
  assert.match(failed.reason_text, /运营商APP/);
  assert.equal((await post(renewal, '/telecom')).json.state, 'open');
  await stepIs(renewal, 'telecom', 'failed');
});

test('silence, faults and refusals of the provider leave a state, count for nobody and are got over', async () => {
  const { renewal } = await draft();
  await misbehave('silence', 'DetectAuth');
  const [silent, meanwhile] = await Promise.all([post(renewal, '/liveness'),
    new Promise((resolve) => { setTimeout(() => resolve(post(renewal, '/liveness')), 500); })]);
  refusedWith(silent, 502, 'remote_unknown');
  refusedWith(meanwhile, 503, 'busy');
  assert.equal((await step(renewal, 'liveness')).reason, 'unknown');
  for (const [behaviour, reason] of [['error_500', 'provider_busy'], ['limit_exceeded', 'provider_busy'], ['auth_failure', 'provider_refused']]) {
    sql(`update xuqi.identity_check set asked_at = now() - interval '2 days' where renewal_no = '${renewal.renewal_no}' and decided_at is null`);
    await misbehave(behaviour, 'DetectAuth');
    refusedWith(await post(renewal, '/liveness'), 502, 'identity_unavailable');
    assert.equal((await step(renewal, 'liveness')).reason, reason);
  }
  const url = await shown(renewal);
  await misbehave('broken', 'GetDetectInfoEnhanced');
  await misbehave('limit_exceeded', 'GetDetectInfoEnhanced');
  await visitorEnds(url, 0);
  await sandbox('next', { behaviour: 'late' });
  const back = () => client.call(installed.base_url, 'GET', `/identity/return?BizToken=${tokenOf(url)}`); // instead of waiting
  await eventually('passed after all', async () => {
    await back();
    return (await step(renewal, 'liveness')).state === 'passed';
  }, 30);
});

test('a day has its end', async () => {
  const { renewal } = await draft();
  for (let i = 0; i < 5; i++) {
    await misbehave('limit_exceeded', 'DetectAuth');
    refusedWith(await post(renewal, '/liveness'), 502, 'identity_unavailable');
  }
  const refused = await post(renewal, '/liveness');
  refusedWith(refused, 429, 'identity_daily');
  assert.match(refused.json.fix, /明天/);
});

test('eight askings at once make one check', async () => {
  const { renewal } = await draft();
  const answers = await Promise.all(Array.from({ length: 8 }, () => post(renewal, '/liveness')));
  assert.ok(answers.every((it) => it.status === 200 || it.json.code === 'busy'));
  assert.equal(new Set(answers.filter((it) => it.status === 200).map((it) => it.json.url)).size, 1);
  assert.equal(sql(`select count(*) from xuqi.identity_check where renewal_no = '${renewal.renewal_no}' and kind = 'liveness'`), '1');
});

test('tokens, names and numbers are not readable where they are kept', async () => {
  const { renewal } = await draft();
  const { url } = await link(renewal);
  const live = await shown(renewal);
  const rows = sql(`select p.* from xuqi.phone_link as p where renewal_no = '${renewal.renewal_no}'`) +
    sql(`select c.* from xuqi.identity_check as c where renewal_no = '${renewal.renewal_no}'`) +
    sql(`select detail from xuqi.audit_event where object = '${renewal.renewal_no}'`);
  for (const secret of [new URL(url).hash.slice(1), tokenOf(live), '胡经办', '11010519491231002X', '13800138000']) {
    assert.ok(!rows.includes(secret) && !rows.includes(Buffer.from(secret).toString('hex')), secret);
    assert.ok(!web.log().includes(secret), secret);
  }
});
