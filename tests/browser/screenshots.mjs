// SPDX-License-Identifier: Apache-2.0
// Pictures of every page at desktop and telephone width, light and dark, into build/screenshots/:
//   XUQI_VAR=… node tests/browser/screenshots.mjs [pattern]
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as client from '../support/client.mjs';
import { desktop, launch, phone, visitor } from '../support/browser.mjs';
import { caseWithForm, newAccount, seated, statementFile } from '../support/desk.mjs';
import { startWeb } from '../support/extra_web.mjs';
import { draft } from '../support/hall.mjs';
import { choose, fill, seatedInHall } from '../support/hall_page.mjs';
import { newMobile } from '../support/portal.mjs';
import { hire, seat } from '../support/staff.mjs';
import { receive, today } from '../support/statement.mjs';
import { demo, newSubscriber, paidRenewal, sql } from '../support/world.mjs';

const folder = fileURLToPath(new URL('../../build/screenshots/', import.meta.url));
const wanted = new RegExp(process.argv[2] ?? '.');
const submitted = async (options) => (await client.submit(demo, newSubscriber(), options)).json;

async function phoneLink(renewal) {
  const path = `/api/v1/renewals/${renewal.renewal_no}/phone_links`;
  return (await client.call(demo.base_url, 'POST', path, { token: renewal.access_token, body: {} })).json.qr_text;
}

const transferred = async (options) => (await submitted({ platform: 'gd-drug', change: (it) => ({ ...it, invoice: { kind: 'paper_fixed' } }), ...options })).pay_url;
async function toTransfer(page) {
  await page.getByRole('radio', { name: '银行转账' }).check();
  await page.getByText('开户公司名称').waitFor();
}
async function withdrawn() {
  const { renewal } = await paidRenewal();
  await client.cancel(demo, renewal);
  return renewal.pay_url;
}
// A renewal whose account waits for its code: of a platform that asks for it and has nobody review.
let extra;
async function withAccount() {
  extra ??= await startWeb('screenshots', Number(new URL(demo.base_url).port) + 6, {
    screenshots: (texts) => texts['szca-bidding'].replace(/^proofs: .*$/m, 'proofs: [current_key]').replace(/^ {2}always: \[application_form\]$/m, '  always: []')
      .replace(/^identity_steps: .*$/m, 'identity_steps: []').replace(/^review:\n.*\n.*$/m, 'review:\n  kind: automatic').replace(/^open_per_organisation: .*$/m, 'open_per_organisation: 0'),
  });
  const subscriber = newSubscriber({ notBefore: '-400 days', notAfter: '-35 days' });
  const renewal = (await client.submit(extra.demo, subscriber, { platform: 'screenshots', change: (it) => ({ ...it, client_version: '1.0', invoice: { kind: 'none' } }) })).json;
  await client.notify(extra.demo, client.alipaySigned(extra.demo, client.alipayNotice(extra.demo, (await client.pay(extra.demo, renewal)).json)));
  return renewal.pay_url;
}

const people = new Map();
const person = (role) => people.get(role) ?? people.set(role, hire([role])).get(role);

// name, address, what must be seen before the picture is taken, what to do first
const pages = [
  ['start', async () => demo.base_url, '您的证书用在哪个平台'],
  ['platform', async () => `${demo.base_url}/apply/szca-bidding`, '费用'],
  ['platform-checked', async () => `${demo.base_url}/apply/gd-drug`, '查一查我的证书', async (page) => {
    await page.getByLabel('选择证书文件').setInputFiles(newSubscriber({ expired: true }).certificate);
    await page.locator('.answer').waitFor();
  }],
  ['order-unpaid', async () => (await submitted()).pay_url, '请缴费'],
  ['order-waiting', async () => (await submitted()).pay_url, '请缴费', async (page) => {
    await page.getByRole('button', { name: /立即支付/ }).click();
    await page.getByText('请在新打开的页面完成支付').waitFor();
  }],
  ['order-cancel', async () => (await submitted()).pay_url, '请缴费', async (page) => {
    await page.getByRole('button', { name: '撤销申请' }).click();
    await page.getByRole('dialog').waitFor();
  }],
  ['order-paid', async () => (await paidRenewal()).renewal.pay_url, '正在审核'],
  ['order-incomplete', async () => (await submitted()).pay_url.split('#')[0], '地址不完整'],
  ['order-refused', async () => `${(await submitted()).pay_url.split('#')[0]}#${'A'.repeat(43)}`, '问题编号'],
  ['draft', async () => (await draft()).pay_url, '身份核验', async (page) => {
    await page.getByRole('button', { name: '用手机拍照和认证' }).click();
    await page.getByRole('img', { name: '用手机拍照和认证' }).waitFor();
  }],
  ['phone', async () => phoneLink(await draft()), '拍摄经办人身份证'],
  ['order-transfer', async () => transferred(), '请缴费', toTransfer],
  ['order-transfer-declared', async () => transferred(), '请缴费', async (page) => {
    await toTransfer(page);
    for (const [label, value] of [['付款账号', `6222${String(Date.now()).slice(-12)}`], ['付款账户名', '深圳市安康医用耗材有限公司'], ['转账金额（元）', '100.00'], ['付款日期', today()]]) await page.getByLabel(label).fill(value);
    await page.getByRole('button', { name: '核验转账信息' }).click();
    await page.getByText('未到账', { exact: true }).waitFor();
  }],
  ['order-account', withAccount, '金融认证'],
  ['order-refund', withdrawn, '待审批'],
  ['missing', async () => `${demo.base_url}/order/`, '没有这个页面'],
  ['phone-incomplete', async () => `${demo.base_url}/m/`, '地址不完整'],
];

async function returned() {
  const { renewal } = await paidRenewal();
  await client.giveBack(demo, seat(person('reviewer')), renewal, ['agent.mobile']);
  return renewal.pay_url;
}
pages.push(['order-returned', returned, '需要补正的内容'], ['hall-login', async () => `${demo.base_url}/mine`, '获取验证码']);

// The web hall: name, path, what must be seen, what to do first; mine: what is in the list.
const certificate = () => newSubscriber({ organisation: `深圳市图样${Date.now().toString(36)}工程有限公司`, notBefore: '-400 days', notAfter: '-35 days' });
const halls = [
  ['hall-certificate', '/apply/szca-bidding/form', '要续期的证书'],
  ['hall-form', '/apply/szca-bidding/form', '要续期的证书', async (page, mobile) => {
    const chosen = certificate();
    await choose(page, chosen);
    await fill(page, chosen, mobile, { 'agent.email': 'not an address' });
    await page.getByRole('button', { name: '提交', exact: true }).click();
    await page.locator('[data-field="agent.email"] em').waitFor();
  }],
  ['hall-mine', '/mine', '办理中'],
];

// A posting that no business record stands on.
const adjusted = () => sql(`select xuqi.ledger_post('adjust', 'screenshot:${Date.now()}', sha256('screenshot'), now(), 'story', array[xuqi.account_open('writeoff', '')], array[xuqi.account_open('verify_expense', '')], array[123456])`);

// The desks: name, whose, path, what must be seen, what to do first.
let first;
const aCase = async () => `/review/${(first ??= await caseWithForm()).renewal.renewal_no}`;
// Cases that passed without a person, as a platform's file may say: one to look at, one that should not have passed.
const drawn = async () => { const { renewal } = await caseWithForm(); sql(`insert into xuqi.review_sample (renewal_no) values ('${renewal.renewal_no}')`); return renewal.renewal_no; };
let sample, mistake;
const sampled = async () => (sample ??= await drawn());
const mistaken = async () => {
  if (mistake) return mistake;
  mistake = await drawn();
  sql(`update xuqi.review_sample set looked_by = (select id from xuqi.staff where name = '${person('reviewer').name}'), looked_at = now(), verdict = 'wrong', note = '公章不清楚，与单位名称不符' where renewal_no = '${mistake}'`);
  sql(`insert into xuqi.review_mistake (renewal_no, platform) values ('${mistake}', 'gd-drug')`);
  sql(`insert into xuqi.review_pass_stop (platform, wrong, looked) values ('gd-drug', 1, 1) on conflict do nothing`);
  return mistake;
};
const claimed = async (page) => {
  const claim = page.getByRole('button', { name: /^领取/ });
  const held = page.getByText(/由您领取/);
  await claim.or(held).first().waitFor();
  if (await claim.count()) await claim.click();
  await held.waitFor();
};
const desks = [
  ['login', null, async () => '/', '工作人员登录'],
  ['review-queue', 'reviewer', async () => '/review', '审核队列'],
  ['review-case', 'reviewer', aCase, '盖章申请表', claimed],
  ['review-second', 'reviewer', async () => '/review?tab=second', '审核队列'],
  ['review-hold', 'reviewer', aCase, '盖章申请表', async (page) => { await claimed(page); await page.keyboard.press('h'); }],
  ['review-approve', 'reviewer', aCase, '盖章申请表', async (page) => { await claimed(page); await page.keyboard.press('a'); }],
  ['review-return', 'reviewer', aCase, '盖章申请表', async (page) => {
    await claimed(page);
    await page.keyboard.press('b');
    await page.getByRole('checkbox', { name: '盖章申请表', exact: true }).check();
  }],
  ['review-reject', 'reviewer', aCase, '盖章申请表', async (page) => { await claimed(page); await page.keyboard.press('x'); }],
  ['samples-look', 'senior_reviewer', async () => { await sampled(); return '/samples'; }, '查看并判断'],
  ['samples-verdict', 'senior_reviewer', async () => `/review/${await sampled()}`, '提交抽检结果', async (page) => { await page.getByRole('radio', { name: '不应通过' }).check(); }],
  ['samples-wrong', 'senior_reviewer', async () => `/samples?tab=wrong&no=${await mistaken()}`, '怎样处理的'],
  ['samples-wrong-reviewer', 'reviewer', async () => `/samples?tab=wrong&no=${await mistaken()}`, '只有高级审核员'],
  ['samples-passes', 'senior_reviewer', async () => { await mistaken(); return '/samples?tab=passes'; }, '待处理的问题'],
  ['finance-statements', 'finance', async () => '/finance/statements', '导入流水', async (page) => {
    await page.getByLabel('收款账号', { exact: true }).fill(newAccount());
    await page.getByLabel('选择文件并预览').setInputFiles(statementFile([{ day: today(), fen: 20000, account: '6222020000011112222', name: '深圳市安康医用耗材有限公司' }]));
    await page.getByText('余额连续').waitFor();
  }],
  ['finance-matching', 'finance', async () => '/finance/matching', '银行流水', async (page) => { await page.getByRole('checkbox', { name: /选择流水/ }).first().check(); }],
  ['finance-matches', 'finance', async () => '/finance/matches', '匹配记录'],
  ['finance-requests', 'finance', async () => '/finance/requests?state=all', '双人复核'],
  ['finance-refunds', 'finance', async () => '/finance/refunds?tab=all', '退款'],
  ['finance-refund-ask', 'finance', async () => '/finance/refunds', '申请退款', async (page) => { await page.getByRole('button', { name: '申请退款' }).click(); await page.getByRole('dialog').waitFor(); }],
  ['finance-invoices', 'finance', async () => '/finance/invoices', '发票号码'],
  ['finance-invoice', 'finance', async () => '/finance/invoices?tab=issued', '已开具', async (page) => { await page.getByRole('button', { name: '更正、红冲与历史' }).first().click(); await page.getByRole('dialog').getByText('历史').first().waitFor(); }],
  ['me', 'finance', async () => '/me', '我的身份'],
  ['finance-reconciliation', 'finance', async () => '/finance/reconciliation', '清算户余额说明'],
  ['finance-differences', 'finance', async () => '/finance/differences?state=', '对账差异'],
  ['finance-overview', 'finance', async () => '/finance/overview', '收款（按平台）', async (page) => { await page.getByText('以表格显示').first().click(); }],
  ['finance-ledger', 'finance', async () => '/finance/ledger', '借贷平衡'],
  ['finance-ledger-account', 'finance', async () => '/finance/ledger/gateway_clearing?owner=alipay', '渠道收款'],
  ['finance-posting', 'finance', async () => `/finance/postings/${sql("select max(id) from xuqi.posting where event_type = 'gateway'")}`, '原始依据'],
  ['finance-posting-ask', 'finance', async () => `/finance/postings/${adjusted()}`, '原始依据', async (page) => { await page.getByRole('button', { name: '申请冲销' }).click(); await page.getByRole('dialog').waitFor(); }],
  ['finance-reversals', 'finance', async () => '/finance/reversals?tab=all', '冲销'],
  ['finance-changes', 'finance', async () => '/finance/changes?tab=all', '流水变更'],
  ['finance-payouts', 'finance', async () => '/finance/payouts?tab=all', '打款'],
  ['finance-unknown', 'finance', async () => '/finance/unknown', '结果未知'],
  ['admin-platforms', 'administrator', async () => '/admin/platforms', '平台与价格'],
  ['admin-platform', 'administrator', async () => '/admin/platforms/gd-drug', '价格版本与差异'],
  ['admin-price', 'administrator', async () => '/admin/platforms/gpo', '价格版本与差异', async (page) => {
    await page.getByRole('button', { name: '申请新价格' }).click();
    await page.getByLabel('单价（元） 1', { exact: true }).fill('188.50');
  }],
  ['admin-staff', 'administrator', async () => '/admin/staff', '人员与角色'],
  ['admin-staff-new', 'administrator', async () => '/admin/staff', '人员与角色', async (page) => { await page.getByRole('button', { name: '申请开户' }).click(); await page.getByRole('dialog').waitFor(); }],
  ['admin-requests', 'administrator', async () => '/admin/requests?state=all', '管理申请'],
  ['admin-issuance', 'administrator', async () => '/admin/issuance', '停发与恢复'],
  ['admin-calendar', 'administrator', async () => '/admin/calendar', '节假日与调休'],
  ['admin-texts', 'administrator', async () => '/admin/texts', '消息模板与协议'],
  ['admin-audit', 'auditor', async () => '/admin/audit', '审计日志', async (page) => { await page.getByRole('link', { name: /^事件 #/ }).nth(2).click(); await page.getByText('叶哈希').waitFor(); }],
  ['operations', 'auditor', async () => '/operations', '运行状况', async (page) => { await page.getByText('近 30 天漏斗').waitFor(); }],
  ['enrol', null, async () => '/enrol#' + 'A'.repeat(43), '设置您的账号'],
];

mkdirSync(folder, { recursive: true });
const browser = await launch();
async function take(name, open, text, act) {
  if (!wanted.test(name)) return;
  for (const [size, viewport] of [['desktop', desktop], ['phone', phone]])
    for (const dark of [false, true]) {
      const page = await open({ viewport, dark });
      await page.getByText(text).first().waitFor();
      await act?.(page);
      if (page.url().startsWith(demo.staff_url)) await page.waitForLoadState('networkidle'); // an order's page follows events and never is
      await page.screenshot({ path: `${folder}${name}-${size}-${dark ? 'dark' : 'light'}.png`, fullPage: true, animations: 'disabled' });
      await page.context().close();
      console.log(`${name} ${size} ${dark ? 'dark' : 'light'}`);
    }
}
for (const [name, address, text, act] of pages)
  await take(name, async (options) => { const page = await visitor(browser, options); await page.goto(await address()); return page; }, text, act);
for (const [name, path, text, act] of halls) {
  const mobile = newMobile();
  if (wanted.test(name) && path === '/mine') { await draft(mobile); sql("update xuqi.sms_code set requested_at = requested_at - interval '61 seconds'"); }
  await take(name, async (options) => (await seatedInHall(browser, path, mobile, options)).page, text, (page) => act?.(page, mobile));
}
if (desks.some(([name]) => wanted.test(name))) receive({ fen: 20000, account: '6222020000011112222', name: '深圳市安康医用耗材有限公司', remark: '续期' });
for (const [name, role, path, text, act] of desks)
  await take(name, async (options) => {
    if (role !== null) return seated(browser, person(role), await path(), options);
    const page = await visitor(browser, options);
    await page.goto(`${demo.staff_url}/staff${await path()}`);
    return page;
  }, text, act);
await browser.close();
await extra?.stop();
