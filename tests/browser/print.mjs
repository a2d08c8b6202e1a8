// SPDX-License-Identifier: Apache-2.0
// What comes out of the printer: an order, an account's page of the ledger, the reconciliation sheet, and the form to be sealed,
// which the server draws. Poppler says what is on the paper. Runs like flow/main.mjs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as client from '../support/client.mjs';
import { launch, visitor } from '../support/browser.mjs';
import { seated } from '../support/desk.mjs';
import { draft } from '../support/hall.mjs';
import { hire } from '../support/staff.mjs';
import { today } from '../support/statement.mjs';
import { demo, newSubscriber, paidRenewal, sql } from '../support/world.mjs';

const folder = mkdtempSync(join(tmpdir(), 'xuqi-print-'));
let browser, auditor, clerk, paid;
before(async () => {
  browser = await launch();
  [auditor, clerk] = [hire(['auditor']), hire(['finance'])];
  paid = await paidRenewal();
});
after(() => browser.close());

let papers = 0;
// What Poppler reads off it: pages, their size, the text without spaces, the fonts that are not on the paper itself.
function read(pdf) {
  const file = join(folder, `${++papers}.pdf`);
  writeFileSync(file, pdf);
  const tell = (program, ...args) => execFileSync(program, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  const info = tell('pdfinfo', file);
  const fonts = tell('pdffonts', file).trim().split('\n').slice(2);
  const picture = join(folder, `${papers}`);
  execFileSync('pdftoppm', ['-gray', '-r', '20', '-singlefile', file, picture]);
  return {
    pages: Number(/^Pages:\s+(\d+)/m.exec(info)[1]),
    size: /^Page size:\s+([\d.]+) x ([\d.]+)/m.exec(info).slice(1).map((it) => Math.round(Number(it))),
    text: tell('pdftotext', '-layout', file, '-').replace(/\s/g, ''),
    away: fonts.filter((line) => !/\s(yes)\s+(yes|no)\s+(yes|no)\s+\d+\s+\d+$/.test(line)),
    fonts: fonts.length,
    ground: readFileSync(`${picture}.pgm`).at(-1), // the last corner: the paper's own colour
  };
}
function printed(paper, { has, not }) {
  for (const text of has) assert.ok(paper.text.includes(text.replace(/\s/g, '')), `${text} is not in: ${paper.text}`);
  for (const text of not) assert.ok(!paper.text.includes(text), `${text} is on the paper`);
  assert.ok(paper.fonts > 0 && paper.away.length === 0, `fonts that are not embedded: ${paper.away}`);
  assert.equal(paper.ground, 255, 'white paper, also of who works in the dark');
}
const shell = ['跳到正文', 'English', '我的业务单', '退出', '锁屏', '审核队列', '导出'];

test('an order is one sheet with what was paid for, without navigation or buttons', async () => {
  const page = await visitor(browser, { dark: true });
  await page.goto(paid.renewal.pay_url, { waitUntil: 'domcontentloaded' });
  await page.getByRole('heading', { name: '订单详情' }).waitFor();
  await page.getByRole('button', { name: '撤销申请' }).waitFor();
  const paper = read(await page.pdf({ preferCSSPageSize: true }));
  assert.deepEqual([paper.pages, ...paper.size], [1, 595, 842]);
  printed(paper, { has: [paid.renewal.renewal_no, paid.renewal.order_no, '支付成功', '¥200.00', '贰佰元整'], not: [...shell, '撤销申请', '复制', '立即支付'] });
});

test('an order that is not paid prints where to pay, and no form', async () => {
  const { renewal_no, pay_url } = (await client.submit(demo, newSubscriber(), { platform: 'gd-drug', change: (it) => ({ ...it, invoice: { kind: 'paper_fixed' } }) })).json;
  const page = await visitor(browser);
  await page.goto(pay_url, { waitUntil: 'domcontentloaded' });
  await page.getByRole('radio', { name: '银行转账' }).check();
  await page.getByText('开户公司名称').waitFor();
  const paper = read(await page.pdf({ preferCSSPageSize: true }));
  assert.ok(paper.pages <= 2, `${paper.pages} sheets`);
  printed(paper, { has: [renewal_no, '开户公司名称', '7443 9001 8260 0096 874', '附言请填写'], not: [...shell, '第1笔转账', '点击添加', '请选择支付方式'] });
});

test('an account\'s page of the ledger has its days, its heads on every sheet and its sums', async () => {
  const page = await seated(browser, auditor, '/finance/ledger/gateway_clearing?owner=alipay', { dark: true });
  const txn = sql(`select paid_gateway_txn from xuqi."order" where order_no = '${paid.renewal.order_no}'`);
  await page.getByRole('row').filter({ hasText: txn }).waitFor();
  const paper = read(await page.pdf({ preferCSSPageSize: true }));
  assert.deepEqual(paper.size, [842, 595]);
  printed(paper, { has: ['支付渠道待清算 支付宝的分录', txn, '渠道收款', today().slice(0, 8)], not: [...shell, '刷新', '再显示一些'] });
  assert.equal(paper.text.split('凭证时间事项').length - 1, paper.pages, 'the head of the table on each sheet');
  await page.goto(`${demo.staff_url}/staff/finance/ledger`);
  await page.getByText('借贷平衡').waitFor();
  printed(read(await page.pdf({ preferCSSPageSize: true })), { has: ['期初', '本期发生', '期末', '合计', '借贷平衡'], not: [...shell, '上一'] });
});

test('the reconciliation sheet has its days and three sources, and nothing to press', async () => {
  const page = await seated(browser, clerk, '/finance/reconciliation');
  await page.getByRole('row').filter({ hasText: today() }).filter({ hasText: '支付宝' }).first().waitFor();
  await page.getByText('清算户余额说明').waitFor();
  const paper = read(await page.pdf({ preferCSSPageSize: true }));
  printed(paper, { has: ['网关对账', today(), '支付宝', '银联', '微信支付', `—${today()}`], not: [...shell, '刷新', '登记到账', '上传账单', '操作'] });
});

test('the form to be sealed is one A4 page with the order\'s number, everything on it to be read', async () => {
  const renewal = await draft();
  const page = await visitor(browser);
  await page.goto(renewal.pay_url, { waitUntil: 'domcontentloaded' });
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /下载申请表/ }).click()]);
  const paper = read(readFileSync(await download.path()));
  assert.deepEqual([paper.pages, ...paper.size], [1, 595, 842]);
  const organisation = sql(`select substring(c.subject from 'O=([^,]+)') from xuqi.certificate as c join xuqi.renewal as r on r.certificate_fingerprint = c.fingerprint where r.renewal_no = '${renewal.renewal_no}'`);
  const rules = sql(`select platform_version from xuqi.renewal where renewal_no = '${renewal.renewal_no}'`);
  printed(paper, { has: ['数字证书续期申请表', renewal.renewal_no, organisation, '经办人签字', '单位公章', `表单版本：${rules.slice(0, 12)}`], not: ['下载', '删除', '次更正'] });
});
