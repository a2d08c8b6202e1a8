// SPDX-License-Identifier: Apache-2.0
// What an applicant asks and takes back, through the front door: may I apply, where are my renewals, cancel. Runs against a
// prepared server, as main.mjs does.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as client from '../support/client.mjs';
import { demo, newSubscriber, foreignSubscriber, sql, paidRenewal, ctl, withoutTrace } from '../support/world.mjs';
import { conforms } from '../support/openapi.mjs';

const LIFE_S = 30; // of a certificate that is to end

let reviewer;
const dying = {}; // two renewals submitted in time, whose certificates end while the other tests run
before(async () => {
  reviewer = (await client.login(demo, 'reviewer')).json.token;
  assert.ok(reviewer, 'the reviewer can log in');
  dying.unpaid = await dyingRenewal();
  dying.approved = await dyingRenewal();
  await pay(dying.approved.renewal);
  assert.equal((await client.approve(demo, reviewer, dying.approved.renewal)).json.status, 'awaiting_install');
});
async function dyingRenewal() {
  const dead = new Promise((resolve) => setTimeout(resolve, (LIFE_S + 1) * 1000));
  const subscriber = newSubscriber({ notAfter: `+${LIFE_S} seconds` });
  const submitted = await client.submit(demo, subscriber);
  assert.equal(submitted.status, 201, submitted.text);
  return { subscriber, renewal: submitted.json, dead };
}
async function pay(renewal) {
  const form = (await client.pay(demo, renewal)).json;
  await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, form)));
}

const refusedWith = (answer, status, code) => {
  assert.equal(answer.json?.code, code, JSON.stringify(answer.json));
  assert.equal(answer.status, status);
  assert.match(answer.headers['content-type'], /^application\/problem\+json/);
};

// Nothing that counts is added; what is sent behind other requests, and what jobs post meanwhile, is not counted.
const counts = () => sql(`select (select count(*) from xuqi.renewal), (select count(*) from xuqi.posting where actor = 'applicant'),
  (select count(*) from xuqi.audit_event where action like 'renewal.%' and actor = 'applicant'), (select count(*) from xuqi.challenge where used_at is not null)`);
const leavesNoTrace = (send) => withoutTrace(counts, send);

const named = (name) => demo.subscribers.find((row) => row.name === name);
const pem = (subscriber) => readFileSync(subscriber.certificate, 'utf8');
const asked = async (subscriber, options) => {
  const answer = await leavesNoTrace(() => client.eligibility(demo, subscriber, options));
  assert.equal(answer.status, 200, answer.text);
  conforms('post', '/api/v1/platforms/{platform}/eligibility', answer);
  return answer.json;
};
const lookedUp = async (subscriber) => {
  const answer = await client.lookup(demo, subscriber);
  assert.equal(answer.status, 200, answer.text);
  conforms('post', '/api/v1/renewals/lookup', answer);
  return answer.json.renewals;
};

// -- eligibility --------------------------------------------------------------------------------------------------

test('a certificate inside the window may apply', async () => {
  const subscriber = newSubscriber();
  const it = await asked(subscriber, { client_version: '4.2.0' });
  assert.deepEqual([it.may_apply, it.may_query, it.may_install, it.code, it.reason, it.open_renewal], [true, false, false, null, null, false]);
  assert.equal(it.certificate.serial, subscriber.serial);
  assert.equal(it.window_closes_at, it.certificate.not_after);
  assert.equal(new Date(it.window_closes_at) - new Date(it.window_opens_at), 90 * 86400e3);
});

test('base64 of the DER says the same as PEM', async () => {
  const subscriber = newSubscriber();
  const der = pem(subscriber).replace(/-----[^-]+-----|\s/g, '');
  assert.deepEqual(await asked(subscriber, { certificate: der }), await asked(subscriber));
});

test('an unbounded window has no bound', async () => {
  const it = await asked(newSubscriber(), { platform: 'gd-drug' });
  assert.deepEqual([it.may_apply, it.window_opens_at, it.window_closes_at], [true, null, null]);
});

test('every refusal is the submission\'s own, word for word', async (t) => {
  const fresh = newSubscriber();
  const revoked = newSubscriber();
  ctl('certificate', 'revoke', revoked.serial, '--reason', 'keyCompromise');
  const { subscriber: renewed, renewal } = await paidRenewal();
  await client.approve(demo, reviewer, renewal);
  assert.equal((await client.fetchCertificate(demo, renewed, renewal)).status, 200);
  assert.equal((await client.acknowledge(demo, renewal)).status, 200);
  const cases = [
    ['too early', named('not-yet'), {}, 'window_not_open'],
    ['expired', named('expired'), {}, 'certificate_expired'],
    ['of the future', newSubscriber({ notBefore: '+1 day', notAfter: '+80 days' }), {}, 'certificate_not_yet_valid'],
    ['of another CA', foreignSubscriber(), {}, 'certificate_untrusted'],
    ['revoked', revoked, {}, 'certificate_revoked'],
    ['renewed', renewed, {}, 'certificate_renewed'],
    ['with an old client', fresh, { client_version: '4.1.9' }, 'client_too_old'],
    ['where a key is no proof', fresh, { platform: 'szca-bidding' }, 'platform_proof_unsupported'],
    ['too early elsewhere', named('not-yet'), { platform: 'gpo' }, 'window_not_open'],
  ];
  for (const [what, subscriber, options, code] of cases)
    await t.test(what, async () => {
      const it = await asked(subscriber, options);
      const platform = options.platform ?? 'sz-consumables';
      const refused = await client.submit(demo, subscriber, { platform, change: (form) => ({ ...form, client_version: options.client_version ?? '9.0' }) });
      refusedWith(refused, refused.status, code);
      assert.deepEqual([it.may_apply, it.code], [false, code]);
      assert.equal(it.reason, refused.json.detail ?? refused.json.title);
      assert.equal(it.reason_en, refused.json.detail_en ?? refused.json.title_en);
      const { window } = await client.platformOf(demo, platform);
      assert.deepEqual([it.elsewhere, it.elsewhere_en], [window.elsewhere, window.elsewhere_en]);
    });
});

test('an unreadable certificate, platform or question is refused', async () => {
  const subscriber = newSubscriber();
  const ask = (options) => leavesNoTrace(() => client.eligibility(demo, subscriber, options));
  refusedWith(await ask({ certificate: 'hello' }), 400, 'certificate_malformed');
  refusedWith(await ask({ certificate: '' }), 400, 'certificate_malformed');
  refusedWith(await ask({ certificate: readFileSync(subscriber.csr, 'utf8') }), 400, 'certificate_malformed');
  refusedWith(await ask({ certificate: `${pem(subscriber)}${pem(subscriber)}` }), 400, 'certificate_malformed');
  refusedWith(await ask({ certificate: 'A'.repeat(32769) }), 422, 'fields_invalid');
  refusedWith(await ask({ platform: 'nowhere' }), 404, 'platform_unknown');
  refusedWith(await ask({ price: 1 }), 422, 'fields_invalid');
});

// -- lookup -------------------------------------------------------------------------------------------------------

test('only the certificate\'s own renewals are found, the newest first', async () => {
  const [one, other] = [newSubscriber(), newSubscriber()];
  const first = (await client.submit(demo, one)).json;
  await client.submit(demo, other);
  await client.cancel(demo, first);
  const second = (await client.submit(demo, one)).json;
  assert.deepEqual((await lookedUp(one)).map((it) => [it.renewal_no, it.status]),
    [[second.renewal_no, 'awaiting_payment'], [first.renewal_no, 'cancelled']]);
  assert.deepEqual(await lookedUp(newSubscriber()), []);
});

test('the very same signed bytes are answered until the nonce expires, others not at all', async () => {
  const subscriber = newSubscriber();
  const renewal = (await client.submit(demo, subscriber)).json;
  const nonce = await client.challenge(demo);
  const cms = client.signCms(subscriber, { nonce });
  const answers = await Promise.all(Array.from({ length: 10 }, () => client.lookupSigned(demo, cms)));
  for (const answer of answers) assert.equal(answer.json.renewals[0].renewal_no, renewal.renewal_no);
  refusedWith(await client.lookupSigned(demo, client.signCms(newSubscriber(), { nonce })), 409, 'nonce_used');
  sql(`update xuqi.challenge set created_at = created_at - interval '6 minutes', expires_at = expires_at - interval '6 minutes'
       where nonce_digest = sha256('${nonce}')`);
  refusedWith(await client.lookupSigned(demo, cms), 409, 'nonce_expired');
});

test('a lookup refuses, and leaves no row', async (t) => {
  const subscriber = newSubscriber();
  const revoked = newSubscriber();
  await client.submit(demo, revoked);
  ctl('certificate', 'revoke', revoked.serial, '--reason', 'keyCompromise');
  const signed = (who, content) => client.lookupSigned(demo, client.signCms(who, content));
  const nonce = async () => client.challenge(demo);
  const changed = client.signCms(subscriber, { nonce: await nonce() });
  const at = changed.indexOf('"nonce"');
  changed.write('"nonse"', at);
  const refusals = [
    ['not CMS at all', () => client.lookupSigned(demo, Buffer.from('hello')), 400, 'cms_malformed'],
    ['a changed content', () => client.lookupSigned(demo, changed), 401, 'cms_signature_invalid'],
    ['another CA\'s certificate', async () => signed(foreignSubscriber(), { nonce: await nonce() }), 403, 'certificate_untrusted'],
    ['a revoked certificate', async () => signed(revoked, { nonce: await nonce() }), 403, 'certificate_revoked'],
    ['a foreign nonce', () => signed(subscriber, { nonce: 'A'.repeat(43) }), 409, 'nonce_unknown'],
    ['a nonce of another shape', () => signed(subscriber, { nonce: 'x' }), 409, 'nonce_unknown'],
    ['no nonce', () => signed(subscriber, {}), 422, 'fields_invalid'],
    ['content for another call', async () => signed(subscriber, { nonce: await nonce(), signing_csr: readFileSync(subscriber.csr, 'utf8') }), 422, 'fields_invalid'],
    ['content that is not JSON', () => signed(subscriber, 'nonce'), 400, 'json_malformed'],
  ];
  for (const [what, send, status, code] of refusals)
    await t.test(what, async () => {
      const answer = await leavesNoTrace(send);
      refusedWith(answer, status, code);
      conforms('post', '/api/v1/renewals/lookup', answer);
    });
});

// -- cancellation -------------------------------------------------------------------------------------------------

test('before payment a renewal is cancelled at once, as often as one asks', async () => {
  const subscriber = newSubscriber();
  const renewal = (await client.submit(demo, subscriber)).json;
  const form = (await client.pay(demo, renewal)).json;
  const answers = await Promise.all(Array.from({ length: 5 }, () => client.cancel(demo, renewal)));
  for (const answer of [...answers, await client.cancel(demo, renewal)]) {
    conforms('post', '/api/v1/renewals/{no}/cancellation', answer);
    assert.deepEqual(answer.json, { renewal_no: renewal.renewal_no, status: 'cancelled' });
  }
  refusedWith(await client.pay(demo, renewal), 409, 'renewal_state');
  const progress = await client.progress(demo, renewal);
  conforms('get', '/api/v1/renewals/{no}', progress);
  assert.deepEqual([progress.json.status, progress.json.stage], ['cancelled', -1]);
  assert.equal((await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, form)))).text, 'success');
  assert.equal(sql(`select s.reason || ' ' || f.cause from xuqi.surplus s join xuqi.refund f on f.payment_id = s.posting_id where s.renewal_no = '${renewal.renewal_no}'`), 'not_payable surplus');
  assert.equal((await client.progress(demo, renewal)).json.status, 'cancelled');
  assert.equal((await client.submit(demo, subscriber)).status, 201, 'one may apply again');
  assert.equal(sql('select count(*) from xuqi.ledger_check()'), '0');
});

test('the applicant is told of the cancellation once', async () => {
  const renewal = (await client.submit(demo, newSubscriber())).json;
  await client.cancel(demo, renewal);
  const spooled = () => sql(`select count(*) from xuqi.outbox_done where renewal_no = '${renewal.renewal_no}' and event = 'cancelled' and result = 'spooled'`);
  for (let i = 0; i < 100 && spooled() !== '1'; i++) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(spooled(), '1');
});

test('after payment a refund is asked for, once, and the renewal goes on until finance decides', async () => {
  const { renewal } = await paidRenewal();
  const answers = await Promise.all(Array.from({ length: 5 }, () => client.cancel(demo, renewal)));
  for (const answer of answers) {
    assert.equal(answer.status, 202);
    conforms('post', '/api/v1/renewals/{no}/cancellation', answer);
    assert.deepEqual(answer.json, { renewal_no: renewal.renewal_no, status: 'awaiting_review', refund: { refund_no: `${renewal.order_no}R001`, state: 'asked', amount_fen: 20000 } });
  }
  assert.equal((await client.progress(demo, renewal)).json.status, 'awaiting_review');
  assert.equal(sql(`select count(*) from xuqi.refund where renewal_no = '${renewal.renewal_no}'`), '1');
});

test('a cancellation needs the renewal\'s own token and an empty body', async () => {
  const [mine, other] = [(await client.submit(demo, newSubscriber())).json, (await client.submit(demo, newSubscriber())).json];
  const path = `/api/v1/renewals/${mine.renewal_no}/cancellation`;
  refusedWith(await client.call(demo.base_url, 'POST', path, { body: {} }), 401, 'access_token_invalid');
  refusedWith(await client.call(demo.base_url, 'POST', path, { body: {}, token: other.access_token }), 401, 'access_token_invalid');
  refusedWith(await client.call(demo.base_url, 'POST', path, { body: { why: 'x' }, token: mine.access_token }), 422, 'fields_invalid');
  assert.equal((await client.progress(demo, mine)).json.status, 'awaiting_payment');
});

// -- after the certificate has expired ------------------------------------------------------------------------------

test('an open renewal is no hindrance, and no number is told without proof', async () => {
  const subscriber = newSubscriber();
  const renewal = (await client.submit(demo, subscriber)).json;
  const it = await asked(subscriber);
  assert.deepEqual([it.may_apply, it.may_query, it.may_install, it.open_renewal, it.code], [true, true, true, true, null]);
  assert.ok(!JSON.stringify(it).includes(renewal.renewal_no));
});

test('what was submitted in time goes on after the certificate has expired, and nothing new begins', async () => {
  const { subscriber, dead } = dying.unpaid;
  await dead;
  const it = await asked(subscriber);
  assert.deepEqual([it.may_apply, it.may_query, it.may_install, it.open_renewal, it.code], [false, true, true, true, 'certificate_expired']);
  refusedWith(await client.submit(demo, subscriber), 403, 'certificate_expired');
  const [found] = await lookedUp(subscriber);
  await pay(found);
  assert.equal((await client.progress(demo, found)).json.status, 'awaiting_review');
});

test('an expired certificate finds its approved renewal and installs it', async () => {
  const { subscriber, renewal, dead } = dying.approved;
  await dead;
  const [found] = await lookedUp(subscriber);
  assert.deepEqual([found.renewal_no, found.access_token, found.pay_url], [renewal.renewal_no, renewal.access_token, renewal.pay_url]);
  assert.deepEqual([found.status, found.stage_name], ['awaiting_install', '安装新证书']);
  const issued = await client.fetchCertificate(demo, subscriber, found);
  assert.equal(issued.status, 200, issued.text);
  conforms('post', '/api/v1/renewals/{no}/certificate', issued);
  assert.equal((await client.acknowledge(demo, found)).json.status, 'completed');
  assert.equal((await lookedUp(subscriber))[0].status, 'completed');
});
