// SPDX-License-Identifier: Apache-2.0
// The review desk through the front door: tabs, filters and counts, claiming, giving away and holding cases, what is and is not
// allowed and why, late and repeated writes, figures. Runs like main.mjs.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import * as client from '../support/client.mjs';
import * as portal from '../support/portal.mjs';
import { hire, seat } from '../support/staff.mjs';
import { demo, folder, sql, paidRenewal, ctl } from '../support/world.mjs';
import { conforms } from '../support/openapi.mjs';

const CASES = '/api/v1/review/cases';
const session = {};

before(async () => {
  for (const name of ['reviewer', 'reviewer-2', 'senior', 'finance']) {
    sql('delete from xuqi.login_failure');
    const answer = await client.login(demo, name);
    assert.equal(answer.status, 201, answer.text);
    session[name] = answer.json.token;
  }
});

const call = (who, method, path, body, headers = {}) => client.call(demo.base_url, method, `/api/v1/review${path}`, { token: session[who], body, headers });
const described = async (method, template, answer) => {
  const told = await answer;
  conforms(method.toLowerCase(), `/api/v1/review${template}`, told);
  return told;
};
const at = (who, method, renewal, rest, body, headers) => described(method, `/cases/{no}${rest}`, call(who, method, `/cases/${renewal.renewal_no}${rest}`, body, headers));
const listed = async (who, query) => (await described('GET', '/cases', call(who, 'GET', `/cases?${new URLSearchParams({ size: 200, ...query })}`))).json.cases;
const caseOf = async (who, renewal) => (await at(who, 'GET', renewal, '')).json;
const refusedWith = (answer, status, code, ...paths) => {
  assert.equal(answer.json?.code, code, answer.text);
  assert.equal(answer.status, status);
  if (paths.length > 0) assert.deepEqual(answer.json.fields.map((it) => it.path).sort(), paths.sort());
};
const action = async (who, renewal, name) => (await caseOf(who, renewal)).actions.find((it) => it.action === name);
const inAnHour = () => new Date(Date.now() + 3600_000).toISOString();

test('a case waits with its promise, its checks and no secret about what may be done', async () => {
  const { renewal } = await paidRenewal();
  const row = (await listed('reviewer', { text: renewal.renewal_no }))[0];
  assert.equal(row.renewal_no, renewal.renewal_no);
  assert.equal(row.kind, 'unexpired');
  assert.equal(row.payment, 'alipay');
  const seen = await caseOf('reviewer', renewal);
  for (const name of ['window', 'payment', 'identity_numbers', 'organisation', 'duplicate_key', 'duplicate_subject', 'duplicate_agent', 'form_version']) {
    const check = seen.checks.find((it) => it.name === name);
    assert.ok(check, name);
    assert.ok(check.source && check.checked_at && check.label, name);
  }
  assert.equal(seen.checks.find((it) => it.name === 'payment').source, 'alipay');
  const approve = seen.actions.find((it) => it.action === 'approve');
  assert.equal(approve.allowed, false);
  assert.equal(approve.code, 'case_not_claimed');
  assert.match(approve.reason, /领取/);
  assert.match(approve.reason_en, /Claim/);
  assert.equal((await action('reviewer', renewal, 'reassign')).code, 'senior_only');
  assert.equal((await action('senior', renewal, 'reassign')).allowed, true);
  assert.deepEqual(seen.steps.map((it) => it.step), ['wait']);
});

test('filters find a case by what people know of it', async () => {
  const { renewal } = await paidRenewal();
  const found = async (query) => (await listed('reviewer', query)).some((it) => it.renewal_no === renewal.renewal_no);
  const serial = (await caseOf('reviewer', renewal)).certificate.serial;
  assert.ok(await found({ text: serial.toUpperCase().replace(/(..)/g, '$1 ') }), 'serial');
  assert.ok(await found({ text: '测试单位' }) || await found({ text: (await caseOf('reviewer', renewal)).certificate.organisation }), 'organisation');
  const { agent } = await client.application(demo);
  assert.ok(await found({ text: agent.mobile }), 'mobile');
  assert.ok(await found({ text: agent.mobile.slice(-4) }), 'last digits');
  assert.ok(!(await found({ text: '13900009999' })), 'another mobile');
  assert.ok(await found({ platform: 'sz-consumables', kind: 'unexpired', payment: 'alipay' }), 'together');
  assert.ok(!(await found({ payment: 'wechat' })), 'another rail');
  refusedWith(await call('reviewer', 'GET', '/cases?tab=all&kind=x&age=x&risk=x&payment=x&platform=x&text='), 422, 'fields_invalid', 'tab', 'kind', 'age', 'risk', 'payment', 'platform', 'text');
  refusedWith(await call('reviewer', 'GET', '/cases?after=nowhere'), 422, 'place_unknown');
  refusedWith(await call('finance', 'GET', '/cases'), 403, 'forbidden');
});

test('what comes while somebody reads is on no later page', async () => {
  const first = (await paidRenewal()).renewal;
  await paidRenewal();
  const page = (await listed('reviewer', {})).find((it) => it.renewal_no === first.renewal_no);
  const late = (await paidRenewal()).renewal;
  const later = await listed('reviewer', { after: page.place });
  assert.ok(later.length > 0);
  assert.ok(!later.some((it) => it.renewal_no === late.renewal_no));
  assert.ok((await listed('reviewer', {})).some((it) => it.renewal_no === late.renewal_no));
});

test('the next case is claimed once, however often the request comes', async () => {
  await paidRenewal();
  await paidRenewal();
  const next = (key, who = 'reviewer') => described('POST', '/next', call(who, 'POST', '/next', {}, { 'idempotency-key': key }));
  const key = `next-${Date.now()}`;
  const one = await next(key);
  const again = await next(`"${key}"`);
  assert.equal(one.status, 200, one.text);
  assert.equal(again.json.renewal_no, one.json.renewal_no);
  const other = await next(`${key}-2`, 'reviewer-2');
  assert.notEqual(other.json.renewal_no, one.json.renewal_no);
  const counts = await described('GET', '/counts', call('reviewer', 'GET', '/counts'));
  assert.ok(counts.json.counts.mine >= 1 && counts.json.counts.waiting >= 0);
  refusedWith(await next('short'), 422, 'fields_invalid', 'Idempotency-Key');
  refusedWith(await described('POST', '/next', call('reviewer', 'POST', '/next', { platform: 'nobody' })), 404, 'platform_unknown');
  const renewal = { renewal_no: one.json.renewal_no };
  refusedWith(await at('reviewer', 'POST', renewal, '/hold', { until: inAnHour(), reason: '等待' }, { 'idempotency-key': key }), 409, 'key_reused');
});

test('a claim that is taken says by whom and until when', async () => {
  const { renewal } = await paidRenewal();
  assert.equal((await at('reviewer', 'POST', renewal, '/claim', {})).status, 200);
  const refused = await at('reviewer-2', 'POST', renewal, '/claim', {});
  refusedWith(refused, 409, 'case_claimed');
  assert.match(refused.json.claim.claimed_by, /审核员/);
  assert.ok(refused.json.claim.claimed_until);
});

test('a hold says why, keeps a case back, and ends', async () => {
  const { renewal } = await paidRenewal();
  await at('reviewer', 'POST', renewal, '/claim', {});
  refusedWith(await at('reviewer', 'POST', renewal, '/hold', { until: 'tomorrow', reason: ' ' }), 422, 'fields_invalid', 'until', 'reason');
  refusedWith(await at('reviewer', 'POST', renewal, '/hold', { until: '2030-01-01T00:00:00+08:00', reason: '等' }), 422, 'hold_until');
  const held = await at('reviewer', 'POST', renewal, '/hold', { until: inAnHour(), reason: '等待申请人回电' });
  assert.equal(held.status, 200, held.text);
  const row = (await listed('reviewer-2', { tab: 'held', text: renewal.renewal_no }))[0];
  assert.equal(row.held_reason, '等待申请人回电');
  assert.deepEqual(await listed('reviewer-2', { tab: 'waiting', text: renewal.renewal_no }), []);
  assert.equal((await at('reviewer-2', 'DELETE', renewal, '/hold')).status, 200);
  assert.equal((await listed('reviewer-2', { tab: 'waiting', text: renewal.renewal_no })).length, 1);
});

test('a late write is told who changed what when, and decides nothing', async () => {
  const { renewal } = await paidRenewal();
  await at('reviewer', 'POST', renewal, '/claim', {});
  const seen = await caseOf('reviewer', renewal);
  refusedWith(await at('reviewer', 'POST', renewal, '/reassignment', { to: 'reviewer-2' }), 403, 'forbidden');
  refusedWith(await at('senior', 'POST', renewal, '/reassignment', { to: 'nobody' }), 404, 'staff_unknown');
  assert.equal((await at('senior', 'POST', renewal, '/reassignment', { to: 'reviewer-2', version: seen.version })).status, 200);
  for (const [rest, body] of [['/approval', { content_sha256: seen.content_sha256 }], ['/rejection', { reason_code: 'other', reason_text: '不符' }],
    ['/return', { content_sha256: seen.content_sha256, fields: [{ name: 'agent.mobile', reason_code: 'wrong', reason_text: '请更正' }] }]]) {
    const late = await at('reviewer', 'POST', renewal, rest, { ...body, version: seen.version });
    refusedWith(late, 409, 'case_changed');
    assert.equal(late.json.changed.step, 'reassign');
    assert.match(late.json.changed.by, /赵敏/);
    assert.ok(late.json.changed.at);
  }
  assert.equal((await caseOf('reviewer', renewal)).status, 'awaiting_review');
  refusedWith(await at('reviewer', 'POST', renewal, '/approval', { content_sha256: seen.content_sha256, version: -1 }), 422, 'fields_invalid', 'version');
  const now = await caseOf('reviewer-2', renewal);
  const approved = await at('reviewer-2', 'POST', renewal, '/approval', { content_sha256: now.content_sha256, version: now.version }, { 'idempotency-key': `approve-${renewal.renewal_no}` });
  assert.equal(approved.status, 200, approved.text);
  const done = (await listed('reviewer-2', { tab: 'done', text: renewal.renewal_no }))[0];
  assert.equal(done.decision, 'approve');
});

test('a sample is looked at once', async () => {
  const { renewal } = await paidRenewal();
  refusedWith(await at('reviewer', 'POST', renewal, '/sample', { verdict: 'right' }), 404, 'sample_unknown');
  refusedWith(await at('reviewer', 'POST', renewal, '/sample', { verdict: 'perhaps' }), 422, 'fields_invalid', 'verdict');
  refusedWith(await at('reviewer', 'POST', renewal, '/sample', { verdict: 'wrong', note: ' ' }), 422, 'fields_invalid', 'note');
  sql(`insert into xuqi.review_sample (renewal_no) values ('${renewal.renewal_no}')`);
  assert.equal((await at('reviewer', 'POST', renewal, '/sample', { verdict: 'wrong', note: '照片不符' })).status, 200);
  refusedWith(await at('reviewer-2', 'POST', renewal, '/sample', { verdict: 'right' }), 409, 'sample_looked');
});

test('figures are told to the desk and to Prometheus', async () => {
  const figures = await described('GET', '/figures', call('senior', 'GET', '/figures'));
  assert.ok(figures.json.desk.decided > 0 && figures.json.desk.approved > 0);
  assert.ok(figures.json.reviewers.some((it) => it.reviewer === 'reviewer-2'));
  const own = await described('GET', '/figures', call('reviewer', 'GET', '/figures?from=2026-01-01&to=2099-01-01'));
  assert.ok(own.json.reviewers.every((it) => it.reviewer === 'reviewer'));
  refusedWith(await call('senior', 'GET', '/figures?from=yesterday&to=2026-02-30'), 422, 'fields_invalid', 'from', 'to');
  const metrics = await (await fetch(`${demo.admin_url}/metrics`)).text();
  assert.match(metrics, /xuqi_review_cases\{state="waiting"\} \d+/);
  assert.match(metrics, /xuqi_reviews_of_the_day\{reviewer="reviewer-2",decision="approve"\} \d+/);
  assert.match(metrics, /xuqi_calendar_days_left \d+/);
});

test('who reviews does not review himself', async () => {
  const { renewal } = await paidRenewal();
  const { agent } = await client.application(demo);
  // A secret is read from files that belong to who runs the command, and to nobody else.
  const place = mkdtempSync('/tmp/xuqi-person-');
  const { uid, gid } = statSync(`${folder}/xuqid.yaml`);
  for (const [file, text] of [['id', agent.id_number], ['mobile', agent.mobile]]) {
    writeFileSync(`${place}/${file}`, `${text}\n`, { mode: 0o600 });
    chownSync(`${place}/${file}`, uid, gid);
  }
  chownSync(place, uid, gid);
  const person = (...files) => ctl('staff', 'person', 'reviewer-2', '--id-number-file', `${place}/${files[0]}`, '--mobile-file', `${place}/${files[1]}`);
  assert.match(String(person('id', 'mobile')), /noted/);
  refusedWith(await at('reviewer-2', 'POST', renewal, '/claim', {}), 409, 'reviewer_own');
  assert.match((await action('reviewer-2', renewal, 'claim')).reason, /本人/);
  // By the address alone, in whatever case it is written, and as the recipient alone.
  const other = (await paidRenewal()).renewal;
  const agentIs = (id, mobile, email) => {
    for (const [file, text] of [['id', id], ['mobile', mobile], ['email', email]]) {
      writeFileSync(`${place}/${file}`, `${text}\n`, { mode: 0o600 });
      chownSync(`${place}/${file}`, uid, gid);
    }
    ctl('staff', 'person', 'reviewer-2', '--id-number-file', `${place}/id`, '--mobile-file', `${place}/mobile`, '--email-file', `${place}/email`);
  };
  agentIs('110101199003072519', '13700000001', agent.email.toUpperCase());
  refusedWith(await at('reviewer-2', 'POST', other, '/claim', {}), 409, 'reviewer_own');
  const { recipient } = await client.application(demo);
  agentIs('110101199003072519', recipient.mobile, 'nobody@example.com');
  refusedWith(await at('reviewer-2', 'POST', other, '/claim', {}), 409, 'reviewer_own');
  agentIs('110101199003072519', '13700000001', 'nobody@example.com');
  assert.equal((await at('reviewer-2', 'POST', other, '/claim', {})).status, 200);
  sql(`update xuqi.staff set person_sealed = null, person_id_index = null, person_mobile_index = null, person_email_index = null, person_recipient_index = null, person_legal_index = null, person_portal_index = null where name = 'reviewer-2'`);
  rmSync(place, { recursive: true });
});

test('who somebody is he notes himself, with password and code again; his own account at the web hall is his own', async () => {
  const person = hire(['reviewer']), token = seat(person), path = '/api/v1/staff/person';
  const mobile = `139${String(Date.now() % 1e8).padStart(8, '0')}`;
  const note = (body) => client.call(demo.base_url, 'PUT', path, { token, body: { password: person.password, totp: client.totp(person.totp_secret), id_number: '110101199003072519', mobile, ...body } });
  const known = async () => { const answer = await client.call(demo.base_url, 'GET', path, { token }); conforms('get', path, answer); return answer.json; };
  assert.deepEqual(await known(), { noted: false, email: false, noted_at: null });
  for (const [body, fields] of [[{ id_number: '110101199003072518' }, 'id_number'], [{ mobile: '12345' }, 'mobile'], [{ email: 'nobody' }, 'email'], [{ name: 'x' }, 'name'], [{ id_number: '', mobile: '' }, 'id_number mobile']]) {
    const answer = await note(body);
    assert.deepEqual([answer.status, answer.json.fields.map((it) => it.path).join(' ')], [422, fields]);
  }
  const wrong = await note({ password: 'not the password' });
  conforms('put', path, wrong);
  refusedWith(wrong, 403, 'step_up_refused');
  refusedWith(await note({ totp: '000000' }), 403, 'step_up_refused');
  assert.deepEqual(await known(), { noted: false, email: false, noted_at: null });
  sql('delete from xuqi.sms_code');
  await portal.session(mobile);
  const { renewal_no } = (await paidRenewal()).renewal; // as if it had come from there
  sql(`insert into xuqi.renewal_portal (renewal_no, account_id) select '${renewal_no}', max(id) from xuqi.portal_account`);
  const body = { totp: client.totp(person.totp_secret, Date.now() + 30000), email: 'nobody-else@example.com' };
  const noted = await note(body);
  conforms('put', path, noted);
  const { noted_at, ...rest } = noted.json;
  assert.deepEqual([noted.status, rest], [200, { noted: true, email: true }]);
  assert.ok(Math.abs(Date.now() - Date.parse(noted_at)) < 60_000, noted_at);
  assert.deepEqual([(await note(body)).json, await known()], [noted.json, noted.json], 'sent again');
  refusedWith(await note({ ...body, mobile: '13700000001' }), 403, 'step_up_refused');
  assert.equal(sql(`select count(*) from xuqi.audit_event where action = 'staff.person' and actor = 'staff:${person.name}' and object = actor`), '1');
  const refused = await client.call(demo.base_url, 'POST', `/api/v1/review/cases/${renewal_no}/claim`, { token, body: {} });
  refusedWith(refused, 409, 'reviewer_account');
  assert.match(refused.json.title, /网上营业厅账号/, 'and is told why');
  sql('delete from xuqi.login_failure');
});

test('a calendar is imported whole or not at all', async () => {
  const year = `${folder}/config/calendar/2026.csv`;
  assert.match(String(ctl('calendar', 'import', year)), /^known: 2026/);
  assert.equal(sql('select count(*) from xuqi.calendar_day where year = 2026'), '39');
});
