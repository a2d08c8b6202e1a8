// SPDX-License-Identifier: Apache-2.0
// One day at the finance desk in a real browser: a statement previewed and imported, money matched, sent back and refunded by
// two people, the day's reconciliation. Runs like flow/main.mjs.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as client from '../support/client.mjs';
import * as alipay from '../support/alipay.mjs';
import { alipayBill } from '../support/bills.mjs';
import { clean, launch, phone } from '../support/browser.mjs';
import { newAccount, seated, statementFile, swept } from '../support/desk.mjs';
import { approve, finance as money, paidBy, refundIs, sentBefore } from '../support/refund.mjs';
import { hire, seat } from '../support/staff.mjs';
import { today } from '../support/statement.mjs';
import { ctl, demo, newSubscriber, paidRenewal, sql } from '../support/world.mjs';

let browser, clerk, second, account;
const stamp = Date.now().toString(36);
before(async () => {
  browser = await launch();
  [clerk, second] = [hire(['finance']), hire(['finance'])];
  account = newAccount();
});
after(() => browser.close());

const desk = (path, person = clerk, options) => seated(browser, person, `/finance/${path}`, options);
const statusOf = (renewal) => sql(`select status from xuqi.renewal where renewal_no = '${renewal.renewal_no}'`);
const choose = async (page, file) => {
  await page.getByLabel('收款账号', { exact: true }).fill(account);
  await page.getByLabel('选择文件并预览').setInputFiles(file);
};
const payer = { account: `6222${String(Date.now()).slice(-11)}`, name: `财务日${stamp}贸易有限公司第一门市` };
const stranger = { account: `6228${String(Date.now()).slice(-11)}`, name: `陌生${stamp}公司` };

describe('the statement', () => {
  test('a file with one bad row imports nothing and names the row', async () => {
    const page = await desk('statements');
    const file = statementFile([{ day: today(), fen: 10000, ...payer }]);
    await choose(page, { ...file, buffer: Buffer.from(file.buffer.toString().replace('100.00', '1OO.00')) });
    await page.getByText('文件有问题，一笔也没有导入').waitFor();
    await page.getByRole('cell', { name: /^第\d+行$/ }).first().waitFor();
    assert.equal(await page.getByRole('button', { name: /确认导入/ }).count(), 0);
    await clean(page);
  });

  test('it is previewed with the continuity of its balances, imported, and known the second time', async () => {
    const page = await desk('statements');
    const file = statementFile([{ day: today(), fen: 10000, ...payer, remark: '证书' }, { day: today(), fen: 777, ...stranger, remark: '转错' }]);
    await choose(page, file);
    await page.getByText('余额连续：期初 + 收入 − 支出 = 期末').waitFor();
    await clean(page);
    await page.getByRole('button', { name: '确认导入 2 笔' }).click();
    await page.getByText('已导入 2 笔').waitFor();
    await page.getByRole('cell', { name: account }).first().waitFor();
    await choose(page, file);
    await page.getByText('文件中没有新流水，不需要导入。').waitFor();
    await clean(page);
  });
});

describe('matching', () => {
  test('a line is matched to the order that it most likely pays, with reasons, by keyboard; the order is paid', async () => {
    const organisation = `财务日${stamp}贸易有限公司`;
    const renewal = (await client.submit(demo, newSubscriber({ organisation }), { platform: 'gd-drug', organisation, change: (it) => ({ ...it, invoice: { kind: 'paper_fixed' } }) })).json;
    const page = await desk('matching');
    const line = page.getByRole('row').filter({ hasText: payer.name });
    await line.getByRole('checkbox').focus();
    await page.keyboard.press('Space');
    const order = page.getByRole('row').filter({ hasText: renewal.order_no });
    await order.getByText('户名相近').waitFor();
    await order.getByText('金额相同').waitFor();
    await order.getByRole('checkbox').focus();
    await page.keyboard.press('Space');
    await page.locator('.bar .good').getByText('¥0.00').waitFor();
    await clean(page);
    await page.keyboard.press('m');
    await page.getByText('已匹配 1 笔').waitFor();
    assert.equal(statusOf(renewal), 'awaiting_review');
    await clean(page);
    await page.goto(`${demo.staff_url}/staff/finance/matches?order_no=${renewal.order_no}`);
    await page.getByRole('cell', { name: /人工/ }).waitFor();
    await clean(page);
  });

  test('a difference must be explained before anything is matched', async () => {
    const organisation = `陌生${stamp}公司总部`;
    const renewal = (await client.submit(demo, newSubscriber({ organisation }), { platform: 'gd-drug', organisation, change: (it) => ({ ...it, invoice: { kind: 'paper_fixed' } }) })).json;
    const page = await desk('matching');
    await page.getByRole('row').filter({ hasText: stranger.name }).getByRole('checkbox').check();
    await page.getByRole('row').filter({ hasText: renewal.order_no }).getByRole('checkbox').check();
    await page.getByText('差额怎样处理').waitFor();
    const match = page.getByRole('button', { name: /^匹配/ });
    assert.equal(await match.isDisabled(), true);
    await page.getByRole('radio', { name: /部分付款/ }).check();
    assert.equal(await match.isDisabled(), false);
    await clean(page);
  });

  test('a stranger\'s money goes back only when a second person agrees', async () => {
    const page = await desk('matching');
    const line = page.getByRole('row').filter({ hasText: stranger.name });
    await line.getByRole('checkbox').focus();
    await line.getByRole('button', { name: '退回付款人' }).click();
    const dialog = page.getByRole('dialog', { name: /退回付款人/ });
    await dialog.getByLabel('原因').fill(`转错账户 ${stamp}`);
    await clean(page);
    await dialog.getByRole('button', { name: '退回付款人' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const mine = await desk('requests');
    await mine.getByRole('row').filter({ hasText: `转错账户 ${stamp}` }).getByText('由本人提出，须他人复核').waitFor();
    const other = await desk('requests', second);
    await other.getByRole('row').filter({ hasText: `转错账户 ${stamp}` }).getByRole('button', { name: '同意' }).click();
    await other.getByRole('dialog').getByRole('button', { name: '同意' }).click();
    await other.getByText(/^同意 #/).waitFor();
    await clean(other);
    await other.goto(`${demo.staff_url}/staff/finance/requests?state=done`);
    await other.getByRole('row').filter({ hasText: `转错账户 ${stamp}` }).getByText('已执行').waitFor();
  });
});

describe('a thousand open lines', () => {
  const name = `千笔${stamp}`;
  before(() => sql(`insert into xuqi.statement_line (collecting_account_id, import_id, line_key, booked_on, direction, amount_fen, payer_account, payer_account_digits,
      payer_name, payer_name_normal, remark, fingerprint)
    select i.collecting_account_id, i.id, '${stamp} ' || n, xuqi.beijing(now())::date, 'credit', 20000, '6223' || lpad(n::text, 12, '0'), '6223' || lpad(n::text, 12, '0'),
           '${name}第' || n || '号付款人', '${name}第' || n || '号付款人', '', sha256(convert_to('${stamp} ' || n, 'UTF8'))
      from generate_series(1, 1000) as n, (select * from xuqi.statement_import order by id desc limit 1) as i`));
  after(() => sql(`begin; set local session_replication_role = replica; delete from xuqi.statement_line where payer_name like '${name}%'; commit`));

  test('come page by page; more of them move nothing, and what is chosen stays chosen', async () => {
    const page = await desk('matching');
    const rows = page.locator('section[aria-labelledby="lines"] tbody tr');
    await rows.first().waitFor();
    assert.equal(await rows.count(), 50);
    const last = rows.nth(49);
    const who = await last.locator('strong').textContent();
    await last.getByRole('checkbox').check();
    await page.locator('.bar').getByText('¥200.00').first().waitFor();
    await page.locator('section[aria-labelledby="lines"]').getByRole('button', { name: '再显示一些' }).click();
    await rows.nth(99).waitFor();
    assert.equal(await rows.nth(49).locator('strong').textContent(), who);
    assert.equal(await rows.nth(49).getByRole('checkbox').isChecked(), true);
    const bar = await page.locator('.bar').boundingBox();
    assert.ok(bar.y + bar.height <= page.viewportSize().height + 1, 'what is chosen adds up in sight, wherever one reads');
    await clean(page);
  });

  test('the one that is wanted is found by its payer, by address, too', async () => {
    const page = await desk('matching');
    await page.getByLabel('户名、账号、附言或流水号').fill(`${name}第777号`);
    await page.keyboard.press('Enter');
    const rows = page.locator('section[aria-labelledby="lines"] tbody tr');
    await rows.filter({ hasText: '第777号付款人' }).waitFor();
    for (let i = 0; await rows.count() > 1; i++) { assert.ok(i < 100); await page.waitForTimeout(100); }
    assert.match(page.url(), /words=/);
    await page.reload();
    await rows.filter({ hasText: '第777号付款人' }).waitFor();
    assert.equal(await rows.count(), 1);
    await clean(page);
  });
});

test('a refund of which nobody knows what became of it offers no second one', async () => {
  const it = await paidBy('alipay');
  const { renewal, no } = it;
  await client.cancel(demo, renewal);
  await alipay.control(it.attempt, { about: no, answers: ['error500'] });
  const [one] = await money();
  assert.equal((await approve(one, no)).status, 200);
  await refundIs(no, 'unknown');
  sql(`update xuqi.outbox set run_at = now() + interval '1 hour' where event = '${no}'`); // it is asked about later
  const page = await desk('refunds?tab=open');
  const row = page.getByRole('row').filter({ hasText: no });
  await row.getByText('结果未知').first().waitFor();
  assert.deepEqual(await row.getByRole('button').allTextContents(), [], 'nothing to press');
  await clean(page);
  await row.getByRole('link').click();
  await page.getByRole('heading', { level: 1, name: '结果未知' }).waitFor();
  assert.equal(await page.getByLabel('支付流水号或退款编号').inputValue(), no, 'what became of it is said by two people');
  await page.goto(`${demo.staff_url}/staff/finance/refunds`);
  await page.getByRole('button', { name: '申请退款' }).click();
  const dialog = page.getByRole('dialog', { name: '申请退款' });
  await dialog.getByLabel('订单编号').fill(renewal.order_no);
  await dialog.getByLabel('退款金额（元）').fill('1');
  await dialog.getByLabel('原因').fill('再退一次');
  await dialog.getByRole('button', { name: '提交申请' }).click();
  await dialog.getByRole('alert').waitFor();
  assert.equal(sql(`select count(*) from xuqi.refund where order_no = '${renewal.order_no}'`), '1', 'nor does asking anew make one');
  await clean(page);
  sentBefore(no);
  await refundIs(no, 'done', 45);
});

test('a refund is asked for by one, decided by another, and sent', async () => {
  const { renewal } = await paidRenewal();
  const page = await desk('refunds');
  await page.getByRole('button', { name: '申请退款' }).click();
  const dialog = page.getByRole('dialog', { name: '申请退款' });
  await dialog.getByLabel('订单编号').fill(renewal.order_no);
  await dialog.getByLabel('退款金额（元）').fill('1.5.0');
  await dialog.getByLabel('原因').fill(`客户投诉 ${stamp}`);
  await dialog.getByRole('button', { name: '提交申请' }).click();
  await dialog.getByText('请填写金额，例如 200 或 200.50').waitFor();
  await clean(page);
  await dialog.getByLabel('退款金额（元）').fill('200');
  await dialog.getByRole('button', { name: '提交申请' }).click();
  await page.getByText(/已提交 .*，等待另一位财务审批/).waitFor();
  await page.getByRole('row').filter({ hasText: renewal.renewal_no }).getByText('由本人提出，须他人审批').waitFor();
  await clean(page);
  const other = await desk('refunds', second);
  await other.getByRole('row').filter({ hasText: renewal.renewal_no }).getByRole('button', { name: '批准' }).click();
  await other.getByRole('dialog').getByRole('button', { name: '批准' }).click();
  await other.getByText(/：已批准$/).waitFor();
  assert.equal(statusOf(renewal), 'cancelled');
  await clean(other);
});

describe('invoices', () => {
  const number = `2644${String(Date.now())}`.padEnd(20, '7');
  const wrong = `${number.slice(0, 18)}00`;
  let order;
  test('who waits for one is listed; its number is noted in its row, which does not move', async () => {
    const { renewal } = await paidRenewal();
    order = renewal.order_no;
    const page = await desk(`invoices?words=${order}`);
    const row = page.getByRole('row').filter({ hasText: order });
    const field = row.getByLabel(`订单 ${order} 的发票号码`);
    await field.fill(wrong.slice(1));
    await row.getByText('数电发票的号码是 20 位数字').waitFor();
    await clean(page);
    await field.fill(wrong);
    await field.press('Enter');
    await row.getByText(`✓ ${wrong}`).waitFor();
    await page.getByRole('status').filter({ hasText: `订单 ${order}：已登记 ${wrong}` }).waitFor();
    assert.equal(sql(`select invoice_state || ' ' || invoice_number from xuqi."order" where order_no = '${order}'`), `issued ${wrong}`);
    await clean(page);
  });

  test('a number that was typed wrong is corrected with a reason; who, when and why are read there, by the old number, too', async () => {
    const page = await desk('invoices?tab=issued', second);
    await page.getByRole('button', { name: new RegExp(order) }).click();
    const dialog = page.getByRole('dialog', { name: `订单 ${order} 的发票` });
    await dialog.getByRole('radio', { name: `更正号码 ${wrong}` }).check();
    await dialog.getByLabel('新号码').fill(number);
    assert.equal(await dialog.getByRole('button', { name: '登记' }).isDisabled(), true, 'without a reason');
    await dialog.getByLabel('为什么更正').fill('末两位录错');
    await clean(page);
    await dialog.getByRole('button', { name: '登记' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.goto(`${demo.staff_url}/staff/finance/invoices?words=${wrong}`);
    await page.getByRole('button', { name: new RegExp(order) }).click();
    const steps = page.getByRole('dialog').getByRole('listitem');
    assert.deepEqual(await steps.evaluateAll((items) => items.map((it) => it.querySelector('strong').textContent)), [number, wrong], 'the newest first');
    await steps.first().getByText(`更正，原为 ${wrong}：末两位录错`).waitFor();
    await steps.first().getByText(`测试 ${second.name}`).waitFor();
    await clean(page);
  });

  test('who comes too late reads what stands there now, and keeps what was typed', async () => {
    const page = await desk(`invoices?words=${order}`);
    await page.getByRole('button', { name: new RegExp(order) }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: `更正号码 ${number}` }).check();
    await dialog.getByLabel('新号码').fill(wrong.replace(/^./, '3'));
    await dialog.getByLabel('为什么更正').fill('与票面不符');
    const faster = `${number.slice(0, 18)}11`;
    const token = seat(second);
    await client.call(demo.staff_url, 'PUT', `/api/v1/finance/orders/${order}/invoice`, { token, body: { state: 'issued', number: faster, corrects: number, reason: '又核对一次' } });
    await dialog.getByRole('button', { name: '登记' }).click();
    await dialog.getByText(`更正发票号码`).first().waitFor();
    await dialog.getByRole('radio', { name: `更正号码 ${faster}` }).waitFor();
    assert.equal(await dialog.getByLabel('为什么更正').inputValue(), '与票面不符');
    await clean(page);
  });
});

test('each day stands with its three sources side by side, and leads to its differences', async () => {
  await paidRenewal();
  const page = await desk('reconciliation');
  await page.getByRole('row').filter({ hasText: '支付宝' }).first().waitFor();
  await page.getByText('清算户余额说明').waitFor();
  await clean(page);
  await page.getByRole('row').filter({ hasText: today() }).filter({ hasText: '支付宝' }).getByRole('button', { name: '登记到账' }).click();
  await page.getByRole('dialog', { name: /结算款到账/ }).waitFor();
  await clean(page);
  await page.goto(`${demo.staff_url}/staff/finance/differences?state=`);
  await page.getByRole('heading', { name: '对账差异' }).waitFor();
  await clean(page);
  await page.goto(`${demo.staff_url}/staff/finance/unknown?kind=refund&number=R1`);
  assert.equal(await page.getByLabel('支付流水号或退款编号').inputValue(), 'R1');
  await clean(page);
});

test('what is reconciled behind the answer is told by the page itself: its result, or what is wrong with the bill', async () => {
  const yesterday = sql(`select xuqi.bill_day_of('alipay', now()) - 1`);
  const folder = mkdtempSync(join(tmpdir(), 'xuqi-bill-')), bill = join(folder, 'bill');
  writeFileSync(bill, alipayBill({ day: yesterday, merchant: demo.alipay.seller_id, rows: [] }));
  chmodSync(folder, 0o755);
  ctl('reconcile', 'import', 'alipay', yesterday, bill);
  const page = await desk('reconciliation');
  const row = page.getByRole('row').filter({ hasText: yesterday }).filter({ hasText: '支付宝' });
  await row.getByRole('button', { name: '重新对账' }).click();
  await page.getByRole('status').getByText(`${yesterday} 支付宝：对账完成，`).waitFor();
  await row.locator('input[type=file]').setInputFiles({ name: 'bill.csv', mimeType: 'text/csv', buffer: Buffer.from(`没有这样的账单${stamp}`) });
  await page.getByRole('status').getByText(`${yesterday} 支付宝：上传的账单无法读取：`).waitFor();
  await row.locator('input[type=file]').setInputFiles({ name: 'again.csv', mimeType: 'text/csv', buffer: Buffer.from(`没有这样的账单${stamp}`) });
  await page.getByRole('status').getByText(`${yesterday} 支付宝：这份账单以前已收到。上传的账单无法读取：`).waitFor();
  await clean(page);
});

test('who looks but does not act finds no button to act', async () => {
  const page = await desk('reconciliation', hire(['auditor']));
  await page.getByRole('heading', { name: '网关对账' }).waitFor();
  await page.getByText('清算户余额说明').waitFor();
  assert.equal(await page.getByRole('button', { name: '登记到账' }).count(), 0);
  assert.equal(await page.getByRole('link', { name: '退款' }).count(), 0);
  await clean(page);
});

test('on a telephone the line of pages shows where one is', async () => {
  const page = await desk('overview', clerk, { viewport: phone });
  const here = page.getByRole('navigation').getByRole('link', { name: '财务概览' });
  await here.waitFor();
  await page.waitForFunction(() => {
    const { left, right } = document.querySelector('.nav a.here').getBoundingClientRect();
    return left >= 0 && right <= window.innerWidth;
  });
  await clean(page);
});

test('no page of the desk scrolls sideways, light and dark, large and small, Chinese and English', async () => {
  await swept(browser, clerk, [[phone, true], [{ width: 1280, height: 800 }, false]],
    ['statements', 'matching', 'invoices?tab=all', 'requests?state=all', 'refunds?tab=all', 'reconciliation'].map((path) => `/finance/${path}`), async (page) => {
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
    }, (page) => page.getByRole('button', { name: 'English' }).click());
});
