// SPDX-License-Identifier: Apache-2.0
// The form, rule by rule: each with the request that breaks it and the field and code it is answered with. The blocks that
// the guide for expired bidding certificates asks for are tried on a platform of the test's own, a sixth file, served by a
// web process of its own: filled in as that guide says, but proved by the current key. Runs like main.mjs.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, cpSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as client from '../support/client.mjs';
import { ctl, demo, folder, newSubscriber, sql } from '../support/world.mjs';
import { conforms } from '../support/openapi.mjs';

const ORGANISATION = '深圳市金融认证测试有限公司';
const port = Number(new URL(demo.base_url).port) + 3;
const own = { ...demo, base_url: `http://127.0.0.1:${port}`, staff_url: `http://127.0.0.1:${port + 1}` };
client.deskAt(own.base_url, own.staff_url);
let server, work;

function writePlatform() {
  const text = readFileSync(`${folder}/config/platforms/szca-bidding.yaml`, 'utf8');
  const change = (from, to) => (it) => { assert.match(it, from); return it.replace(from, to); };
  const changes = [
    change(/^proofs: .*$/m, 'proofs: [current_key]'), change(/^identity_steps: .*$/m, 'identity_steps: []'),
    change(/^ {2}unexpired: false/m, '  unexpired: true'), change(/^ {2}opens_days_before: 0 .*$/m, '  opens_days_before: -1'),
    change(/^ {2}always: .*$/m, '  always: []'), change(/^open_per_organisation: 1 .*$/m, 'open_per_organisation: 0'),
  ];
  writeFileSync(join(work, 'platforms', 'form-test.yaml'), changes.reduce((it, apply) => apply(it), text));
}

before(async () => {
  const { uid, gid } = statSync(`${folder}/xuqid.yaml`);
  work = mkdtempSync(`${folder}/form-test-`);
  cpSync(`${folder}/config/platforms`, join(work, 'platforms'), { recursive: true });
  writePlatform();
  const settings = readFileSync(`${folder}/xuqid.yaml`, 'utf8').replace('platforms: config/platforms', `platforms: ${work}/platforms`)
    .replace(/^ {2}port: .*$/m, `  port: ${port}`).replace(/^ {2}admin_port: .*$/m, '  admin_port: 0')
    .replace(/^ {2}staff_url: .*$/m, `  staff_url: ${own.staff_url}`).replace(/^ {2}staff_port: .*$/m, `  staff_port: ${port + 1}`)
    .replace(/^ {2}public_url: .*$/m, `  public_url: ${own.base_url}`);
  const file = `${folder}/form-test.yaml`; // relative paths in it are relative to its folder
  writeFileSync(file, settings);
  for (const path of [work, `${work}/platforms`, file]) chownSync(path, uid, gid);
  ctl('platform', 'load', 'form-test', '--yes', '--config', file);
  server = spawn(`${folder}/bin/xuqid`, ['--config', file, '--role', 'web'], { uid, gid, cwd: '/', stdio: 'ignore', env: { PATH: process.env.PATH, LANG: 'C.UTF-8' } });
  for (const end = Date.now() + 15000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100)))
    if ((await client.call(own.base_url, 'GET', '/readyz').catch(() => ({}))).status === 200) return;
  assert.fail('the web process with the test\'s platform is ready');
});
after(() => server.kill('SIGTERM'));

const submit = (subscriber, change = (it) => it, { platform = 'form-test', at = own } = {}) =>
  client.submit(at, subscriber, { platform, change });
const subscriber = () => newSubscriber({ organisation: ORGANISATION });
// Refusals use up no nonce and no certificate: one subscriber serves them all.
let refusedOne;
async function refused(change, field, code, options = {}) {
  refusedOne ??= subscriber();
  const answer = await submit(options.by ?? refusedOne, change, options);
  assert.equal(answer.json.code, 'fields_invalid', answer.text);
  assert.deepEqual(answer.json.fields.map((it) => `${it.path} ${it.code}`), [`${field} ${code}`], answer.text);
  assert.equal(answer.status, 422);
  return answer;
}
const set = (path, value) => (it) => {
  const [block, member] = path.split('.');
  return { ...it, [block]: { ...it[block], [member]: value } };
};
const without = (path) => (it) => {
  const [block, member] = path.split('.');
  const copy = { ...it, [block]: member ? { ...it[block] } : undefined };
  if (member) delete copy[block][member];
  return copy;
};

const rowOf = (renewal, columns) => sql(`select ${columns} from xuqi.renewal_content where renewal_no = '${renewal.renewal_no}'`);

test('a platform says which blocks and fields it asks for, with labels, hints and rules', async () => {
  const blocksOf = async (id, at = demo) => (await client.platformOf(at, id)).form.map((it) => `${it.name} ${it.demand}`).join(', ');
  const three = 'agent required, recipient required, invoice required';
  for (const id of ['gd-drug', 'gpo', 'pingan', 'sz-consumables']) assert.equal(await blocksOf(id), three, id);
  assert.equal(await blocksOf('szca-bidding'), 'agent required, recipient optional, organisation required, legal_person required, basic_account required, invoice required');
  const answer = await client.call(demo.base_url, 'GET', '/api/v1/platforms/szca-bidding');
  conforms('get', '/api/v1/platforms/{platform}', answer);
  const fields = Object.fromEntries(answer.json.form.flatMap((block) => block.fields).map((it) => [it.name, it]));
  assert.equal(fields['agent.id_number'].help, '必须填写真实有效的身份证号码');
  assert.equal(fields['legal_person.name'].label, '法人姓名');
  assert.match(fields['basic_account.bank_name'].help, /输入“工商”关键字即可/);
  assert.deepEqual(fields['organisation.id_type'].choices.map((it) => it.value), ['uscc', 'organisation_code', 'other']);
  assert.deepEqual(fields['invoice.kind'].choices.map((it) => it.label), ['无需发票', '电子发票']);
  assert.equal(fields['invoice.tax_id'].demand, 'when_electronic');
  const drug = (await client.platformOf(demo, 'gd-drug')).form.flatMap((block) => block.fields);
  assert.equal(drug.find((it) => it.name === 'agent.address').demand, 'when_expired');
});

test('every platform that takes a signature takes the form as its answer draws it', async () => {
  for (const platform of ['gd-drug', 'gpo', 'sz-consumables', 'form-test']) {
    const answer = await submit(subscriber(), undefined, { platform });
    assert.equal(answer.status, 201, `${platform}: ${answer.text}`);
    conforms('post', '/api/v1/renewals', answer);
    assert.deepEqual(answer.json.warnings, [], platform);
  }
});

test('organisation, legal person and account are sealed; the reviewer sees them masked, with the warnings', async () => {
  const answer = await submit(subscriber(), (it) => set('basic_account.bank_code', '302100011001')(set('invoice.tax_id', '91440300708461136T')(it)));
  assert.equal(answer.status, 201, answer.text);
  assert.deepEqual(answer.json.warnings.map((it) => `${it.field} ${it.code}`), ['basic_account.bank_code check_digit', 'invoice.tax_id differs_from_organisation']);
  assert.ok(answer.json.warnings.every((it) => it.text && it.text_en));
  const session = (await client.login(demo, 'reviewer')).json.token;
  const seen = await client.call(own.base_url, 'GET', `/api/v1/review/cases/${answer.json.renewal_no}`, { token: session });
  conforms('get', '/api/v1/review/cases/{no}', seen);
  assert.deepEqual(seen.json.warnings, answer.json.warnings);
  assert.deepEqual(Object.fromEntries(seen.json.form.map((it) => [it.name, it.value])), {
    'agent.address': '广东省深圳市***',
    'organisation.name': ORGANISATION, 'organisation.id_type': 'uscc', 'organisation.id_number': '9144030071526726XG', 'organisation.address': '广东省深圳市***',
    'legal_person.name': '胡**', 'legal_person.id_type': 'resident_id', 'legal_person.id_number': '440***********0023', 'legal_person.mobile': '137****7000',
    'basic_account.name': ORGANISATION, 'basic_account.bank_name': '中信银行广州花园支行', 'basic_account.bank_code': '302100011001', 'basic_account.number': '****6874',
  });
  assert.match(rowOf(answer.json, `length(legal_person_id_index), length(account_number_index)`), /^36 36$/);
  const dump = rowOf(answer.json, 'renewal_content::text');
  for (const secret of ['440106198501010023', '7443900182600096874', '胡法人']) assert.ok(!dump.includes(secret), secret);
});

test('the account is found again by its number however it was typed', async () => {
  const typed = async (number) => (await submit(subscriber(), set('basic_account.number', number))).json;
  const [one, other, third] = [await typed('7443 9001 8260 0096 874'), await typed('7443-9001-8260-0096-874'), await typed('7443900182600096875')];
  const index = (renewal) => rowOf(renewal, `encode(account_number_index, 'hex')`);
  assert.equal(index(one), index(other));
  assert.notEqual(index(one), index(third));
});

test('the printed form shows them, on one page', async () => {
  const { json: renewal } = await submit(subscriber());
  const pdf = await client.call(own.base_url, 'GET', `/api/v1/renewals/${renewal.renewal_no}/application_form.pdf`, { token: renewal.access_token });
  assert.equal(pdf.status, 200, pdf.text);
  writeFileSync(join(work, 'form.pdf'), pdf.bytes);
  const text = execFileSync('pdftotext', ['-layout', join(work, 'form.pdf'), '-'], { encoding: 'utf8' }).replace(/\s/g, '');
  for (const word of [ORGANISATION, '统一社会信用代码', '9144030071526726XG', '胡法人', '440106198501010023', '7443900182600096874', '302100011000'])
    assert.ok(text.includes(word), word);
  assert.match(execFileSync('pdfinfo', [join(work, 'form.pdf')], { encoding: 'utf8' }), /Pages:\s+1\n/);
});

test('the recipient copied from the agent has his name, mobile and address', async () => {
  const copied = await submit(subscriber(), (it) => ({ ...it, recipient: { copy_from_agent: true } }), { platform: 'sz-consumables' });
  assert.equal(copied.status, 201, copied.text);
  assert.equal(rowOf(copied.json, 'recipient_masked'), '胡** 138****8000 广东省深圳市***');
  const mixed = await submit(subscriber(), (it) => ({ ...it, recipient: { copy_from_agent: true, name: '李收件' } }), { platform: 'sz-consumables' });
  assert.equal(rowOf(mixed.json, 'recipient_masked'), '李** 138****8000 广东省深圳市***');
  const none = await submit(subscriber(), without('recipient'));
  assert.equal(rowOf(none.json, `'[' || recipient_masked || ']'`), '[]', 'where the platform does not ask for one');
});

test('an expired certificate\'s form asks for the agent\'s address where the guide does', async () => {
  const expired = newSubscriber({ notBefore: '-400 days', notAfter: '-35 days' });
  await refused(without('agent.address'), 'agent.address', 'required', { platform: 'gd-drug', by: expired });
  assert.equal((await submit(subscriber(), without('agent.address'), { platform: 'gd-drug' })).status, 201, 'not one that has not expired');
});

test('the invoice is made out to the organisation where no title is given and the guide says so', async () => {
  const answer = await submit(subscriber(), without('invoice.title'), { platform: 'sz-consumables' });
  assert.equal(answer.status, 201, answer.text);
  assert.equal(sql(`select invoice_title from xuqi.renewal where renewal_no = '${answer.json.renewal_no}'`), ORGANISATION);
  await refused(without('invoice.title'), 'invoice.title', 'required', { platform: 'gpo' });
});

test('the organisation is the certificate\'s, whatever the width of brackets', async () => {
  await refused(set('organisation.name', '别的有限公司'), 'organisation.name', 'differs_from_certificate');
  const brackets = await submit(newSubscriber({ organisation: '测试（深圳）有限公司' }), set('organisation.name', '测试(深圳)有限公司 '));
  assert.equal(brackets.status, 201, brackets.text);
});

const at = (platform) => ({ platform, at: platform === 'form-test' ? own : demo });
const RULES = [
  // the guide's word, platform, what is sent, field, code
  ['经办人证件类型', 'gpo', set('agent.id_type', 'driving_licence'), 'agent.id_type', 'unknown'],
  ['经办人证件号码 must be true', 'gpo', set('agent.id_number', '110105194912310021'), 'agent.id_number', 'check_digit'],
  ['经办人证件号码 of 15 digits is no longer valid', 'gpo', set('agent.id_number', '110105491231002'), 'agent.id_number', 'length'],
  ['经办人姓名', 'gpo', set('agent.name', ' '), 'agent.name', 'required'],
  ['手机号码 must be right', 'sz-consumables', set('agent.mobile', '1380013800'), 'agent.mobile', 'mobile'],
  ['email must be right', 'sz-consumables', set('agent.email', 'agent@'), 'agent.email', 'email'],
  ['经办人地址 in full', 'gd-drug', set('agent.address', '佛山'), 'agent.address', 'length'],
  ['收件人', 'sz-consumables', without('recipient'), 'recipient', 'required'],
  ['收件人 姓名', 'gd-drug', without('recipient.name'), 'recipient.name', 'required'],
  ['收件人 手机', 'gd-drug', without('recipient.mobile'), 'recipient.mobile', 'required'],
  ['收件人 地址', 'gd-drug', without('recipient.address'), 'recipient.address', 'required'],
  ['收件人 地址 in full', 'gd-drug', set('recipient.address', '佛山'), 'recipient.address', 'length'],
  ['收件人 has no identity number', 'gd-drug', set('recipient.id_number', '1'), 'recipient.id_number', 'unknown_field'],
  ['续期时间 that nobody offers', 'gpo', (it) => ({ ...it, term_months: 0 }), 'term_months', 'not_offered'],
  ['发票类型 is chosen', 'gpo', without('invoice'), 'invoice.kind', 'required'],
  ['发票类型 as offered', 'gd-drug', set('invoice.kind', 'electronic'), 'invoice.kind', 'not_offered'],
  ['发票类型 none is not offered', 'gpo', set('invoice.kind', 'none'), 'invoice.kind', 'not_offered'],
  ['纳税人识别号', 'sz-consumables', without('invoice.tax_id'), 'invoice.tax_id', 'required'],
  ['纳税人识别号 with its check digit', 'sz-consumables', set('invoice.tax_id', '9144030071526726XH'), 'invoice.tax_id', 'check_digit'],
  ['发票抬头 in full', 'gpo', set('invoice.title', '某'), 'invoice.title', 'length'],
  ['无需发票 needs no 纳税人识别号', 'form-test', (it) => ({ ...it, invoice: { kind: 'none', tax_id: '9144030071526726XG' } }), 'invoice.tax_id', 'not_allowed'],
  ['无需发票 needs no 抬头', 'form-test', (it) => ({ ...it, invoice: { kind: 'none', title: '某公司' } }), 'invoice.title', 'not_allowed'],
  ['机构信息', 'form-test', without('organisation'), 'organisation', 'required'],
  ['企业名称', 'form-test', set('organisation.name', ''), 'organisation.name', 'required'],
  ['机构证件类型', 'form-test', set('organisation.id_type', 'licence'), 'organisation.id_type', 'unknown'],
  ['机构证件号码', 'form-test', set('organisation.id_number', '9144030071526726XH'), 'organisation.id_number', 'check_digit'],
  ['机构证件号码 has 18 characters', 'form-test', set('organisation.id_number', '9144030071526726X'), 'organisation.id_number', 'length'],
  ['组织机构代码', 'form-test', (it) => set('organisation.id_type', 'organisation_code')(set('organisation.id_number', '71526726-0')(it)), 'organisation.id_number', 'check_digit'],
  ['法人信息', 'form-test', without('legal_person'), 'legal_person', 'required'],
  ['法人姓名', 'form-test', without('legal_person.name'), 'legal_person.name', 'required'],
  ['身份证号码', 'form-test', set('legal_person.id_number', '440106198501010024'), 'legal_person.id_number', 'check_digit'],
  ['移动电话', 'form-test', set('legal_person.mobile', '0755-12345678'), 'legal_person.mobile', 'mobile'],
  ['金融认证信息', 'form-test', without('basic_account'), 'basic_account', 'required'],
  ['基本户名称 is the organisation\'s', 'form-test', set('basic_account.name', '别的有限公司'), 'basic_account.name', 'differs_from_organisation'],
  ['基本户开户行', 'form-test', without('basic_account.bank_name'), 'basic_account.bank_name', 'required'],
  ['联行号', 'form-test', set('basic_account.bank_code', '30210001100'), 'basic_account.bank_code', 'length'],
  ['基本户账号', 'form-test', set('basic_account.number', '1234567'), 'basic_account.number', 'account_number'],
  ['基本户账号 of digits', 'form-test', set('basic_account.number', '7443A900182600'), 'basic_account.number', 'account_number'],
  ['a block that the form does not have', 'gpo', (it) => ({ ...it, organisation: { name: ORGANISATION, id_type: 'uscc', id_number: '9144030071526726XG' } }), 'organisation', 'not_asked'],
  ['an account that nobody asked for', 'gpo', (it) => ({ ...it, basic_account: { name: ORGANISATION, number: '7443900182600096874', bank_name: '中信银行', bank_code: '302100011000' } }), 'basic_account', 'not_asked'],
  ['a member that no form has', 'form-test', set('basic_account.password', '1'), 'basic_account.password', 'unknown_field'],
  ['a line break in a name', 'form-test', set('organisation.name', `${ORGANISATION}\n`), 'organisation.name', 'control_character'],
  ['a name without end', 'form-test', set('organisation.name', '长'.repeat(101)), 'organisation.name', 'too_long'],
];
for (const [rule, platform, change, field, code] of RULES)
  test(`${rule}: ${field} ${code} at ${platform}`, () => refused(change, field, code, at(platform)));

test('all that is wrong is said at once, and nothing of it repeated', async () => {
  const answer = await submit(refusedOne, (it) => ({
    ...it, legal_person: { ...it.legal_person, id_number: '440106198501010024', mobile: '1' },
    organisation: { ...it.organisation, id_number: '91440300ABC' }, basic_account: { ...it.basic_account, number: '66' } }));
  assert.deepEqual(answer.json.fields.map((it) => it.path).sort(), ['basic_account.number', 'legal_person.id_number', 'legal_person.mobile', 'organisation.id_number']);
  for (const secret of ['440106198501010024', '91440300ABC', '"66"']) assert.ok(!answer.text.includes(secret), secret);
});
