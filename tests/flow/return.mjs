// SPDX-License-Identifier: Apache-2.0
// Returned for correction, through the front door: the reviewer names fields and documents, the applicant is told what to
// do, corrects exactly that with his key, and the case is reviewed again. Runs like main.mjs.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync, mkdtempSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as client from '../support/client.mjs';
import { demo, folder as installation, newSubscriber, foreignSubscriber, sql, paidRenewal, ctl } from '../support/world.mjs';
import { conforms } from '../support/openapi.mjs';

const folder = mkdtempSync(join(tmpdir(), 'xuqi-return-'));
let reviewer, reviewer2, finance;

// Other test files may have failed to log in as often as an account may.
async function session(name) {
  sql('delete from xuqi.login_failure');
  const answer = await client.login(demo, name);
  assert.equal(answer.status, 201, answer.text);
  return answer.json.token;
}

before(async () => {
  reviewer = await session('reviewer');
  reviewer2 = await session('reviewer-2');
  finance = await session('finance');
});

const refusedWith = (answer, status, code, ...paths) => {
  assert.equal(answer.json?.code, code, answer.text);
  assert.equal(answer.status, status);
  if (paths.length > 0) assert.deepEqual(answer.json.fields.map((it) => it.path).sort(), paths.sort());
};
const RETURN = '/api/v1/review/cases/{no}/return';
const CORRECTION = '/api/v1/renewals/{no}/correction';
const described = (answer, path) => {
  conforms('post', path, answer);
  return answer;
};
const give = async (who, renewal, names, options) => described(await client.giveBack(demo, who, renewal, names, options), RETURN);
const correct = async (subscriber, renewal, members) => described(await client.correct(demo, subscriber, renewal, members), CORRECTION);
const at = (renewal, rest, method = 'GET', options = {}) =>
  client.call(demo.base_url, method, `/api/v1/renewals/${renewal.renewal_no}${rest}`, { token: renewal.access_token, ...options });
const progress = async (renewal) => {
  const answer = await client.progress(demo, renewal);
  conforms('get', '/api/v1/renewals/{no}', answer);
  return answer.json;
};
const caseOf = async (who, renewal) => {
  const answer = await client.reviewCase(demo, who, renewal);
  conforms('get', '/api/v1/review/cases/{no}', answer);
  return answer.json;
};
async function returned(names, options) {
  const made = await paidRenewal();
  const answer = await give(reviewer, made.renewal, names, options);
  assert.equal(answer.json?.status, 'returned', answer.text);
  return made;
}
const NEW = { mobile: '13700137000', email: 'other@example.com', name: '李经办', id_number: '440301199001010031', address: '广州市天河区体育西路2号' };
const rowsOf = (renewal) => sql(`select (select count(*) from xuqi.correction where renewal_no = '${renewal.renewal_no}') || ' ' ||
  (select count(*) from xuqi.renewal_return where renewal_no = '${renewal.renewal_no}')`);

async function messages(renewal, event, count) {
  const keys = () => sql(`select dedup_key from xuqi.outbox_done where renewal_no = '${renewal.renewal_no}' and event = '${event}' and result = 'spooled' order by id`).split('\n').filter(Boolean);
  for (let i = 0; i < 100 && keys().length < count; i++) await new Promise((resolve) => setTimeout(resolve, 100));
  const spool = `${installation}/spool`;
  const all = existsSync(spool) ? readdirSync(spool).filter((name) => name.endsWith('.json')).map((name) => JSON.parse(readFileSync(`${spool}/${name}`, 'utf8'))) : [];
  return keys().map((key) => all.find((message) => message.key === key));
}

// -- the whole way ----------------------------------------------------------------------------------------------------

test('returned twice, corrected twice, approved and issued', async () => {
  const { subscriber, renewal } = await paidRenewal();
  const before = await caseOf(reviewer, renewal);
  assert.deepEqual([before.returns, before.corrections], [[], []]);
  const first = await give(reviewer, renewal, ['agent.mobile', 'agent.email'], { text: '无法接通' });
  assert.deepEqual(first.json, { renewal_no: renewal.renewal_no, status: 'returned' });

  const told = await progress(renewal);
  assert.deepEqual([told.status, told.order.payment_status, told.correction.round], ['returned', 'paid', 1]);
  assert.deepEqual(told.correction.items.map((it) => [it.name, it.label, it.reason_code, it.reason, it.reason_text, it.corrected, it.fix]), [
    ['agent.email', '经办人email', 'wrong', '内容有误', '无法接通', false, '请更正“经办人email”后重新提交'],
    ['agent.mobile', '经办人手机号码', 'wrong', '内容有误', '无法接通', false, '请更正“经办人手机号码”后重新提交']]);
  await messages(renewal, 'returned', 1);
  const corrected = await correct(subscriber, renewal, { agent: { mobile: NEW.mobile, email: NEW.email } });
  assert.deepEqual(corrected.json, { renewal_no: renewal.renewal_no, status: 'awaiting_review', missing: [] });
  assert.equal((await progress(renewal)).correction, null);

  const seen = await caseOf(reviewer2, renewal);
  assert.notEqual(seen.content_sha256, before.content_sha256);
  assert.deepEqual([seen.agent.mobile, seen.agent.email, seen.agent.name], ['137****7000', 'o***@example.com', before.agent.name]);
  assert.deepEqual(seen.corrections.map((it) => [it.round, it.name, it.old, it.new, it.changed]), [
    [1, 'agent.email', 'a***@example.com', 'o***@example.com', true], [1, 'agent.mobile', '138****8000', '137****7000', true]]);
  assert.deepEqual(seen.returns.map((it) => [it.round, it.items.map((item) => [item.name, item.reason_text, item.corrected])]),
    [[1, [['agent.email', '无法接通', true], ['agent.mobile', '无法接通', true]]]]);

  assert.equal((await give(reviewer2, renewal, ['agent.mobile'], { text: '仍无法接通' })).status, 200);
  assert.equal((await correct(subscriber, renewal, { agent: { mobile: NEW.mobile } })).json.status, 'awaiting_review', 'an applicant may insist');
  const again = await caseOf(reviewer, renewal);
  assert.deepEqual(again.corrections.at(-1), { ...again.corrections.at(-1), round: 2, name: 'agent.mobile', old: '137****7000', new: '137****7000', changed: false });

  const [one, two] = await messages(renewal, 'returned', 2);
  assert.deepEqual([one.sms.to, two.sms.to], ['13800138000', NEW.mobile], 'the second goes where the applicant is by now');
  assert.equal(two.mail.to, NEW.email);
  assert.ok(one.mail.body.includes('经办人email：无法接通；经办人手机号码：无法接通') && two.mail.body.includes('仍无法接通'), one.mail.body);

  assert.equal((await client.approve(demo, reviewer, renewal)).json.status, 'awaiting_install');
  assert.equal((await client.fetchCertificate(demo, subscriber, renewal)).status, 200);
  assert.equal((await client.acknowledge(demo, renewal)).json.status, 'completed');
  assert.equal(sql('select count(*) from xuqi.ledger_check()'), '0');
});

test('what was signed is never updated, and nothing of it is in clear', async () => {
  const { subscriber, renewal } = await returned(['agent.id_number', 'agent.name']);
  const content = () => sql(`select sha256(row_to_json(c)::text::bytea) from xuqi.renewal_content as c where renewal_no = '${renewal.renewal_no}'`);
  const frozen = content();
  assert.equal((await correct(subscriber, renewal, { agent: { id_number: NEW.id_number, name: NEW.name } })).status, 422, 'a number with a wrong check digit');
  const number = '440301199001010039';
  const answer = await correct(subscriber, renewal, { agent: { id_number: '11010519491231002X', name: NEW.name } });
  assert.equal(answer.json?.status, 'awaiting_review', answer.text);
  assert.equal(content(), frozen);
  const stored = sql(`select row_to_json(c)::text || row_to_json(f)::text from xuqi.correction as c join xuqi.correction_field as f using (renewal_no, number) where renewal_no = '${renewal.renewal_no}'`);
  for (const secret of [NEW.name, number, '11010519491231002X', Buffer.from(NEW.name).toString('hex')]) assert.ok(!stored.includes(secret), secret);
});

// -- the reviewer -----------------------------------------------------------------------------------------------------

test('a return needs a reviewer who holds the case and has seen it', async () => {
  const { renewal } = await paidRenewal();
  const { content_sha256 } = await caseOf(reviewer, renewal);
  const path = `/api/v1/review/cases/${renewal.renewal_no}/return`;
  const body = { content_sha256, fields: [{ name: 'agent.mobile', reason_code: 'wrong', reason_text: 'x' }] };
  const send = async (token, change = {}) => described(await client.call(demo.base_url, 'POST', path, { token, body: { ...body, ...change } }), RETURN);
  refusedWith(await send(undefined), 401, 'unauthenticated');
  refusedWith(await send(renewal.access_token), 401, 'session_unknown');
  refusedWith(await send(finance), 403, 'forbidden');
  refusedWith(await send(reviewer), 409, 'case_not_claimed');
  await client.call(demo.base_url, 'POST', `/api/v1/review/cases/${renewal.renewal_no}/claim`, { token: reviewer, body: {} });
  refusedWith(await send(reviewer2), 409, 'case_claimed');
  refusedWith(await send(reviewer, { content_sha256: 'ab'.repeat(32) }), 409, 'case_changed');
  refusedWith(await send(reviewer, { content_sha256: 'x' }), 409, 'case_changed');
  assert.equal(rowsOf(renewal), '0 0');
  const answers = await Promise.all(Array.from({ length: 8 }, () => send(reviewer)));
  assert.deepEqual(answers.map((it) => it.json.status), Array(8).fill('returned'), 'the same return again is the same');
  assert.equal(rowsOf(renewal), '0 1');
  refusedWith(await send(reviewer, { fields: [{ name: 'agent.name', reason_code: 'wrong', reason_text: 'x' }] }), 409, 'renewal_state');
  refusedWith(described(await client.giveBack(demo, reviewer, { renewal_no: '012019022000004608' }, ['agent.mobile'], { hash: content_sha256 }), RETURN), 404, 'renewal_unknown');
});

test('a return names what may be returned, each once and with a reason', async (t) => {
  const { renewal } = await paidRenewal();
  const { content_sha256 } = await caseOf(reviewer, renewal);
  await client.call(demo.base_url, 'POST', `/api/v1/review/cases/${renewal.renewal_no}/claim`, { token: reviewer, body: {} });
  const reason = { reason_code: 'wrong', reason_text: '请更正' };
  const mobile = { name: 'agent.mobile', ...reason };
  const cases = [
    ['nothing', {}, 'fields', 'required'],
    ['two empty lists', { fields: [], materials: [] }, 'fields', 'required'],
    ['the term', { fields: [{ name: 'term_months', ...reason }] }, 'fields.0.name', 'not_returnable'],
    ['the platform', { fields: [{ name: 'platform', ...reason }] }, 'fields.0.name', 'not_returnable'],
    ['the certificate', { fields: [{ name: 'certificate', ...reason }] }, 'fields.0.name', 'not_returnable'],
    ['the subject', { fields: [mobile, { name: 'subject', ...reason }] }, 'fields.1.name', 'not_returnable'],
    ['an unknown field', { fields: [{ name: 'agent.shoe_size', ...reason }] }, 'fields.0.name', 'unknown'],
    ['a document as a field', { fields: [{ name: 'materials.agent_id', ...reason }] }, 'fields.0.name', 'unknown'],
    ['an unknown document', { materials: [{ kind: 'diary', ...reason }] }, 'materials.0.kind', 'unknown'],
    ['a field twice', { fields: [mobile, mobile] }, 'fields.1.name', 'repeated'],
    ['an unknown reason', { fields: [{ ...mobile, reason_code: 'mood' }] }, 'fields.0.reason_code', 'value'],
    ['no words', { fields: [{ ...mobile, reason_text: '  ' }] }, 'fields.0.reason_text', 'required'],
    ['too many words', { fields: [{ ...mobile, reason_text: '长'.repeat(201) }] }, 'fields.0.reason_text', 'too_long'],
    ['lines in the words', { fields: [{ ...mobile, reason_text: 'a\nb' }] }, 'fields.0.reason_text', 'control_character'],
    ['no reason', { fields: [{ name: 'agent.mobile' }] }, 'fields.0.reason_code', 'required'],
    ['more members', { fields: [{ ...mobile, price: 1 }] }, 'fields.0.price', 'unknown_field'],
    ['too many', { fields: Array(40).fill(mobile) }, 'fields', 'too_many'],
    ['something that is no list', { fields: 'agent.mobile' }, 'fields', 'type'],
  ];
  for (const [what, change, path, code] of cases)
    await t.test(what, async () => {
      const answer = described(await client.call(demo.base_url, 'POST', `/api/v1/review/cases/${renewal.renewal_no}/return`, { token: reviewer, body: { content_sha256, ...change } }), RETURN);
      refusedWith(answer, 422, 'fields_invalid');
      assert.ok(answer.json.fields.some((it) => it.path === path && it.code === code), answer.text);
    });
  assert.equal(rowsOf(renewal), '0 0');
});

// -- the applicant ----------------------------------------------------------------------------------------------------

test('a correction holds what was named, by the rules of the application, signed by its key', async (t) => {
  const { subscriber, renewal } = await returned(['agent.mobile', 'invoice.title']);
  const good = { agent: { mobile: NEW.mobile }, invoice: { title: '新抬头有限公司' } };
  const signed = (who, content) => client.correctSigned(demo, renewal, client.signCms(who, content));
  const whole = (members = good) => client.correction(demo, renewal, members);
  const other = await paidRenewal();
  const changed = client.signCms(subscriber, await whole());
  changed.write('renewal_nn', changed.indexOf('renewal_no'));
  const cases = [
    ['a field that was not named', () => correct(subscriber, renewal, { ...good, agent: { ...good.agent, name: NEW.name } }), 422, 'correction_unexpected', 'agent.name'],
    ['two of them', () => correct(subscriber, renewal, { ...good, recipient: { name: '张三' }, agent: { ...good.agent, name: NEW.name } }), 422, 'correction_unexpected', 'agent.name', 'recipient.name'],
    ['the term', () => correct(subscriber, renewal, { ...good, term_months: 24 }), 422, 'fields_invalid', 'term_months'],
    ['the platform', () => correct(subscriber, renewal, { ...good, platform: 'gpo' }), 422, 'fields_invalid', 'platform'],
    ['only one of two', () => correct(subscriber, renewal, { agent: good.agent }), 409, 'correction_incomplete', 'invoice.title'],
    ['none', () => correct(subscriber, renewal, {}), 409, 'correction_incomplete', 'agent.mobile', 'invoice.title'],
    ['a number that is none', () => correct(subscriber, renewal, { ...good, agent: { mobile: '12345678901' } }), 422, 'fields_invalid', 'agent.mobile'],
    ['another renewal\'s number', async () => signed(subscriber, { ...await whole(), renewal_no: other.renewal.renewal_no }), 422, 'fields_invalid', 'renewal_no'],
    ['no number', async () => signed(subscriber, { ...good, nonce: await client.challenge(demo) }), 422, 'fields_invalid', 'renewal_no'],
    ['another subscriber', async () => signed(other.subscriber, await whole()), 403, 'signer_mismatch'],
    ['another CA\'s certificate', async () => signed(foreignSubscriber(), await whole()), 403, 'certificate_untrusted'],
    ['a changed content', async () => client.correctSigned(demo, renewal, changed), 401, 'cms_signature_invalid'],
    ['no CMS', () => client.correctSigned(demo, renewal, Buffer.from('{}')), 400, 'cms_malformed'],
    ['JSON without a signature', () => client.call(demo.base_url, 'POST', `/api/v1/renewals/${renewal.renewal_no}/correction`, { body: good }), 401, 'unauthenticated'],
    ['JSON with the access token alone', () => client.call(demo.base_url, 'POST', `/api/v1/renewals/${renewal.renewal_no}/correction`, { body: good, token: renewal.access_token }), 401, 'access_token_invalid'],
    ['another kind of body', () => client.call(demo.base_url, 'POST', `/api/v1/renewals/${renewal.renewal_no}/correction`, { body: Buffer.from('x'), type: 'text/plain' }), 415, 'unsupported_media_type'],
    ['a foreign nonce', async () => signed(subscriber, { ...await whole(), nonce: 'A'.repeat(43) }), 409, 'nonce_unknown'],
    ['a nonce of another shape', async () => signed(subscriber, { ...await whole(), nonce: 'x' }), 409, 'nonce_unknown'],
    ['a renewal that is not returned', async () => client.correct(demo, other.subscriber, other.renewal, good), 409, 'renewal_state'],
    ['a renewal that does not exist', async () => client.correct(demo, subscriber, { renewal_no: '012019022000004608' }, good), 404, 'renewal_unknown'],
  ];
  for (const [what, send, status, code, ...paths] of cases)
    await t.test(what, async () => refusedWith(described(await send(), CORRECTION), status, code, ...paths));
  assert.equal(rowsOf(renewal), '0 1');
  assert.equal((await progress(renewal)).status, 'returned');
  await t.test('a revoked certificate', async () => {
    const revoked = await returned(['agent.mobile']);
    ctl('certificate', 'revoke', revoked.subscriber.serial, '--reason', 'keyCompromise');
    refusedWith(await correct(revoked.subscriber, revoked.renewal, { agent: good.agent }), 403, 'certificate_revoked');
  });
  const answer = await correct(subscriber, renewal, good);
  assert.equal(answer.json?.status, 'awaiting_review', answer.text);
  assert.equal((await caseOf(reviewer, renewal)).invoice.title, '新抬头有限公司');
  refusedWith(await correct(subscriber, renewal, good), 409, 'renewal_state');
});

test('a nonce that was refused is still good, one that was used is not', async () => {
  const { subscriber, renewal } = await returned(['agent.mobile']);
  const content = await client.correction(demo, renewal, { agent: { mobile: '1' } });
  refusedWith(await client.correctSigned(demo, renewal, client.signCms(subscriber, content)), 422, 'fields_invalid', 'agent.mobile');
  content.agent.mobile = NEW.mobile;
  const cms = client.signCms(subscriber, content);
  const answers = await Promise.all(Array.from({ length: 12 }, () => client.correctSigned(demo, renewal, cms)));
  for (const answer of answers) assert.equal(described(answer, CORRECTION).json.status, 'awaiting_review', answer.text);
  assert.equal(rowsOf(renewal), '1 1', 'the same bytes twelve times are one correction');
  await give(reviewer2, renewal, ['agent.mobile']);
  refusedWith(await client.correctSigned(demo, renewal, client.signCms(subscriber, { ...content, agent: { mobile: '13600136000' } })), 409, 'nonce_used');
  const repeated = await client.correctSigned(demo, renewal, cms);
  assert.deepEqual([repeated.json.status, repeated.json.missing], ['returned', ['agent.mobile']], 'the first answer\'s bytes say how things are by now');
});

test('of several corrections at once one is taken, and of approving and returning one happens', async () => {
  const { subscriber, renewal } = await returned(['agent.mobile']);
  const bodies = [];
  for (let i = 0; i < 8; i++) bodies.push(client.signCms(subscriber, await client.correction(demo, renewal, { agent: { mobile: `1370013700${i}` } })));
  const answers = await Promise.all(bodies.map((cms) => client.correctSigned(demo, renewal, cms)));
  assert.deepEqual(answers.map((it) => it.json.status ?? it.json.code).sort(), ['awaiting_review', ...Array(7).fill(409)].sort(), JSON.stringify(answers.map((it) => it.json)));
  for (const answer of answers) described(answer, CORRECTION);
  assert.equal(rowsOf(renewal), '1 1');
  const base = `/api/v1/review/cases/${renewal.renewal_no}`;
  await client.call(demo.base_url, 'POST', `${base}/claim`, { token: reviewer, body: {} });
  const { content_sha256 } = await caseOf(reviewer, renewal);
  const decisions = await Promise.all(Array.from({ length: 10 }, (_, i) => (i % 2
    ? client.call(demo.base_url, 'POST', `${base}/approval`, { token: reviewer, body: { content_sha256 } })
    : client.call(demo.base_url, 'POST', `${base}/return`, { token: reviewer, body: { content_sha256, fields: [{ name: 'agent.name', reason_code: 'wrong', reason_text: 'x' }] } }))));
  const counts = sql(`select (select count(*) from xuqi.approval where renewal_no = '${renewal.renewal_no}') + (select count(*) - 1 from xuqi.renewal_return where renewal_no = '${renewal.renewal_no}')`);
  assert.equal(counts, '1', JSON.stringify(decisions.map((it) => it.json)));
});

// -- documents --------------------------------------------------------------------------------------------------------

const form = async (renewal) => (await at(renewal, '/application_form.pdf')).bytes;
const upload = (renewal, kind, body, page = 1) => at(renewal, `/materials/${kind}?page=${page}`, 'PUT', { body, type: 'application/pdf' });
const textOf = (pdf) => {
  writeFileSync(join(folder, 'form.pdf'), pdf);
  return execFileSync('pdftotext', ['-layout', join(folder, 'form.pdf'), '-'], { encoding: 'utf8' }).replace(/\s/g, '');
};

test('documents that are named reopen, also of a kind that was not asked for, and no others', async () => {
  const { subscriber, renewal } = await returned(['agent.name', 'materials.application_form']);
  const old = await form(renewal);
  assert.ok(textOf(old).includes('胡经办') && !textOf(old).includes('次更正'));
  assert.deepEqual((await progress(renewal)).correction.items.map((it) => [it.name, it.fix]),
    [['agent.name', '请更正“经办人姓名”后重新提交'], ['materials.application_form', '请重新上传“续期申请表”']]);
  refusedWith(await upload(renewal, 'agent_id', old), 422, 'material_unexpected');
  const refused = await at(renewal, '/materials/agent_id', 'DELETE');
  conforms('delete', '/api/v1/renewals/{no}/materials/{kind}', refused);
  refusedWith(refused, 422, 'material_unexpected');
  const kept = await correct(subscriber, renewal, { agent: { name: NEW.name } });
  assert.deepEqual(kept.json, { renewal_no: renewal.renewal_no, status: 'returned', missing: ['materials.application_form'] });
  const made = await form(renewal);
  assert.ok(textOf(made).includes(NEW.name) && !textOf(made).includes('胡经办'), 'the form to be signed shows the correction');
  assert.match(textOf(made), /表单版本：[0-9a-f]{12}，第1次更正后/);
  refusedWith(await correct(subscriber, renewal, {}), 409, 'material_missing', 'materials.application_form');
  assert.equal((await upload(renewal, 'application_form', made)).status, 201);
  assert.deepEqual((await progress(renewal)).correction.items.map((it) => it.corrected), [true, true]);
  assert.equal((await correct(subscriber, renewal, {})).json.status, 'awaiting_review');
  refusedWith(await upload(renewal, 'application_form', old), 409, 'renewal_state');

  const seen = await caseOf(reviewer2, renewal);
  assert.deepEqual(seen.materials.map((it) => `${it.kind} ${it.page}`), ['application_form 1']);
  assert.equal((await give(reviewer2, renewal, ['materials.application_form', 'materials.business_licence'], { code: 'unreadable' })).status, 200);
  assert.deepEqual((await at(renewal, '/materials')).json.missing, ['application_form', 'business_licence']);
  assert.equal((await upload(renewal, 'business_licence', made)).status, 201);
  refusedWith(await correct(subscriber, renewal, {}), 409, 'material_missing', 'materials.application_form');
  assert.equal((await upload(renewal, 'application_form', old)).status, 200);
  assert.equal((await correct(subscriber, renewal, {})).json.status, 'awaiting_review');
  assert.equal(sql(`select count(*) from xuqi.material_replaced where renewal_no = '${renewal.renewal_no}'`), '1', 'what the reviewer saw is kept');
  assert.equal((await client.approve(demo, reviewer2, renewal)).json.status, 'awaiting_install');
  assert.equal((await client.fetchCertificate(demo, subscriber, renewal)).status, 200);
});

// -- what stays as it is ----------------------------------------------------------------------------------------------

test('applying again answers the returned renewal, which is not paid again, and is cancelled by a refund alone', async () => {
  const { subscriber, renewal } = await returned(['agent.mobile']);
  const again = await client.submit(demo, subscriber);
  assert.deepEqual([again.status, again.json.renewal_no, again.json.status], [200, renewal.renewal_no, 'returned']);
  refusedWith(await client.pay(demo, renewal), 409, 'already_paid');
  const asked = await client.cancel(demo, renewal);
  assert.deepEqual([asked.status, asked.json.status, asked.json.refund.state], [202, 'returned', 'asked']);
  refusedWith(await client.fetchCertificate(demo, subscriber, renewal), 409, 'not_approved');
});

test('a returned renewal that waits too long is reminded of and stays open', async () => {
  const { renewal } = await returned(['agent.mobile'], { text: '空号' });
  sql(`update xuqi.renewal set remind_at = now() - interval '1 s' where renewal_no = '${renewal.renewal_no}'`);
  sql('select * from xuqi.housekeeping(90000)');
  const [message] = await messages(renewal, 'reminder', 1);
  assert.ok(message.sms.text.includes('经办人手机号码：空号'), message.sms.text);
  assert.equal((await progress(renewal)).status, 'returned');
});

test('what nobody pays is closed with a message, and a payment that comes all the same is to be refunded', async () => {
  const subscriber = newSubscriber();
  const renewal = (await client.submit(demo, subscriber)).json;
  const payment = (await client.pay(demo, renewal)).json;
  const no = `'${renewal.renewal_no}'`;
  sql(`update xuqi.renewal set unpaid_close_at = now() - interval '1 s' where renewal_no = ${no}`);
  sql('select * from xuqi.housekeeping(90000)');
  assert.equal((await progress(renewal)).status, 'awaiting_payment', 'as long as its form may still be paid');
  sql(`update xuqi.payment_attempt set created_at = created_at - interval '2 days', expires_at = expires_at - interval '2 days' where order_no = '${renewal.order_no}'`);
  sql(`update xuqi.outbox set run_at = now() where event = '${payment.attempt_no}' and state = 'ready'`);
  const attempt = () => sql(`select state from xuqi.payment_attempt where order_no = '${renewal.order_no}'`);
  for (let tries = 0; attempt() !== 'closed' && tries < 100; tries++) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(attempt(), 'closed', 'the gateway has never heard of it');
  sql('select * from xuqi.housekeeping(90000)');
  assert.equal((await progress(renewal)).status, 'closed');
  const [message] = await messages(renewal, 'closed', 1);
  assert.ok(message.sms.text.includes('已关闭'));
  assert.equal((await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, payment)))).text, 'success');
  assert.equal(sql(`select s.reason || ' ' || f.cause from xuqi.surplus s join xuqi.refund f on f.payment_id = s.posting_id where s.renewal_no = ${no}`), 'not_payable surplus');
  assert.equal((await progress(renewal)).status, 'closed');
  assert.equal((await client.submit(demo, subscriber)).status, 201, 'one may apply again');
  assert.equal(sql('select count(*) from xuqi.ledger_check()'), '0');
});
