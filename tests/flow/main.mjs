// SPDX-License-Identifier: Apache-2.0
// The main job through the front door: submitted, paid, reviewed, issued, acknowledged; and every way it is refused.
// Runs against a prepared server: XUQI_DEMO names its demo.json. Subscribers are made as needed.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as client from '../support/client.mjs';
import { demo, newSubscriber, foreignSubscriber, sql, paidRenewal, ctl, withoutTrace } from '../support/world.mjs';
import { conforms } from '../support/openapi.mjs';

const folder = mkdtempSync(join(tmpdir(), 'xuqi-flow-'));
let reviewer, reviewer2, finance;

before(async () => {
  reviewer = (await client.login(demo, 'reviewer')).json.token;
  reviewer2 = (await client.login(demo, 'reviewer-2')).json.token;
  finance = (await client.login(demo, 'finance')).json.token;
  assert.ok(reviewer && reviewer2 && finance, 'the staff can log in');
});

const refusedWith = (answer, status, code) => {
  assert.equal(answer.json?.code, code, JSON.stringify(answer.json));
  assert.equal(answer.status, status);
  assert.match(answer.headers['content-type'], /^application\/problem\+json/);
  assert.ok(answer.json.title && answer.json.title_en && answer.json.fix && answer.json.request_id);
};

// What a refused request must not add to; challenges are made before it, and the server's own clocks write beside it:
// statements asked for each minute, revocation lists, rails that open and close.
const counts = () => sql(`select (select count(*) from xuqi.renewal), (select count(*) from xuqi.posting),
  (select count(*) from (select topic from xuqi.outbox union all select topic from xuqi.outbox_done) o where topic <> 'statement_link'),
  (select count(*) from xuqi.issuance),
  (select count(*) from xuqi.audit_event where split_part(actor, ':', 1) not in ('jobs', 'issuer', 'gateway') and action not like 'certificate.%'),
  (select count(*) from xuqi.payment_notice),
  (select count(*) from xuqi.challenge where used_at is not null)`);

// Refuses, and leaves no row.
async function refusesWithoutTrace(send, status, code) {
  refusedWith(await withoutTrace(counts, send), status, code);
}

// -- the whole way ------------------------------------------------------------------------------------------------

test('a renewal goes all the way and every answer is as the description says', async () => {
  const subscriber = newSubscriber();
  const submitted = await client.submit(demo, subscriber);
  assert.equal(submitted.status, 201, submitted.text);
  conforms('post', '/api/v1/renewals', submitted);
  const renewal = submitted.json;
  assert.match(renewal.renewal_no, /^01\d{8}\d{7,8}$/);
  assert.match(renewal.order_no, /^\d{14}01\d{10}$/);
  assert.equal(renewal.amount_fen, 20000);
  const again = await client.submit(demo, subscriber);
  assert.equal(again.status, 200);
  assert.equal(again.json.renewal_no, renewal.renewal_no);
  assert.equal(again.json.access_token, renewal.access_token);

  const form = await client.pay(demo, renewal);
  conforms('post', '/api/v1/renewals/{no}/payments', form);
  assert.ok(client.alipayFormJudged(demo, form.json).same, 'alipay-sdk signs the same');
  const answer = await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, form.json)));
  assert.equal(answer.text, 'success');
  assert.equal(answer.status, 200);

  const cases = await client.call(demo.base_url, 'GET', '/api/v1/review/cases?size=200', { token: reviewer });
  conforms('get', '/api/v1/review/cases', cases);
  assert.ok(cases.json.cases.some((row) => row.renewal_no === renewal.renewal_no));
  const path = `/api/v1/review/cases/${renewal.renewal_no}`;
  conforms('post', '/api/v1/review/cases/{no}/claim', await client.call(demo.base_url, 'POST', `${path}/claim`, { token: reviewer, body: {} }));
  const seen = await client.call(demo.base_url, 'GET', path, { token: reviewer });
  conforms('get', '/api/v1/review/cases/{no}', seen);
  const approved = await client.call(demo.base_url, 'POST', `${path}/approval`, { token: reviewer, body: { content_sha256: seen.json.content_sha256 } });
  conforms('post', '/api/v1/review/cases/{no}/approval', approved);
  assert.equal(approved.json.status, 'awaiting_install');

  const issued = await client.fetchCertificate(demo, subscriber, renewal);
  conforms('post', '/api/v1/renewals/{no}/certificate', issued);
  assert.equal(issued.status, 200, issued.text);
  const done = await client.acknowledge(demo, renewal);
  conforms('post', '/api/v1/renewals/{no}/certificate/acknowledgement', done);
  const progress = await client.progress(demo, renewal);
  conforms('get', '/api/v1/renewals/{no}', progress);
  assert.equal(progress.json.status, 'completed');
  assert.equal(progress.json.stage_name, '完成');
  assert.equal(sql('select count(*) from xuqi.ledger_check()'), '0');
});

test('the small calls are as the description says', async () => {
  conforms('get', '/healthz', await client.call(demo.base_url, 'GET', '/healthz'));
  conforms('get', '/readyz', await client.call(demo.base_url, 'GET', '/readyz'));
  for (const id of ['gd-drug', 'gpo', 'sz-consumables', 'szca-bidding', 'pingan'])
    conforms('get', '/api/v1/platforms/{platform}', await client.call(demo.base_url, 'GET', `/api/v1/platforms/${id}`));
  conforms('post', '/api/v1/challenges', await client.call(demo.base_url, 'POST', '/api/v1/challenges', { body: {} }));
  conforms('get', '/api/v1/staff/sessions/current', await client.call(demo.base_url, 'GET', '/api/v1/staff/sessions/current', { token: reviewer }));
  const metrics = await client.call(demo.admin_url, 'GET', '/metrics');
  assert.match(metrics.text, /xuqi_requests_total \d+/);
  refusedWith(await client.call(demo.base_url, 'GET', '/metrics'), 404, 'not_found');
});

// -- intake -------------------------------------------------------------------------------------------------------

test('the new notAfter is the old one plus the term, to the second', async () => {
  const subscriber = newSubscriber({ notAfter: '+30 days' });
  const renewal = (await client.submit(demo, subscriber, { months: 24 })).json;
  const old = new Date(execFileSync('openssl', ['x509', '-in', subscriber.certificate, '-noout', '-enddate'], { encoding: 'utf8' }).trim().split('=')[1]);
  const beijing = new Date(old.getTime() + 8 * 3600e3);
  const day = beijing.getUTCDate();
  beijing.setUTCDate(1);
  beijing.setUTCMonth(beijing.getUTCMonth() + 24);
  const last = new Date(Date.UTC(beijing.getUTCFullYear(), beijing.getUTCMonth() + 1, 0)).getUTCDate();
  beijing.setUTCDate(Math.min(day, last));
  assert.equal(new Date(renewal.not_after).getTime(), beijing.getTime() - 8 * 3600e3);
  assert.equal(renewal.amount_fen, 40000);
});

test('the signed bytes are kept as evidence, sealed', async () => {
  const subscriber = newSubscriber();
  const cms = client.signCms(subscriber, await client.application(demo));
  const renewal = (await client.submitSigned(demo, cms)).json;
  const digest = execFileSync('sha256sum', { input: cms, encoding: 'utf8' }).slice(0, 64);
  assert.equal(sql(`select encode(evidence_sha256, 'hex') from xuqi.renewal_content where renewal_no = '${renewal.renewal_no}'`), digest);
  const dump = sql(`select r::text || c::text from xuqi.renewal r join xuqi.renewal_content c using (renewal_no) where renewal_no = '${renewal.renewal_no}'`);
  assert.ok(!dump.includes('13800138000') && !dump.includes('11010519491231002X'), 'no personal data in clear');
  assert.ok(!dump.includes(Buffer.from('13800138000').toString('hex')), 'nor in hex');
});

test('the very same signed bytes sent twice get the same renewal', async () => {
  const cms = client.signCms(newSubscriber(), await client.application(demo));
  const [first, second] = [await client.submitSigned(demo, cms), await client.submitSigned(demo, cms)];
  assert.equal(first.status, 201);
  assert.equal(second.status, 200);
  assert.equal(first.json.renewal_no, second.json.renewal_no);
});

test('30 submissions at once for one certificate make one renewal', async () => {
  const subscriber = newSubscriber();
  const signed = await Promise.all(Array.from({ length: 30 }, async () => client.signCms(subscriber, await client.application(demo))));
  const answers = await Promise.all(signed.map((cms) => client.submitSigned(demo, cms)));
  assert.equal(answers.filter((it) => it.status === 201).length, 1);
  assert.equal(answers.filter((it) => it.status === 200).length, 29);
  assert.equal(new Set(answers.map((it) => it.json.renewal_no)).size, 1);
});

test('intake refuses, says why, and leaves no row', async (t) => {
  const subscriber = newSubscriber();
  const named = (name) => demo.subscribers.find((row) => row.name === name);
  const changed = (change) => async () => client.submit(demo, subscriber, { change });
  const refusals = [
    ['not CMS at all', () => client.submitSigned(demo, Buffer.from('hello')), 400, 'cms_malformed'],
    ['an empty body', () => client.submitSigned(demo, Buffer.alloc(0)), 400, 'cms_malformed'],
    ['JSON without a session', async () => client.call(demo.base_url, 'POST', '/api/v1/renewals', { body: {} }), 401, 'unauthenticated'],
    ['text instead of CMS', async () => client.call(demo.base_url, 'POST', '/api/v1/renewals', { body: 'hello', type: 'text/plain' }), 415, 'unsupported_media_type'],
    ['a window that is not open', () => client.submit(demo, named('not-yet')), 403, 'window_not_open'],
    ['an expired certificate', () => client.submit(demo, named('expired')), 403, 'certificate_expired'],
    ['another CA\'s certificate', () => client.submit(demo, foreignSubscriber()), 403, 'certificate_untrusted'],
    ['a certificate of the future', () => client.submit(demo, newSubscriber({ notBefore: '+1 day', notAfter: '+80 days' })), 403, 'certificate_not_yet_valid'],
    ['content that is not JSON', async () => client.submitSigned(demo, client.signCms(subscriber, '{"platform":')), 400, 'json_malformed'],
    ['an unknown platform', changed((it) => ({ ...it, platform: 'nowhere' })), 404, 'platform_unknown'],
    ['an old client', changed((it) => ({ ...it, client_version: '4.1.9' })), 426, 'client_too_old'],
    ['another agreement', changed((it) => ({ ...it, agreement: { ...it.agreement, sha256: '0'.repeat(64) } })), 409, 'agreement_changed'],
    ['a foreign nonce', changed((it) => ({ ...it, nonce: 'A'.repeat(43) })), 409, 'nonce_unknown'],
    ['a nonce of another shape', changed((it) => ({ ...it, nonce: 'x' })), 409, 'nonce_unknown'],
    ['a term not offered', changed((it) => ({ ...it, term_months: 7 })), 409, 'term_not_offered'],
    ['a wrong check digit', changed((it) => ({ ...it, agent: { ...it.agent, id_number: '110105194912310021' } })), 422, 'fields_invalid'],
    ['a missing mobile', changed((it) => { const { mobile, ...agent } = it.agent; return { ...it, agent }; }), 422, 'fields_invalid'],
    ['an unknown field', changed((it) => ({ ...it, price: 1 })), 422, 'fields_invalid'],
  ];
  for (const [what, send, status, code] of refusals)
    await t.test(what, () => refusesWithoutTrace(send, status, code));
});

test('every wrong field is named with its path', async () => {
  const answer = await client.submit(demo, newSubscriber(), {
    change: (it) => ({ ...it, agent: { ...it.agent, id_number: '110105194912310021', mobile: '12345', email: 'nobody' } }),
  });
  refusedWith(answer, 422, 'fields_invalid');
  conforms('post', '/api/v1/renewals', answer);
  assert.deepEqual(answer.json.fields.map((it) => it.path).sort(), ['agent.email', 'agent.id_number', 'agent.mobile']);
  assert.ok(!answer.text.includes('12345') && !answer.text.includes('110105'), 'what was typed is not echoed');
});

test('a signature that does not fit the content is refused', async () => {
  const cms = client.signCms(newSubscriber(), await client.application(demo));
  const at = cms.indexOf('sz-consumables');
  cms.write('sz-consumablez', at);
  await refusesWithoutTrace(() => client.submitSigned(demo, cms), 401, 'cms_signature_invalid');
});

test('a nonce works once', async () => {
  const [one, other] = [newSubscriber(), newSubscriber()];
  const application = await client.application(demo);
  assert.equal((await client.submitSigned(demo, client.signCms(one, application))).status, 201);
  await refusesWithoutTrace(() => client.submitSigned(demo, client.signCms(other, application)), 409, 'nonce_used');
});

test('a nonce of five minutes ago has expired', async () => {
  const application = await client.application(demo);
  sql(`update xuqi.challenge set created_at = created_at - interval '6 minutes', expires_at = expires_at - interval '6 minutes'
       where nonce_digest = sha256('${application.nonce}')`);
  await refusesWithoutTrace(async () => client.submitSigned(demo, client.signCms(newSubscriber(), application)), 409, 'nonce_expired');
});

test('a revoked certificate is refused', async () => {
  const subscriber = newSubscriber();
  ctl('certificate', 'revoke', subscriber.serial, '--reason', 'keyCompromise');
  await refusesWithoutTrace(() => client.submit(demo, subscriber), 403, 'certificate_revoked');
});

test('a platform that wants another proof refuses with the reason', async () => {
  const subscriber = newSubscriber();
  const szca = await client.platformOf(demo, 'szca-bidding');
  const to = (rules) => ({ change: (it) => ({ ...it, platform: rules.platform, agreement: { id: rules.agreement.id, version: rules.agreement.version, sha256: rules.agreement.sha256 } }) });
  refusedWith(await client.submit(demo, subscriber, to(szca)), 422, 'platform_proof_unsupported');
});

// -- access -------------------------------------------------------------------------------------------------------

test('a number without its token grants nothing', async () => {
  const [mine, other] = [(await client.submit(demo, newSubscriber())).json, (await client.submit(demo, newSubscriber())).json];
  const path = `/api/v1/renewals/${mine.renewal_no}`;
  refusedWith(await client.call(demo.base_url, 'GET', path), 401, 'access_token_invalid');
  refusedWith(await client.call(demo.base_url, 'GET', path, { token: other.access_token }), 401, 'access_token_invalid');
  refusedWith(await client.call(demo.base_url, 'GET', path, { token: 'x' }), 401, 'access_token_invalid');
  refusedWith(await client.call(demo.base_url, 'POST', `${path}/payments`, { token: other.access_token, body: { method: 'alipay' } }), 401, 'access_token_invalid');
});

// -- payment ------------------------------------------------------------------------------------------------------

test('50 copies of a notice at once: one booking, 50 times success', async () => {
  const renewal = (await client.submit(demo, newSubscriber())).json;
  const form = (await client.pay(demo, renewal)).json;
  const signed = client.alipaySigned(demo, client.alipayNotice(demo, form));
  const answers = await Promise.all(Array.from({ length: 50 }, () => client.notify(demo, signed)));
  for (const answer of answers) assert.deepEqual([answer.status, answer.text], [200, 'success']);
  assert.equal(sql(`select count(*) from xuqi.posting where event_type = 'gateway' and event_key = 'alipay:${client.alipayNotice(demo, form).trade_no}'`), '1');
  assert.equal(sql('select count(*) from xuqi.ledger_check()'), '0');
});

test('asking for the form again answers the same attempt', async () => {
  const renewal = (await client.submit(demo, newSubscriber())).json;
  const [first, second] = [(await client.pay(demo, renewal)).json, (await client.pay(demo, renewal)).json];
  assert.equal(first.attempt_no, second.attempt_no);
});

test('notices that do not agree are refused, recorded, and book nothing', async (t) => {
  const renewal = (await client.submit(demo, newSubscriber())).json;
  const form = (await client.pay(demo, renewal)).json;
  const good = client.alipayNotice(demo, form);
  const state = () => sql(`select (select count(*) from xuqi.posting), (select status from xuqi.renewal where renewal_no = '${renewal.renewal_no}')`);
  const kept = () => Number(sql('select count(*) from xuqi.payment_notice'));
  const other = { ...demo, alipay: { ...demo.alipay, gateway_private_key: demo.alipay.app_private_key, gateway_public_key: demo.alipay.app_public_key } };
  const cases = [
    ['one fen too little', client.alipaySigned(demo, { ...good, total_amount: '199.99', trade_no: `${good.trade_no}1` }), 'notice_mismatch'],
    ['one fen too much', client.alipaySigned(demo, { ...good, total_amount: '200.01', trade_no: `${good.trade_no}2` }), 'notice_mismatch'],
    ['another seller', client.alipaySigned(demo, { ...good, seller_id: '2088000000000002' }), 'notice_mismatch'],
    ['another application', client.alipaySigned(demo, { ...good, app_id: '2021000000000002' }), 'notice_mismatch'],
    ['an unknown order', client.alipaySigned(demo, { ...good, out_trade_no: '2026112113040501000000000199' }), 'notice_mismatch'],
    ['a signature of another key', client.alipaySigned(other, good), 'notice_signature'],
    ['an altered amount', client.alipaySigned(demo, good).replace('total_amount=200.00', 'total_amount=000.01'), 'notice_signature'],
    ['a signature downgraded to SHA-1', client.alipaySigned(demo, good).replace('sign_type=RSA2', 'sign_type=RSA'), 'notice_signature'],
  ];
  for (const [what, body, code] of cases) {
    await t.test(what, async () => {
      const [earlier, rows] = [state(), kept()];
      const answer = await client.notify(demo, body);
      assert.notEqual(answer.text, 'success');
      assert.equal(answer.json?.code, code, answer.text);
      assert.equal(state(), earlier);
      assert.equal(kept(), rows + 1);
    });
  }
  await t.test('and the right one is booked afterwards', async () => {
    assert.equal((await client.notify(demo, client.alipaySigned(demo, good))).text, 'success');
    assert.equal((await client.progress(demo, renewal)).json.status, 'awaiting_review');
  });
});

test('a notice that the payer has not paid yet is acknowledged and books nothing', async () => {
  const renewal = (await client.submit(demo, newSubscriber())).json;
  const form = (await client.pay(demo, renewal)).json;
  const waiting = client.alipaySigned(demo, client.alipayNotice(demo, form, { trade_status: 'WAIT_BUYER_PAY' }));
  assert.equal((await client.notify(demo, waiting)).text, 'success');
  assert.equal((await client.progress(demo, renewal)).json.status, 'awaiting_payment');
});

test('a second payment of the same order is booked as surplus, visibly', async () => {
  const { renewal, form } = await paidRenewal();
  const second = client.alipayNotice(demo, form, { trade_no: `20261121${String(Date.now()).padStart(20, '9')}` });
  assert.equal((await client.notify(demo, client.alipaySigned(demo, second))).text, 'success');
  assert.equal(sql(`select count(*) || ' ' || min(amount_fen) from xuqi.surplus where renewal_no = '${renewal.renewal_no}'`), '1 20000');
  assert.equal(sql('select count(*) from xuqi.ledger_check()'), '0');
});

test('hostile notice bodies are refused', async () => {
  for (const body of ['', '&&&', '%zz=1', 'a=%00', `sign=${'A'.repeat(20000)}`, 'sign=x&sign=y', '\xff\xfe'])
    assert.ok([400, 409].includes((await client.notify(demo, body)).status), body.slice(0, 20));
});

test('a method that the platform or the server does not offer is refused', async () => {
  const renewal = (await client.submit(demo, newSubscriber())).json;
  refusedWith(await client.pay(demo, renewal, 'bitcoin'), 422, 'method_unavailable');
  refusedWith(await client.pay(demo, renewal, 'wechat'), 422, 'method_unavailable');
});

test('a paid order is not paid again', async () => {
  const { renewal } = await paidRenewal();
  refusedWith(await client.pay(demo, renewal), 409, 'already_paid');
});

// -- review -------------------------------------------------------------------------------------------------------

test('logging in is refused the same way for every wrong thing', async () => {
  const person = demo.staff.find((row) => row.name === 'finance');
  const tryIn = (body) => client.call(demo.base_url, 'POST', '/api/v1/staff/sessions', { body });
  refusedWith(await tryIn({ name: 'nobody', password: person.password, totp: '000000' }), 401, 'login_refused');
  refusedWith(await tryIn({ name: 'finance', password: 'wrong password here', totp: '000000' }), 401, 'login_refused');
  refusedWith(await tryIn({ name: 'finance', password: person.password, totp: '000000' }), 401, 'login_refused');
  refusedWith(await tryIn({ name: 'finance' }), 422, 'fields_invalid');
  sql('delete from xuqi.login_failure');
});

test('a one-time code works once', async () => {
  const person = demo.staff.find((row) => row.name === 'finance');
  const used = await client.login(demo, 'finance');
  assert.equal(used.status, 201);
  const codes = [-1, 0, 1].map((step) => client.totp(person.totp_secret, Date.now() + step * 30000));
  let accepted = 0;
  for (const totp of codes) {
    const first = await client.call(demo.base_url, 'POST', '/api/v1/staff/sessions', { body: { name: 'finance', password: person.password, totp } });
    const second = await client.call(demo.base_url, 'POST', '/api/v1/staff/sessions', { body: { name: 'finance', password: person.password, totp } });
    if (first.status === 201) accepted++;
    assert.notEqual(second.status, 201);
    sql('delete from xuqi.login_failure');
  }
  client.rememberUsedStep(person, Math.floor(Date.now() / 30000) + 1);
  assert.ok(accepted <= 2);
});

test('too many failures lock the account, known or not', async () => {
  const tryIn = (name) => client.call(demo.base_url, 'POST', '/api/v1/staff/sessions', { body: { name, password: 'wrong password here', totp: '000000' } });
  for (let i = 0; i < 5; i++) await tryIn('somebody');
  refusedWith(await tryIn('somebody'), 429, 'login_locked');
  sql('delete from xuqi.login_failure');
});

test('the desk is closed without a session, and for those without the role', async () => {
  const { renewal } = await paidRenewal();
  const path = `/api/v1/review/cases/${renewal.renewal_no}`;
  for (const [method, where, body] of [['GET', '/api/v1/review/cases'], ['GET', path], ['POST', `${path}/claim`, {}], ['DELETE', `${path}/claim`],
    ['POST', `${path}/approval`, { content_sha256: '0'.repeat(64) }], ['POST', `${path}/rejection`, { reason_code: 'other', reason_text: 'x' }]]) {
    refusedWith(await client.call(demo.base_url, method, where, { body }), 401, 'unauthenticated');
    refusedWith(await client.call(demo.base_url, method, where, { body, token: 'A'.repeat(43) }), 401, 'session_unknown');
    refusedWith(await client.call(demo.base_url, method, where, { body, token: finance }), 403, 'forbidden');
  }
});

test('a cookie alone does not write', async () => {
  const { renewal } = await paidRenewal();
  const path = `/api/v1/review/cases/${renewal.renewal_no}`;
  const cookie = { cookie: `other=1; xuqi_staff=${reviewer}` };
  assert.equal((await client.call(demo.base_url, 'GET', path, { headers: cookie })).status, 200);
  refusedWith(await client.call(demo.base_url, 'POST', `${path}/claim`, { headers: cookie, body: {} }), 403, 'csrf_missing');
  const { csrf_token: mark } = (await client.call(demo.base_url, 'GET', '/api/v1/staff/sessions/current', { headers: cookie })).json;
  assert.equal((await client.call(demo.base_url, 'POST', `${path}/claim`, { headers: { ...cookie, 'x-xuqi-request': mark }, body: {} })).status, 200);
});

test('two reviewers do not get in each other\'s way', async () => {
  const { renewal } = await paidRenewal();
  const path = `/api/v1/review/cases/${renewal.renewal_no}`;
  const post = (where, token, body = {}) => client.call(demo.base_url, 'POST', `${path}/${where}`, { token, body });
  const seen = (await client.call(demo.base_url, 'GET', path, { token: reviewer })).json;
  refusedWith(await post('approval', reviewer, { content_sha256: seen.content_sha256 }), 409, 'case_not_claimed');
  assert.equal((await post('claim', reviewer)).status, 200);
  refusedWith(await post('claim', reviewer2), 409, 'case_claimed');
  refusedWith(await post('approval', reviewer2, { content_sha256: seen.content_sha256 }), 409, 'case_claimed');
  refusedWith(await post('approval', reviewer, { content_sha256: '0'.repeat(64) }), 409, 'case_changed');
  conforms('delete', '/api/v1/review/cases/{no}/claim', await client.call(demo.base_url, 'DELETE', `${path}/claim`, { token: reviewer }));
  assert.equal((await post('claim', reviewer2)).status, 200);
});

test('a rejection says why, the applicant reads it, and the money becomes the payer\'s credit', async () => {
  const { renewal, subscriber } = await paidRenewal();
  const path = `/api/v1/review/cases/${renewal.renewal_no}`;
  const post = (where, body) => client.call(demo.base_url, 'POST', `${path}/${where}`, { token: reviewer, body });
  await post('claim', {});
  refusedWith(await post('rejection', { reason_code: 'mood', reason_text: ' ' }), 422, 'fields_invalid');
  const rejected = await post('rejection', { reason_code: 'identity_mismatch', reason_text: '经办人身份证件与单位登记不符' });
  conforms('post', '/api/v1/review/cases/{no}/rejection', rejected);
  assert.equal(rejected.json.status, 'rejected');
  const seen = (await client.progress(demo, renewal)).json;
  assert.deepEqual(seen.rejection, { code: 'identity_mismatch', text: '经办人身份证件与单位登记不符' });
  assert.equal(sql(`select amount_fen from xuqi.refund_due where renewal_no = '${renewal.renewal_no}'`), '20000');
  assert.equal(sql('select count(*) from xuqi.ledger_check()'), '0');
  const refused = await client.fetchCertificate(demo, subscriber, renewal);
  assert.equal(refused.status, 409);
});

test('logging out ends the session at once', async () => {
  const token = (await client.login(demo, 'reviewer-2')).json.token;
  conforms('delete', '/api/v1/staff/sessions/current', await client.call(demo.base_url, 'DELETE', '/api/v1/staff/sessions/current', { token }));
  refusedWith(await client.call(demo.base_url, 'GET', '/api/v1/staff/sessions/current', { token }), 401, 'session_ended');
});

// -- issuance -----------------------------------------------------------------------------------------------------

test('no certificate before payment, before approval, or for somebody else', async () => {
  const subscriber = newSubscriber();
  const renewal = (await client.submit(demo, subscriber)).json;
  refusedWith(await client.fetchCertificate(demo, subscriber, renewal), 409, 'not_paid');
  const form = (await client.pay(demo, renewal)).json;
  await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, form)));
  refusedWith(await client.fetchCertificate(demo, subscriber, renewal), 409, 'not_approved');
  await client.approve(demo, reviewer, renewal);
  refusedWith(await client.fetchCertificate(demo, newSubscriber(), renewal), 403, 'signer_mismatch');
  assert.equal(sql(`select count(*) from xuqi.issuance where renewal_no = '${renewal.renewal_no}'`), '0');
  assert.equal((await client.fetchCertificate(demo, subscriber, renewal)).status, 200);
});

test('the certificate is what was promised', async () => {
  const { renewal, subscriber } = await paidRenewal();
  await client.approve(demo, reviewer, renewal);
  const issued = (await client.fetchCertificate(demo, subscriber, renewal)).json;
  const pem = join(folder, 'issued.pem');
  const chain = join(folder, 'chain.pem');
  writeFileSync(pem, issued.signing_certificate);
  writeFileSync(chain, issued.chain.join('\n'));
  assert.match(execFileSync('openssl', ['verify', '-x509_strict', '-CAfile', demo.ca.root, '-untrusted', chain, pem], { encoding: 'utf8' }), /OK\s*$/);
  const show = (file, ...what) => execFileSync('openssl', ['x509', '-in', file, '-noout', ...what], { encoding: 'utf8' });
  assert.equal(show(pem, '-subject'), show(subscriber.certificate, '-subject'));
  assert.equal(new Date(show(pem, '-enddate').trim().split('=')[1]).getTime(), new Date(renewal.not_after).getTime());
  const text = show(pem, '-text');
  assert.match(text, /X509v3 Key Usage: critical\s+Digital Signature, Non Repudiation/);
  assert.match(text, /X509v3 Basic Constraints: critical\s+CA:FALSE/);
  assert.match(text, new RegExp(`URI:${demo.base_url}/[^\\s]*\\.crl`));
  assert.match(text, new RegExp(`CA Issuers - URI:${demo.base_url}/`));
  const key = execFileSync('openssl', ['req', '-in', subscriber.csr, '-noout', '-pubkey'], { encoding: 'utf8' });
  assert.equal(show(pem, '-pubkey'), key);
  assert.match(show(pem, '-serial'), /^serial=[4-7][0-9A-F]{31}\s*$/);
});

test('the same CSR again answers the same certificate, another is refused', async () => {
  const { renewal, subscriber } = await paidRenewal();
  await client.approve(demo, reviewer, renewal);
  const answers = await Promise.all(Array.from({ length: 8 }, () => client.fetchCertificate(demo, subscriber, renewal)));
  const certificates = new Set(answers.filter((it) => it.status === 200).map((it) => it.json.signing_certificate));
  assert.equal(certificates.size, 1, 'at once: never two certificates');
  for (const answer of answers) assert.ok(answer.status === 200 || answer.json.code === 'busy', answer.text);
  const again = await client.fetchCertificate(demo, subscriber, renewal);
  assert.ok(certificates.has(again.json.signing_certificate));
  const csr = join(folder, 'other.csr');
  execFileSync('openssl', ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', join(folder, 'other.key'), '-subj', '/CN=other', '-out', csr], { stdio: 'ignore' });
  refusedWith(await client.fetchCertificate(demo, subscriber, renewal, csr), 409, 'already_issued');
});

test('of several certificates asked for at once each has its own answer', async () => {
  const several = [];
  for (let i = 0; i < 6; i++) {
    several.push(await paidRenewal());
    if (i !== 3) await client.approve(demo, reviewer, several[i].renewal);
  }
  const answers = await Promise.all(several.map(({ renewal, subscriber }) => client.fetchCertificate(demo, subscriber, renewal)));
  refusedWith(answers[3], 409, 'not_approved');
  const issued = answers.filter((it, i) => i !== 3);
  for (const answer of issued) assert.equal(answer.status, 200, answer.text);
  for (const [i, { renewal }] of several.entries()) if (i !== 3) assert.equal(answers[i].json.renewal_no, renewal.renewal_no);
  assert.equal(new Set(issued.map((it) => it.json.signing_certificate)).size, 5);
});

test('requests for a certificate are refused when they are not right', async (t) => {
  const { renewal, subscriber } = await paidRenewal();
  await client.approve(demo, reviewer, renewal);
  const path = `/api/v1/renewals/${renewal.renewal_no}/certificate`;
  const send = (body) => client.call(demo.base_url, 'POST', path, { body, type: 'application/pkcs7-mime' });
  const content = async (change = {}) => ({ nonce: await client.challenge(demo), signing_csr: readFileSync(subscriber.csr, 'utf8'), ...change });
  const weak = join(folder, 'weak.csr');
  execFileSync('openssl', ['req', '-new', '-newkey', 'rsa:1024', '-nodes', '-keyout', join(folder, 'weak.key'), '-subj', '/CN=weak', '-out', weak], { stdio: 'ignore' });
  const broken = readFileSync(subscriber.csr, 'utf8').split('\n');
  broken[broken.length - 4] = broken[broken.length - 4].replace(/[A-M]/g, 'Z');
  const cases = [
    ['not CMS', async () => send(Buffer.from('nothing')), 'cms_malformed'],
    ['no CSR', async () => send(client.signCms(subscriber, await content({ signing_csr: 'nothing' }))), 'csr_malformed'],
    ['a weak key', async () => send(client.signCms(subscriber, await content({ signing_csr: readFileSync(weak, 'utf8') }))), 'csr_key_refused'],
    ['a foreign nonce', async () => send(client.signCms(subscriber, await content({ nonce: 'B'.repeat(43) }))), 'nonce_unknown'],
    ['a missing field', async () => send(client.signCms(subscriber, {})), 'fields_invalid'],
    ['an unknown renewal', async () => client.call(demo.base_url, 'POST', '/api/v1/renewals/01202611219999999/certificate', { body: client.signCms(subscriber, await content()), type: 'application/pkcs7-mime' }), 'renewal_unknown'],
    ['a number that is none', async () => client.call(demo.base_url, 'POST', '/api/v1/renewals/abc/certificate', { body: client.signCms(subscriber, await content()), type: 'application/pkcs7-mime' }), 'renewal_unknown'],
    ['another CA', async () => send(client.signCms(foreignSubscriber(), await content())), 'certificate_untrusted'],
  ];
  for (const [what, request, code] of cases)
    await t.test(what, async () => assert.equal((await request()).json?.code, code));
  const answer = await send(client.signCms(subscriber, await content({ signing_csr: broken.join('\n') })));
  assert.ok(['csr_malformed', 'csr_signature_invalid', 'csr_key_refused'].includes(answer.json.code), answer.text);
  assert.equal(sql(`select count(*) from xuqi.issuance where renewal_no = '${renewal.renewal_no}'`), '0');
});

test('issuance stops when it is halted, and goes on when released', async () => {
  const { renewal, subscriber } = await paidRenewal();
  await client.approve(demo, reviewer, renewal);
  ctl('issuance', 'halt', '--reason', 'drill');
  try {
    refusedWith(await client.fetchCertificate(demo, subscriber, renewal), 503, 'issuance_halted');
  } finally {
    ctl('issuance', 'release');
  }
  assert.equal((await client.fetchCertificate(demo, subscriber, renewal)).status, 200);
});

test('installation is acknowledged any number of times, but not before', async () => {
  const { renewal, subscriber } = await paidRenewal();
  refusedWith(await client.acknowledge(demo, renewal), 404, 'certificate_unknown');
  await client.approve(demo, reviewer, renewal);
  await client.fetchCertificate(demo, subscriber, renewal);
  for (let i = 0; i < 3; i++) assert.equal((await client.acknowledge(demo, renewal)).json.status, 'completed');
});

test('empty bodies are empty objects, and nothing else', async () => {
  for (const [body, status, code] of [['{"a":1}', 422, 'fields_invalid'], ['[]', 422, 'fields_invalid'], ['{', 400, 'json_malformed'], ['null', 400, 'json_malformed']]) {
    const answer = await client.call(demo.base_url, 'POST', '/api/v1/challenges', { body });
    refusedWith(answer, status, code);
    conforms('post', '/api/v1/challenges', answer);
  }
});

// -- the front ----------------------------------------------------------------------------------------------------

test('wrong paths, methods, types and sizes have their own answers', async () => {
  const at = (method, path, options) => client.call(demo.base_url, method, path, options);
  refusedWith(await at('GET', '/nowhere'), 404, 'not_found');
  const wrong = await at('PUT', '/api/v1/challenges', { body: {} });
  refusedWith(wrong, 405, 'method_not_allowed');
  assert.match(wrong.headers.allow, /POST/);
  refusedWith(await at('POST', '/api/v1/challenges', { body: 'x', type: 'text/plain' }), 415, 'unsupported_media_type');
  refusedWith(await at('POST', '/api/v1/challenges', { body: `{"a":"${'x'.repeat(5000)}"}` }), 413, 'body_too_large');
  refusedWith(await at('POST', '/api/v1/staff/sessions', { body: '{"name":1' }), 400, 'json_malformed');
  refusedWith(await at('POST', '/api/v1/staff/sessions', { body: '[]' }), 422, 'fields_invalid');
  refusedWith(await at('GET', '/api/v1/review/cases?tab=all', { token: reviewer }), 422, 'fields_invalid');
  refusedWith(await at('GET', '/api/v1/review/cases?size=9999', { token: reviewer }), 422, 'fields_invalid');
});

test('messages to the applicant are spooled once each', async () => {
  const { renewal } = await paidRenewal();
  for (let i = 0; i < 100 && Number(sql(`select count(*) from xuqi.outbox where renewal_no = '${renewal.renewal_no}'`)) > 0; i++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(sql(`select count(*) from xuqi.outbox where renewal_no = '${renewal.renewal_no}'`), '0');
});
