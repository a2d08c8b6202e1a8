// SPDX-License-Identifier: Apache-2.0
// Clean cases pass without a person and are looked at afterwards: what should not have passed is somebody's, too many of them stop the
// platform, and a senior reviewer resumes it. Each refusal with its code. With a platform of its own. Runs like main.mjs.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import * as client from '../support/client.mjs';
import { startWeb } from '../support/extra_web.mjs';
import { conforms } from '../support/openapi.mjs';
import { events, hire, seat } from '../support/staff.mjs';
import { demo as installed, newSubscriber, sql } from '../support/world.mjs';

const platform = `samples-${Date.now().toString(36)}`; // another each time: what is stopped stays in the database
let web, demo, reviewer, senior, second, elsewhere, auditor, clerk;

before(async () => {
  web = await startWeb(platform, Number(new URL(installed.base_url).port) + 6, {
    [platform]: (texts) => texts['sz-consumables'].replace(/^review:\n.*\n.*$/m, 'review:\n  kind: automatic\n  sample_percent: 100\n  sample_last: 4\n  wrong_percent: 25'),
  });
  demo = web.demo;
  [reviewer, senior, second, elsewhere, auditor, clerk] = [['reviewer'], ['senior_reviewer'], ['senior_reviewer'], ['senior_reviewer'], ['auditor'], ['finance']].map((roles) => hire(roles));
  sql(`update xuqi.staff set platforms = '{gpo}' where name = '${elsewhere.name}'`);
  for (const person of [reviewer, senior, second, elsewhere, auditor, clerk]) person.token = seat(person);
});
after(() => web.stop());

const call = async (who, method, template, body, parts = {}, query = '') => {
  const path = template.replace(/\{(\w+)\}/g, (_, name) => parts[name]);
  const answer = await client.call(demo.base_url, method, `/api/v1/review${path}${query}`, { token: who.token, body });
  conforms(method.toLowerCase(), `/api/v1/review${template}`, answer);
  return answer;
};
const refused = (answer, status, code) => { assert.equal(answer.json?.code, code, answer.text); assert.equal(answer.status, status); return answer.json; };
const judge = (who, no, verdict, note) => call(who, 'POST', '/cases/{no}/sample', { verdict, ...(note ? { note } : {}) }, { no });
const mistakes = async (who, state = 'open') => (await call(who, 'GET', '/mistakes', undefined, {}, `?state=${state}`)).json.mistakes.filter((it) => it.platform === platform);
const pass = async (who) => (await call(who, 'GET', '/passes')).json.passes.find((it) => it.platform === platform);
const resume = (who, stop, reason = '已核对，规则已更正') => call(who, 'POST', '/passes/{platform}/resumption', { reason, stop }, { platform });
const assign = (who, no, owner, version) => call(who, 'POST', '/mistakes/{no}/assignment', { owner, version }, { no });
const close = (who, no, version, reason = '已联系单位，证书已吊销') => call(who, 'POST', '/mistakes/{no}/closing', { reason, version }, { no });
const statusOf = (no) => sql(`select status from xuqi.renewal where renewal_no = '${no}'`);
async function paid() {
  const renewal = (await client.submit(demo, newSubscriber(), { platform })).json;
  await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, (await client.pay(demo, renewal)).json)));
  return renewal.renewal_no;
}

let first, cases;
test('a clean case passes without a person and is drawn for a look', async () => {
  cases = [await paid(), await paid(), await paid()];
  for (const no of cases) assert.equal(statusOf(no), 'awaiting_install', no);
  const drawn = (await call(reviewer, 'GET', '/cases', undefined, {}, `?tab=sample&platform=${platform}`)).json.cases.map((it) => it.renewal_no);
  assert.deepEqual(drawn.sort(), [...cases].sort());
  const steps = (await call(reviewer, 'GET', '/cases/{no}', undefined, { no: cases[0] })).json;
  assert.deepEqual(steps.steps.map((it) => [it.step, it.by]).at(-1), ['pass', null]);
  assert.equal(steps.actions.find((it) => it.action === 'sample').allowed, true);
  const state = await pass(reviewer);
  assert.deepEqual([state.sample_permyriad, state.sample_last, state.wrong_permyriad, state.looked, state.samples_open, state.stop], [10000, 4, 2500, 0, 3, null]);
});

test('a sample that should not have passed needs a reason, opens a finding, and is judged once', async () => {
  first = cases[0];
  refused(await judge(reviewer, first, 'wrong'), 422, 'fields_invalid');
  refused(await judge(clerk, first, 'wrong', '照片不符'), 403, 'forbidden');
  refused(await judge(elsewhere, first, 'wrong', '照片不符'), 403, 'platform_forbidden');
  assert.equal((await judge(reviewer, first, 'wrong', '照片不符')).status, 200);
  assert.equal((await judge(reviewer, first, 'wrong', '照片不符')).status, 200, 'the same again');
  const late = refused(await judge(senior, first, 'right'), 409, 'sample_looked');
  assert.deepEqual([late.changed.by, late.changed.step], [`测试 ${reviewer.name}`, 'sample']);
  const [found, ...others] = await mistakes(auditor);
  assert.equal(others.length, 0);
  assert.deepEqual([found.renewal_no, found.note, found.owner, found.age_days, found.version, found.pass_stopped], [first, '照片不符', null, 0, 1, false]);
  refused(await call(clerk, 'GET', '/mistakes'), 403, 'forbidden');
  assert.ok(events('review.mistake', 1)[0].startsWith(`staff:${reviewer.name} ${first}`));
});

test('a finding is given to somebody, and who comes late is told who was faster', async () => {
  const [{ version }] = await mistakes(senior);
  refused(await assign(reviewer, first, reviewer.name, version), 403, 'forbidden');
  refused(await assign(elsewhere, first, reviewer.name, version), 403, 'platform_forbidden');
  refused(await assign(senior, first, clerk.name, version), 404, 'staff_unknown');
  refused(await assign(senior, cases[1], reviewer.name, version), 404, 'mistake_unknown');
  refused(await assign(senior, first, reviewer.name), 422, 'fields_invalid');
  refused(await assign(senior, first, reviewer.name, 0), 422, 'fields_invalid');
  assert.equal((await assign(senior, first, reviewer.name, version)).status, 200);
  const late = refused(await assign(second, first, second.name, version), 409, 'mistake_changed');
  assert.deepEqual([late.changed.by, late.changed.step], [`测试 ${senior.name}`, 'assignment']);
  refused(await close(second, first, version), 409, 'mistake_changed');
  assert.equal((await mistakes(senior))[0].owner, reviewer.name);
});

test('more wrong ones than the platform allows stop its passing, with what was counted', async () => {
  assert.equal((await judge(senior, cases[1], 'wrong', '单位名称不符')).status, 200);
  const { stop, resume: may, mistakes_open: open } = await pass(senior);
  assert.deepEqual([stop.wrong, stop.looked, open, may.allowed, may.code], [2, 2, 2, false, 'mistakes_open']);
  assert.match(may.reason, /未处理/);
  const held = await paid();
  assert.equal(statusOf(held), 'awaiting_review');
  assert.ok((await mistakes(senior)).every((it) => it.pass_stopped));
  assert.ok(events('review.pass_stopped', 1)[0].includes(`platform:${platform}`));
  assert.match((await client.call(installed.admin_url, 'GET', '/metrics')).text, new RegExp(`xuqi_review_passes_stopped\\{platform="${platform}"\\} 1`));
});

test('it is resumed by a senior reviewer who says why, once everything is dealt with', async () => {
  const { stop } = await pass(senior);
  refused(await resume(senior, stop.id), 409, 'mistakes_open');
  for (const { renewal_no: no, version } of await mistakes(senior)) {
    refused(await close(reviewer, no, version), 403, 'forbidden');
    refused(await close(senior, no, version, ' '), 422, 'fields_invalid');
    assert.equal((await close(senior, no, version)).status, 200);
    const late = refused(await close(second, no, version), 409, 'mistake_closed');
    assert.deepEqual([late.changed.by, late.changed.step], [`测试 ${senior.name}`, 'closing']);
  }
  assert.deepEqual((await mistakes(auditor, 'closed')).map((it) => it.reason), Array(2).fill('已联系单位，证书已吊销'));
  assert.equal((await pass(reviewer)).resume.code, 'senior_only');
  assert.equal((await pass(auditor)).resume.allowed, false);
  refused(await resume(reviewer, stop.id), 403, 'forbidden');
  refused(await resume(auditor, stop.id), 403, 'forbidden');
  refused(await resume(elsewhere, stop.id), 403, 'platform_forbidden');
  refused(await resume(senior, stop.id, ' '), 422, 'fields_invalid');
  refused(await resume(senior, 0), 422, 'fields_invalid');
  assert.equal((await pass(senior)).resume.allowed, true);
  assert.equal((await resume(senior, stop.id)).status, 200);
  assert.equal((await resume(senior, stop.id)).status, 200, 'the same again');
  const late = refused(await resume(second, stop.id), 409, 'pass_running');
  assert.deepEqual([late.changed.by, late.changed.step], [`测试 ${senior.name}`, 'resumption']);
  const { stop: none, resumed } = await pass(reviewer);
  assert.equal(none, null);
  assert.deepEqual([resumed.by, resumed.reason], [`测试 ${senior.name}`, '已核对，规则已更正']);
  assert.equal(statusOf(await paid()), 'awaiting_install');
});
