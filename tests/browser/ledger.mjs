// SPDX-License-Identifier: Apache-2.0
// The books in a real browser: from the sum down to the gateway's word, a reversal by two people, a line that the bank tells
// otherwise, payouts, the figures. Runs like flow/main.mjs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clean, launch, phone } from '../support/browser.mjs';
import { newAccount, seated, statementFile, swept } from '../support/desk.mjs';
import { hire } from '../support/staff.mjs';
import { today } from '../support/statement.mjs';
import { paidRenewal, sql } from '../support/world.mjs';

let browser, clerk, second, auditor;
const stamp = Date.now().toString(36);
before(async () => {
  browser = await launch();
  [clerk, second, auditor] = [hire(['finance']), hire(['finance']), hire(['auditor'])];
});
after(() => browser.close());

const desk = (path, person = clerk, options) => seated(browser, person, `/finance/${path}`, options);

test('the sum row agrees; an account leads to its transfers, a transfer to its posting, and that to the gateway\'s word', async () => {
  const { renewal } = await paidRenewal();
  const txn = sql(`select paid_gateway_txn from xuqi."order" where order_no = '${renewal.order_no}'`);
  const page = await desk('ledger', auditor);
  await page.getByText('借贷平衡').waitFor();
  const clearing = page.getByRole('row').filter({ hasText: '支付渠道待清算' }).filter({ hasText: '支付宝' });
  await clearing.getByText('未清零').waitFor();
  await clean(page);
  await clearing.getByRole('link', { name: '支付渠道待清算' }).click();
  await page.getByRole('heading', { name: '支付渠道待清算 支付宝的分录' }).waitFor();
  const transfer = page.getByRole('row').filter({ hasText: txn });
  await transfer.getByText('渠道收款').waitFor();
  await clean(page);
  await transfer.getByRole('link').first().click();
  await page.getByRole('heading', { name: /^凭证 / }).waitFor();
  await page.getByText(renewal.renewal_no).first().waitFor();
  const evidence = page.getByRole('row').filter({ hasText: '渠道支付通知' }).first();
  await evidence.getByText(txn).waitFor();
  const digest = sql(`select encode(digest, 'hex') from xuqi.payment_notice where gateway_txn = '${txn}' and posting_id is not null`);
  await evidence.getByText(digest).waitFor();
  await page.getByText('属于订单，随该业务撤销').waitFor();
  assert.equal(await page.getByRole('button', { name: '申请冲销' }).count(), 0);
  await clean(page);
});

test('going back from an account is where one was among them, also when they come late', async () => {
  const page = await desk('ledger', auditor, { viewport: { width: 1000, height: 400 } });
  const last = page.getByRole('row').getByRole('link').last();
  await last.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => window.scrollY);
  assert.ok(before > 100, `${before}`);
  await last.click();
  await page.getByRole('heading', { name: /的分录$/ }).waitFor();
  await page.waitForFunction(() => window.scrollY === 0);
  await page.route('**/api/v1/finance/ledger?**', async (route) => { await new Promise((later) => { setTimeout(later, 400); }); await route.continue(); });
  await page.goBack();
  await page.waitForFunction((there) => Math.abs(window.scrollY - there) < 2, before);
  await clean(page);
});

test('by platform there is only what moved, and the page says why', async () => {
  const page = await desk('ledger?platform=gd-drug');
  await page.getByText('科目不分平台核算').waitFor();
  await page.getByText('借贷平衡').waitFor();
  await clean(page);
});

test('a reversal takes two people', async () => {
  const key = `ledger:${stamp}`;
  const id = sql(`select xuqi.ledger_post('adjust', '${key}', sha256('${key}'), now(), 'story', array[xuqi.account_open('writeoff', '')],
    array[xuqi.account_open('verify_expense', '')], array[123456])`);
  const page = await desk(`postings/${id}`);
  await page.getByRole('button', { name: '申请冲销' }).click();
  const dialog = page.getByRole('dialog', { name: /申请冲销/ });
  await dialog.getByLabel('原因').fill(`重复入账 ${stamp}`);
  await clean(page);
  await dialog.getByRole('button', { name: '申请冲销' }).click();
  await page.getByText(/^已申请冲销（编号/).waitFor();
  await page.getByRole('link', { name: /等待另一人决定/ }).click();
  await page.getByRole('row').filter({ hasText: key }).getByText('由本人提出，须他人决定').waitFor();
  await clean(page);
  const other = await desk('reversals', second);
  const row = other.getByRole('row').filter({ hasText: key });
  await row.getByText('¥1,234.56').waitFor();
  await row.getByRole('button', { name: '同意' }).click();
  await other.getByRole('dialog').getByRole('button', { name: '同意' }).click();
  await other.getByText(/^冲销 \d+：已冲销/).waitFor();
  await clean(other);
  await page.reload();
  await page.goto(page.url().replace(/reversals.*/, `postings/${id}`));
  await page.getByRole('link', { name: /已被凭证 \d+ 冲销/ }).click();
  await page.getByRole('cell', { name: '被冲销的凭证' }).waitFor();
  await clean(page);
});

test('what the bank tells otherwise stands beside what it told before, and a person decides', async () => {
  const account = newAccount();
  const file = statementFile([{ day: today(), fen: 4200, account: '6222020000011112222', name: `变更${stamp}公司`, remark: '一月' }]);
  const page = await desk('statements');
  const bring = async (buffer) => {
    await page.getByLabel('收款账号', { exact: true }).fill(account);
    await page.getByLabel('选择文件并预览').setInputFiles({ ...file, buffer });
  };
  await bring(file.buffer);
  await page.getByRole('button', { name: '确认导入 1 笔' }).click();
  await page.getByText('已导入 1 笔').waitFor();
  const line = sql(`select l.id || ' ' || l.import_id || ' ' || l.collecting_account_id from xuqi.statement_line as l join xuqi.collecting_account as a on a.id = l.collecting_account_id where a.account_no = '${account}'`).split(' ');
  sql(`insert into xuqi.statement_change (collecting_account_id, import_id, reason, line_id, content, fingerprint) values (${line[2]}, ${line[1]}, 'changed', ${line[0]},
    '{"booked_on": "${today()}", "direction": "credit", "amount_fen": 4200, "payer_account": "6222020000011112222", "payer_name": "变更${stamp}公司", "remark": "二月", "kind": "ordinary"}', sha256('${stamp}'))`);
  await page.goto(page.url().replace('statements', 'changes'));
  const change = page.getByRole('article').filter({ hasText: account });
  await change.getByRole('row', { name: /附言/ }).getByText('二月').waitFor();
  await clean(page);
  await change.getByRole('button', { name: '驳回' }).click();
  const dialog = page.getByRole('dialog', { name: /驳回/ });
  await dialog.getByLabel('原因').fill('银行重新摘录，金额不变');
  await dialog.getByRole('button', { name: '驳回' }).click();
  await page.getByText(/^变更 \d+：/).waitFor();
  await clean(page);
});

test('payouts say their state and what happens next, and the list for the bank\'s site is there to be taken', async () => {
  const page = await desk('payouts?tab=all');
  await page.getByRole('heading', { name: '打款', exact: true }).waitFor();
  await clean(page);
  await page.getByRole('button', { name: '导出待付清单' }).click();
  const dialog = page.getByRole('dialog', { name: '导出待付清单' });
  await clean(page);
  await dialog.getByRole('button', { name: '导出待付清单' }).click();
  await page.getByText(/没有需要在网银支付的款项|已导出 \d+ 笔/).waitFor();
  await clean(page);
});

test('the figures are drawn, and the same ones stand in a table that the keyboard reaches', async () => {
  await paidRenewal();
  const page = await desk('overview', auditor);
  const chart = page.getByRole('region', { name: '收款（按渠道）' });
  await chart.getByRole('img').waitFor();
  await chart.getByText('以表格显示').focus();
  await page.keyboard.press('Enter');
  const cell = chart.getByRole('row').filter({ hasText: today().slice(5) }).getByRole('cell');
  await cell.first().waitFor();
  const income = sql(`select coalesce(sum(amount_fen), 0) from xuqi."order" where paid_at >= (date '${today()}' - interval '8 hours') at time zone 'UTC'`);
  const shown = await page.evaluate(() => fetch(`/api/v1/finance/overview?from=${new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10)}`).then((it) => it.json()));
  assert.ok(shown.figures.filter((it) => it.part === 'income').reduce((sum, it) => sum + it.amount_fen, 0) >= Number(income));
  await clean(page);
});

test('no page of the books scrolls sideways, light and dark, large and small, in English', async () => {
  const posting = sql('select max(id) from xuqi.posting');
  await swept(browser, clerk, [[phone, true], [{ width: 1280, height: 800 }, false]],
    ['ledger', 'ledger/gateway_clearing?owner=alipay', `postings/${posting}`, 'reversals?tab=all', 'overview'].map((path) => `/finance/${path}`), async (page) => {
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
    }, (page) => page.getByRole('button', { name: 'English' }).click());
});
