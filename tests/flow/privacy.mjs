// SPDX-License-Identifier: Apache-2.0
// What applicants accept is recorded word for word; personal data is shown in plain to nobody but the reviewer who holds
// the case, asks for it by field and says why.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHash, randomInt, randomUUID } from 'node:crypto';
import * as client from '../support/client.mjs';
import { asOwner, ctl, demo, folder, newSubscriber, paidRenewal, sql } from '../support/world.mjs';

const AGENT = '11010519491231002X'; // of client.application
const KINDS = ['agreement', 'privacy_notice', 'sensitive_consent'];
const refusal = (answer) => `${answer.status} ${answer.json?.code}`;
const submitChanged = (change) => client.submit(demo, newSubscriber(), { change });
const without = (kind) => (it) => { const { [kind]: _, ...rest } = it; return rest; };
const stale = (kind, part) => (it) => ({ ...it, [kind]: { ...it[kind], ...part } });

// -- what is accepted ------------------------------------------------------------------------------------------------

test('the platform names three texts, and each hash is of its text', async () => {
  const rules = await client.platformOf(demo);
  for (const kind of KINDS) {
    const { id, version, title, text, sha256 } = rules[kind];
    assert.ok(id && version && title && text.length > 200, kind);
    assert.equal(createHash('sha256').update(text).digest('hex'), sha256);
    assert.doesNotMatch(text, /[{}]/);
  }
  assert.match(rules.privacy_notice.text, new RegExp(rules.contact.company));
});

for (const [kind, code] of [['privacy_notice', 'privacy_notice'], ['sensitive_consent', 'sensitive_consent']]) {
  test(`an application without ${kind} is told so by a code of its own`, async () => {
    const answer = await submitChanged(without(kind));
    assert.equal(refusal(answer), `422 ${code}_missing`);
    assert.match(answer.json.fix, /升级客户端/);
  });
  test(`a stale ${kind} is refused`, async () => {
    assert.equal(refusal(await submitChanged(stale(kind, { version: '2020-01-01' }))), `409 ${code}_changed`);
    assert.equal(refusal(await submitChanged(stale(kind, { sha256: '0'.repeat(64) }))), `409 ${code}_changed`);
  });
}

test('one text does not stand for another', async () => {
  const answer = await submitChanged((it) => ({ ...it, sensitive_consent: it.privacy_notice }));
  assert.equal(refusal(answer), '409 sensitive_consent_changed');
});

test('a client from before is still told its wrong fields first', async () => {
  const answer = await submitChanged((it) => ({ ...without('privacy_notice')(it), agent: { ...it.agent, mobile: '1' } }));
  assert.equal(refusal(answer), '422 fields_invalid');
  assert.deepEqual(answer.json.fields.map((it) => it.path), ['agent.mobile']);
});

test('each text is recorded with time, address, the digest of the signed bytes, and its words', async () => {
  const cms = client.signCms(newSubscriber(), await client.application(demo));
  const { json: { renewal_no: no } } = await client.submitSigned(demo, cms);
  const rows = sql(`select a.kind, client_address, encode(evidence_sha256, 'hex'), accepted_at > now() - interval '1 minute',
    encode(sha256(convert_to(t.text, 'UTF8')), 'hex') = a.sha256
    from xuqi.acceptance a join xuqi.agreement_text t using (kind, id, version, sha256) where renewal_no = '${no}' order by 1`);
  const digest = createHash('sha256').update(cms).digest('hex');
  assert.deepEqual(rows.split('\n'), KINDS.map((kind) => `${kind} 127.0.0.1 ${digest} t t`));
});

test('the very same application again records nothing more', async () => {
  const cms = client.signCms(newSubscriber(), await client.application(demo));
  const first = await client.submitSigned(demo, cms), again = await client.submitSigned(demo, cms);
  assert.equal(again.status, 200);
  assert.equal(sql(`select count(*) from xuqi.acceptance where renewal_no = '${first.json.renewal_no}'`), '3');
});

// -- looking at personal data ----------------------------------------------------------------------------------------

const unmask = (session, renewal, body) =>
  client.call(demo.base_url, 'POST', `/api/v1/review/cases/${renewal.renewal_no}/unmasking`, { token: session, body });
const claim = (session, renewal) =>
  client.call(demo.base_url, 'POST', `/api/v1/review/cases/${renewal.renewal_no}/claim`, { token: session, body: {} });
const ASKED = { fields: ['agent.id_number', 'recipient.address'], reason: '与上传的证件照片核对' };

test('the reviewer who holds a case sees the fields asked for, once, and it is written down', async () => {
  const session = (await client.login(demo, 'reviewer')).json.token;
  const { renewal } = await paidRenewal();
  assert.equal(refusal(await unmask(session, renewal, ASKED)), '409 case_not_claimed');
  await claim(session, renewal);
  const answer = await unmask(session, renewal, ASKED);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.deepEqual(answer.json, { renewal_no: renewal.renewal_no,
    values: { 'agent.id_number': AGENT, 'recipient.address': '广东省深圳市南山区科技路1号' } });
  const trail = sql(`select actor, detail from xuqi.audit_event where action = 'personal.unmask' and object = '${renewal.renewal_no}'`);
  assert.match(trail, /^staff:reviewer agent\.id_number recipient\.address: reason \d+ sha256:[0-9a-f]{64}$/);
  assert.equal(sql(`select words from xuqi.reason where object = '${renewal.renewal_no}'`), '与上传的证件照片核对');
  assert.ok(!trail.includes(AGENT));

  const elsewhere = await client.call(demo.base_url, 'GET', `/api/v1/review/cases/${renewal.renewal_no}`, { token: session });
  assert.ok(!elsewhere.text.includes(AGENT) && elsewhere.json.agent.id_number.includes('*'), 'still masked everywhere else');

  for (const [what, body, path] of [
    ['no field', { ...ASKED, fields: [] }, 'fields'],
    ['a field that is none', { ...ASKED, fields: ['agent.password'] }, 'fields'],
    ['a field twice', { ...ASKED, fields: ['agent.name', 'agent.name'] }, 'fields'],
    ['a field that is no text', { ...ASKED, fields: [7] }, 'fields'],
    ['a short reason', { ...ASKED, reason: '看' }, 'reason'],
    ['a blank reason', { ...ASKED, reason: ' '.repeat(20) }, 'reason'],
    ['a long reason', { ...ASKED, reason: '核'.repeat(201) }, 'reason'],
    ['no reason', { fields: ASKED.fields }, 'reason'],
    ['something else', { ...ASKED, all: true }, 'all'],
  ]) {
    const refused = await unmask(session, renewal, body);
    assert.equal(refusal(refused), '422 fields_invalid', what);
    assert.deepEqual(refused.json.fields.map((it) => it.path), [path], what);
  }
  assert.equal(sql(`select count(*) from xuqi.unmasking where renewal_no = '${renewal.renewal_no}'`), '1');

  // The day's number, counted by the database; the look above is one of them.
  sql(`insert into xuqi.unmasking (staff_id, renewal_no, fields, reason)
       select s.id, '${renewal.renewal_no}', '{agent.name}', 'filling the day' from xuqi.staff s, generate_series(1, 49) where name = 'reviewer'`);
  assert.equal(refusal(await unmask(session, renewal, ASKED)), '429 unmasking_limit');
});

test('nobody else unmasks', async () => {
  const { renewal } = await paidRenewal();
  const finance = (await client.login(demo, 'finance')).json.token;
  assert.equal(refusal(await unmask(finance, renewal, ASKED)), '403 forbidden');
  assert.equal(refusal(await unmask(undefined, renewal, ASKED)), '401 unauthenticated');
  assert.equal(refusal(await unmask(renewal.access_token, renewal, ASKED)), '401 session_unknown');
});

// -- a natural person's rights ---------------------------------------------------------------------------------------

const secretFile = (text) => {
  const path = `${folder}/demo/subject-${randomUUID()}`;
  asOwner('sh', '-c', 'umask 077; printf %s "$1" > "$2"', 'sh', text, path);
  return path;
};
const resident = () => {
  const body = `110105${1950 + randomInt(50)}0${1 + randomInt(9)}1${randomInt(10)}${String(randomInt(1000)).padStart(3, '0')}`;
  const sum = [...body].reduce((total, digit, i) => total + Number(digit) * (2 ** (17 - i) % 11), 0);
  return body + '10X98765432'[sum % 11];
};
const somebody = () => ({ id_type: 'resident_id', id_number: resident(), name: '钱经办', mobile: `139${String(randomInt(1e8)).padStart(8, '0')}`,
  email: `q${randomInt(1e9)}@example.com`, address: '广东省广州市天河区体育西路2号' });
const exported = (option, number) => {
  const out = `${folder}/demo/copy-${randomUUID()}.json`;
  ctl('subject', 'export', option, secretFile(number), '--reason', '本人申请查阅复制', '--out', out);
  return { json: JSON.parse(asOwner('cat', out)), text: asOwner('cat', `${out}.txt`), mode: asOwner('stat', '-c', '%a', out).trim() };
};

test('a person gets a copy of everything held about them, and of nobody else', async () => {
  const agent = somebody(), other = somebody();
  const recipient = { name: other.name, mobile: other.mobile, address: other.address };
  const { json: { renewal_no: no } } = await client.submit(demo, newSubscriber(), { change: (it) => ({ ...it, agent, recipient }) });
  const byId = exported('--id-number-file', agent.id_number);
  assert.equal(byId.mode, '600');
  assert.deepEqual(byId.json.renewals.map((it) => it.renewal_no), [no]);
  assert.deepEqual(byId.json.renewals[0].agent, agent);
  assert.equal(byId.json.renewals[0].recipient, undefined, 'the recipient is somebody else');
  assert.equal(byId.json.renewals[0].accepted.split('\n').length, 3);
  for (const value of Object.values(agent)) assert.ok(byId.text.includes(value), value);
  const asRecipient = exported('--mobile-file', other.mobile);
  assert.deepEqual(asRecipient.json.renewals.map((it) => [it.renewal_no, it.agent, it.recipient]), [[no, undefined, recipient]]);
  assert.deepEqual(exported('--id-number-file', resident()).json.renewals, []);
  assert.equal(sql(`select count(*) from xuqi.audit_event where action = 'subject.export' and object = '${no}' and detail ~ '^reason [0-9]+ sha256:'`), '2');
  assert.equal(sql(`select count(*) from xuqi.reason where object = '${no}' and words = '本人申请查阅复制'`), '2');
});

test('before payment erasure cancels and empties; after it the law keeps the data and says until when', async () => {
  const agent = somebody();
  const change = (it) => ({ ...it, agent });
  const unpaid = (await client.submit(demo, newSubscriber(), { change })).json;
  const { renewal: paid } = await paidRenewal({ change });
  const said = ctl('subject', 'erase', '--id-number-file', secretFile(agent.id_number), '--reason', '撤回同意').split('\n');
  assert.equal(said[0], `${unpaid.renewal_no} cancelled_and_erased unpaid`);
  assert.match(said[1], new RegExp(`^${paid.renewal_no} kept open 保留至 until -：个人信息保护法`));
  assert.equal((await client.progress(demo, unpaid)).json.status, 'cancelled');
  assert.equal(sql(`select length(personal_sealed) + length(evidence_sealed) from xuqi.renewal_content where renewal_no = '${unpaid.renewal_no}'`), '0');
  assert.equal(sql(`select string_agg(client_address, '') from xuqi.acceptance where renewal_no = '${unpaid.renewal_no}'`), '');
  const form = await client.call(demo.base_url, 'GET', `/api/v1/renewals/${unpaid.renewal_no}/application_form.pdf`, { token: unpaid.access_token });
  assert.equal(refusal(form), '410 personal_data_erased');
  assert.equal(exported('--id-number-file', agent.id_number).json.renewals[0].renewal_no, paid.renewal_no);
  for (const end = Date.now() + 10000; Date.now() < end && sql(`select count(*) from xuqi.outbox where renewal_no = '${unpaid.renewal_no}'`) !== '0';)
    await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(sql(`select count(*) from xuqi.outbox where renewal_no = '${unpaid.renewal_no}'`), '0', 'its messages have ended');
});

test('the number comes from a file that others may not read, with a reason, to a new file', () => {
  const number = secretFile('11010519491231002X');
  const fails = (pattern, ...args) => assert.throws(() => ctl('subject', ...args), (error) => pattern.test(error.stderr));
  fails(/reason/, 'export', '--id-number-file', number, '--out', `${folder}/demo/none`);
  fails(/new file/, 'export', '--id-number-file', number, '--reason', 'x', '--out', number);
  fails(/--out/, 'export', '--id-number-file', number, '--reason', 'x');
  fails(/one of/, 'erase', '--reason', 'x');
  fails(/one of/, 'erase', '--reason', 'x', '--id-number-file', number, '--mobile-file', number);
  fails(/mobile/, 'erase', '--reason', 'x', '--mobile-file', number);
  asOwner('chmod', '644', number);
  fails(/others/, 'erase', '--reason', 'x', '--id-number-file', number);
});

test('what ended unpaid is erased by jobs when its days are over', async () => {
  const renewal = (await client.submit(demo, newSubscriber())).json;
  await client.cancel(demo, renewal);
  sql(`update xuqi.renewal set decided_at = now() - interval '31 days' where renewal_no = '${renewal.renewal_no}'`);
  assert.equal(sql('select erased >= 1 from xuqi.retention_erase(30, 5, 100)'), 't'); // as jobs calls it each minute
  assert.equal(sql(`select class, actor from xuqi.erasure where renewal_no = '${renewal.renewal_no}'`), 'unpaid system');
});

after(() => sql(`alter table xuqi.unmasking disable trigger never_removed; delete from xuqi.unmasking where reason = 'filling the day';
  alter table xuqi.unmasking enable trigger never_removed`));
