// SPDX-License-Identifier: Apache-2.0
// Bank branches: imported by xuqictl, found by keyword. The installation's own list is put back at the end. Runs like main.mjs.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import * as client from '../support/client.mjs';
import { ctl, demo, folder, sql } from '../support/world.mjs';
import { conforms } from '../support/openapi.mjs';

let work;
before(() => {
  work = mkdtempSync(`${folder}/bank-test-`);
  chmodSync(work, 0o755);
});
after(() => {
  ctl('bank', 'import', `${folder}/config/banks/head_offices.csv`);
  rmSync(work, { recursive: true });
});

const search = (keyword) => client.call(demo.base_url, 'GET', `/api/v1/banks?keyword=${encodeURIComponent(keyword)}`);
const names = async (keyword) => (await search(keyword)).json.banks.map((it) => it.name);
const file = (text) => {
  const path = join(work, 'list.csv');
  writeFileSync(path, text);
  return path;
};
const imported = (text, ...options) => ctl('bank', 'import', file(text), ...options);
function refused(text) {
  try {
    imported(text);
  } catch (error) {
    return { status: error.status, said: error.stderr.toString() };
  }
  return assert.fail('was imported');
}
const count = () => sql('select count(*) from xuqi.bank_branch');
const line = (i, city = '广州') => `${String(302581000000 + i)},中信银行${city}第${i}支行,中信银行,广东,${city}\n`;
const HEAD = '联行号,行名,银行,省份,城市\n';

test('an installation knows the head offices', async () => {
  const answer = await search('工商');
  conforms('get', '/api/v1/banks', answer);
  assert.deepEqual(answer.json, { banks: [{ code: '102100099996', name: '中国工商银行总行', bank: '中国工商银行', province: '北京', city: '北京' }], more: false });
  assert.deepEqual(await names('广州 银行'), ['广州农村商业银行总行', '广州银行总行']);
  assert.deepEqual(await names('　中国　建设 '), ['中国建设银行总行'], 'ideographic spaces part words');
  assert.deepEqual(await names('302100'), ['中信银行总行'], 'digits begin the code');
  assert.deepEqual(await names('银行 308'), ['招商银行总行']);
  assert.deepEqual(await names('没有这家'), []);
});

test('a long answer is cut at twenty and says so', async () => {
  imported(HEAD + Array.from({ length: 30 }, (_, i) => line(i + 10)).join(''));
  const answer = await search('中信');
  assert.equal(answer.json.banks.length, 20);
  assert.equal(answer.json.more, true);
  assert.equal((await search('第10')).json.more, false);
});

const REFUSED = [
  ['nothing', '/api/v1/banks', 'required'], ['an empty word', '/api/v1/banks?keyword=', 'required'], ['spaces', '/api/v1/banks?keyword=%20%E3%80%80', 'required'],
  ['one character', `/api/v1/banks?keyword=${encodeURIComponent('工')}`, 'length'], ['one character among words', `/api/v1/banks?keyword=${encodeURIComponent('银行 工')}`, 'length'],
  ['too many words', `/api/v1/banks?keyword=${encodeURIComponent(Array(9).fill('银行').join(' '))}`, 'too_many'],
  ['too long a word', `/api/v1/banks?keyword=${encodeURIComponent('银'.repeat(61))}`, 'too_long'],
];
for (const [what, path, code] of REFUSED)
  test(`${what} is refused`, async () => {
    const answer = await client.call(demo.base_url, 'GET', path);
    conforms('get', '/api/v1/banks', answer);
    assert.equal(answer.status, 422, answer.text);
    assert.deepEqual(answer.json.fields.map((it) => `${it.path} ${it.code}`), [`keyword ${code}`]);
  });

test('hostile words find nothing and break nothing', async () => {
  for (const word of ['%%', '__', '\\\\', "';--", '"quotes"', '银%行', '{a,b}', '\u202e\u0301', '𠮷𠮷', "银行' or '1'='1"])
    assert.deepEqual((await search(word)).json.banks, [], word);
  assert.equal((await client.call(demo.base_url, 'GET', '/api/v1/banks?keyword=%00%00')).status, 400);
  assert.equal((await client.call(demo.base_url, 'GET', '/api/v1/banks?keyword=%ff%fe')).status, 400);
  assert.equal((await search('银'.repeat(3400))).status, 414);
});

test('an import counts what is new, changed, removed and unchanged; a dry run changes nothing', () => {
  imported(HEAD + line(1) + line(2));
  const next = HEAD + line(1) + line(2, '深圳') + line(3);
  assert.match(imported(next, '--dry-run', 'yes'), /^checked: 新增 added 1, 更改 changed 1, 删除 removed 0, 未变 unchanged 1/);
  assert.equal(count(), '2');
  assert.match(imported(next), /^imported: 新增 added 1, 更改 changed 1, 删除 removed 0, 未变 unchanged 1/);
  assert.match(imported(next), /^known: .* unchanged 3/);
  assert.match(imported(HEAD + line(3)), /^imported: .* removed 2, 未变 unchanged 1/);
  assert.equal(sql(`select detail from xuqi.audit_event where action = 'bank.import' order by id desc limit 1`), 'added 0, changed 0, removed 2');
});

test('one bad row imports nothing and is named by its line', () => {
  imported(HEAD + line(1));
  for (const [row, said] of [['12,中信银行\n', /第 3 行.*列数/], ['12,中信银行某支行,,,\n', /第 3 行.*12位/], [line(1), /第 3 行.*重复/], ['302581000002,,,,\n', /第 3 行.*行名/]]) {
    const answer = refused(HEAD + line(1) + row + line(5));
    assert.equal(answer.status, 1);
    assert.match(answer.said, said);
    assert.match(answer.said, /未导入任何数据/);
    assert.equal(count(), '1');
  }
  assert.match(refused('name\nx\n').said, /表头/);
  assert.match(refused('').said, /表头/);
});

test('a list in GB18030 is read as well', async () => {
  const text = HEAD + line(7, '佛山');
  imported(execFileSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030'], { input: text }));
  assert.deepEqual(await names('佛山'), ['中信银行佛山第7支行']);
});
