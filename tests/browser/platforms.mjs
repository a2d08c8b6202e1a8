// SPDX-License-Identifier: Apache-2.0
// One story per platform in a real browser, from the first page to the certificate installed. What a browser cannot do, the
// client with the USB key does: `openssl cms` plays it. Payers pay on the sandboxes' own pages. Runs like flow/main.mjs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as client from '../support/client.mjs';
import { clean, launch, phone, visitor } from '../support/browser.mjs';
import { choose, endSessions, enterCode, fill, logIn, type } from '../support/hall_page.mjs';
import { picture } from '../support/phone.mjs';
import * as portal from '../support/portal.mjs';
import { hire, seat } from '../support/staff.mjs';
import { receive, today } from '../support/statement.mjs';
import { demo, newSubscriber } from '../support/world.mjs';

const folder = mkdtempSync(join(tmpdir(), 'xuqi-platforms-'));
let browser, reviewer;
before(async () => {
  browser = await launch();
  reviewer = seat(hire(['reviewer']));
});
after(() => browser.close());

const headed = (page, name, options) => page.getByRole('heading', { name, exact: true }).waitFor(options);
async function end(page) {
  assert.deepEqual(page.said, [], 'said on the console');
  await clean(page);
}
const atStart = async (platform) => {
  const page = await visitor(browser);
  await page.goto(demo.base_url, { waitUntil: 'domcontentloaded' });
  await page.getByRole('link', { name: platform }).first().click(); // the tests' own platforms are named like some
  await page.getByRole('heading', { level: 1, name: platform }).waitFor();
  return page;
};
const asked = (page, file) => page.getByLabel('选择证书文件').setInputFiles(file);

// The client submits, and opens the order's page by the pay link.
async function byClient(page, subscriber, options) {
  const answer = await client.submit(demo, subscriber, { organisation: subscriber.organisation, ...options });
  assert.equal(answer.status, 201, answer.text);
  await page.goto(answer.json.pay_url, { waitUntil: 'domcontentloaded' });
  return answer.json;
}

// On the gateway's own page, in the tab that the click has opened.
async function payAt(page, method, press) {
  await page.getByRole('radio', { name: method }).check();
  const [gateway] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('button', { name: /立即支付/ }).click()]);
  await page.getByText('请在新打开的页面完成支付').waitFor();
  await gateway.getByRole('button', { name: press }).click();
  return gateway;
}
const isPaid = (page) => headed(page, '已缴费，正在审核', { timeout: 15_000 });
const approved = async (page, renewal, then = '审核通过，请安装新证书') => {
  const answer = await client.approve(demo, reviewer, renewal);
  assert.equal(answer.status, 200, answer.text);
  await headed(page, then);
};

const saved = async (page, name) => {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
  return readFileSync(await download.path());
};
const openssl = (...args) => execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const seconds = (certificate) => Math.floor(new Date(openssl('x509', '-in', certificate, '-noout', '-enddate').trim().split('=')[1]) / 1000);

// What was downloaded verifies up to the root, is of the new key, and is good until the day that was promised.
async function verified(page, subscriber, renewal) {
  const [certificate, chain] = ['certificate.pem', 'chain.pem'].map((name) => join(folder, `${renewal.renewal_no}-${name}`));
  writeFileSync(certificate, await saved(page, '下载签名证书'));
  writeFileSync(chain, await saved(page, '下载上级证书'));
  assert.match(openssl('verify', '-CAfile', demo.ca.root, '-untrusted', chain, certificate), /: OK/);
  assert.equal(openssl('x509', '-in', certificate, '-noout', '-pubkey'), openssl('req', '-in', subscriber.csr, '-noout', '-pubkey'));
  const promised = (await client.progress(demo, renewal)).json.not_after;
  assert.ok(Math.abs(seconds(certificate) - Math.floor(new Date(promised) / 1000)) <= 1, promised);
  await headed(page, '新证书已签发，等待安装完成');
  await page.getByRole('button', { name: '新证书已安装' }).click();
  await headed(page, '续期完成');
  const { status, stage_name } = (await client.progress(demo, renewal)).json;
  assert.deepEqual([status, stage_name], ['completed', '完成']);
}

// The request is signed with the current key, as the page says how.
async function install(page, subscriber, renewal) {
  await page.getByLabel('选择证书请求文件').setInputFiles(subscriber.csr);
  const content = await saved(page, '下载待签名的内容（request.json）');
  await page.getByLabel('选择签名后的文件').setInputFiles({ name: 'request.p7m', mimeType: '', buffer: client.signCms(subscriber, content) });
  await page.getByText('证书已签发，请全部下载。').waitFor();
  await verified(page, subscriber, renewal);
}

test('广东省药品交易、医用耗材系统: expired, with the sealed form, paid by bank transfer', async () => {
  const page = await atStart(/药品交易/);
  const organisation = `浏览器${Date.now().toString(36)}药业有限公司`;
  const subscriber = newSubscriber({ organisation, notBefore: '-400 days', notAfter: '-35 days' });
  await asked(page, subscriber.certificate);
  await page.getByText('可以续期', { exact: true }).waitFor();
  await page.getByText('签字盖章的申请表').first().waitFor();
  await end(page);

  const renewal = await byClient(page, subscriber, { platform: 'gd-drug', change: (it) => ({ ...it, client_version: '4.7.6', invoice: { kind: 'paper_fixed' } }) });
  await headed(page, '请上传材料后提交');
  const form = await saved(page, /下载申请表/);
  const choice = page.getByLabel('选择文件上传 签字盖章的申请表');
  await choice.setInputFiles({ name: 'form.pdf', mimeType: 'application/pdf', buffer: form });
  await page.getByRole('link', { name: '查看第 1 页' }).waitFor();
  await choice.setInputFiles({ name: 'seal.jpg', mimeType: 'image/jpeg', buffer: picture() });
  const preview = page.getByRole('img', { name: '签字盖章的申请表 第 2 页预览' });
  await preview.waitFor();
  assert.ok(await preview.evaluate((image) => image.complete && image.naturalWidth > 0), 'the picture is seen before it is submitted');
  await end(page);
  await page.getByRole('button', { name: '提交申请' }).click();
  await headed(page, '请缴费');

  const account = `4405${String(Date.now()).slice(-12)}`;
  await page.getByRole('radio', { name: '银行转账' }).check();
  await page.getByText('7443 9001 8260 0096 874').waitFor();
  for (const [label, value] of [['付款账号', account], ['付款账户名', organisation], ['转账金额（元）', '100.00'], ['付款日期', today()]]) await page.getByLabel(label).fill(value);
  await page.getByRole('button', { name: '核验转账信息' }).click();
  await page.getByText('未到账', { exact: true }).waitFor();
  receive({ fen: 10000, account, name: organisation });
  await isPaid(page);
  await approved(page, renewal);
  await end(page);
  await install(page, subscriber, renewal);
  await end(page);
});

test('全药网GPO平台: within ninety days, a payment that fails and one that does not at UnionPay', async () => {
  const page = await atStart(/GPO/);
  await asked(page, newSubscriber({ notBefore: '-265 days', notAfter: '+100 days' }).certificate);
  await page.getByText(/起可以申请/).waitFor();
  const subscriber = newSubscriber({ notBefore: '-305 days', notAfter: '+60 days' });
  await asked(page, subscriber.certificate);
  await page.getByText('可以续期', { exact: true }).waitFor();

  const renewal = await byClient(page, subscriber, { platform: 'gpo', months: 24 });
  await headed(page, '请缴费');
  await page.getByText('¥500.00').first().waitFor();
  await end(page);
  const failed = await payAt(page, /银联在线/, /支付失败/);
  await failed.getByText(/付款失败/).first().waitFor();
  await failed.close();
  await page.getByRole('button', { name: '重新支付' }).click();
  await payAt(page, /银联在线/, /支付成功/);
  await isPaid(page);
  await approved(page, renewal);
  await install(page, subscriber, renewal);
  await end(page);
});

test('深圳市医用耗材阳光交易和监管平台: the invoice named on the order\'s page, paid at Alipay', async () => {
  const page = await atStart(/医用耗材阳光/);
  const subscriber = newSubscriber();
  await asked(page, subscriber.certificate);
  await page.getByText('可以续期', { exact: true }).waitFor();

  const renewal = await byClient(page, subscriber);
  await headed(page, '请缴费');
  await page.getByLabel('发票抬头').fill('深圳市安康医用耗材有限公司');
  await page.getByLabel('纳税人识别号').fill('9144030071526726XG');
  await page.getByRole('button', { name: '保存发票信息' }).click();
  await page.getByText('发票信息已保存').waitFor();
  await payAt(page, '支付宝', /确认支付/);
  await isPaid(page);
  await end(page);
  await approved(page, renewal);
  await install(page, subscriber, renewal);
  await end(page);
});

test('平安财智云系统: sent on by the portal, paid at UnionPay', async () => {
  const page = await atStart(/平安/);
  const subscriber = newSubscriber({ notBefore: '-300 days', notAfter: '+200 days' });
  await asked(page, subscriber.certificate);
  await page.getByText('可以续期', { exact: true }).waitFor();
  await page.getByText('从平台的会员中心进入续期。').waitFor();

  const token = portal.sentOn(`supplier-${Date.now()}`);
  const renewal = await byClient(page, subscriber, { platform: 'pingan', change: (it) => ({ ...it, client_version: '4.6.6', portal_token: token }) });
  await headed(page, '请缴费');
  const gateway = await payAt(page, /银联在线/, /支付成功/);
  await isPaid(page);
  await gateway.getByRole('heading', { name: '已缴费，正在审核' }).waitFor({ timeout: 15_000 }); // brought back to the order by the gateway
  await approved(page, renewal);
  await install(page, subscriber, renewal);
  await end(page);
});

// -- 数字证书网厅: wholly in the browser ------------------------------------------------------------------------------

async function photographed(page) {
  const answered = page.waitForResponse((response) => response.url().endsWith('/phone_links'));
  await page.getByRole('button', { name: '用手机拍照和认证' }).click();
  const { qr_text } = await (await answered).json();
  const telephone = await visitor(browser, { viewport: phone, hasTouch: true, isMobile: true });
  await telephone.goto(qr_text, { waitUntil: 'domcontentloaded' });
  for (const side of ['front', 'back']) {
    await telephone.locator(`#${side}-camera`).setInputFiles({ name: `${side}.jpg`, mimeType: 'image/jpeg', buffer: picture({ width: side === 'front' ? 1600 : 1500 }) });
    await telephone.locator('.side.there').nth(side === 'front' ? 0 : 1).waitFor();
  }
  await end(telephone);
  await telephone.getByRole('button', { name: '开始活体认证' }).click();
  await telephone.getByRole('button', { name: /^通过/ }).click();
  await page.locator('li', { hasText: '活体认证' }).getByText('已通过').waitFor({ timeout: 15_000 });
  await page.locator('li', { hasText: '运营商实名核验' }).getByText('已通过').waitFor({ timeout: 15_000 });
  await telephone.context().close();
}

async function paidByScan(page) {
  await page.getByRole('radio', { name: '微信支付' }).check();
  const answered = page.waitForResponse((response) => response.url().endsWith('/payments'));
  await page.getByRole('button', { name: /立即支付/ }).click();
  const { attempt_no } = await (await answered).json();
  await page.getByRole('img', { name: '请用微信扫描二维码支付' }).waitFor();
  await end(page);
  const telephone = await visitor(browser);
  await telephone.goto(demo.wechat.url);
  await telephone.locator('form', { has: telephone.locator(`input[value="${attempt_no}"]`) }).getByRole('button').click();
  await isPaid(page);
  await telephone.context().close();
}

// A reviewer gives a field back; what is typed to mend it outlives a fault, a reload and the end of the session.
async function corrected(page, renewal, mobile) {
  const returned = await client.giveBack(demo, reviewer, renewal, ['agent.email']);
  assert.equal(returned.status, 200, returned.text);
  await headed(page, '申请被退回，请补正');
  await end(page);
  await type(page, 'agent.email', 'not an address');
  await page.getByRole('button', { name: '提交更正' }).click();
  await page.locator('[data-field="agent.email"] em').waitFor();
  await type(page, 'agent.email', 'ma@example.com');
  await page.reload();
  const typed = page.locator('[data-field="agent.email"] input');
  await typed.waitFor();
  assert.equal(await typed.inputValue(), 'ma@example.com');
  endSessions();
  await page.getByRole('button', { name: '提交更正' }).click();
  await enterCode(page, mobile);
  await typed.waitFor();
  assert.equal(await typed.inputValue(), 'ma@example.com');
  const late = await page.context().newPage();
  await late.goto(page.url());
  await late.locator('[data-field="agent.email"] input').waitFor();
  await type(late, 'agent.email', 'late@example.com');
  await page.getByRole('button', { name: '提交更正' }).click();
  await isPaid(page);
  page.said.length = 0; // what was refused is said there too
  const notice = late.getByRole('alert').filter({ hasText: '这些内容已在别处先行更正' });
  await notice.getByText('late@example.com').waitFor();
  assert.equal(await page.getByText('已在别处先行更正').count(), 0, 'who was first is told nothing');
  await notice.getByRole('button', { name: '知道了' }).click();
  await notice.waitFor({ state: 'detached' });
  await late.close();
}

// The code of the 0.01 yuan, as the company reads it on its bank's page.
async function remarked(organisation) {
  const paid = async () => (await client.call(demo.citic.url, 'GET', '/?json')).json.payments.find((it) => it.name === organisation && it.state === 'paid');
  return (await portal.until('0.01 yuan at the bank', paid, 15_000)).remark;
}

test('数字证书网厅: logged in by SMS, form, photos, WeChat, 0.01 yuan and the certificate, without any client', async () => {
  const page = await atStart(/招投标/);
  const organisation = `浏览器${Date.now().toString(36)}工程有限公司`;
  const subscriber = newSubscriber({ organisation, notBefore: '-400 days', notAfter: '-35 days' });
  const mobile = await logIn(page);
  await choose(page, subscriber);
  await page.locator('.total').getByText('¥200.00').waitFor();
  await page.getByRole('radio', { name: /24 个月/ }).check();
  await page.locator('.total').getByText('¥400.00').waitFor();
  await type(page, 'agent.name', '胡经办');
  await page.reload();
  await choose(page, subscriber);
  assert.equal(await page.locator('[data-field="agent.name"] input').inputValue(), '胡经办', 'the draft stays over a reload');
  await fill(page, subscriber, mobile, { 'basic_account.number': `4405${String(Date.now()).slice(-12)}` });
  await end(page);
  const submitted = page.waitForResponse((response) => response.url().endsWith('/api/v1/renewals'));
  await page.getByRole('button', { name: '提交', exact: true }).click();
  const renewal = await (await submitted).json();

  await headed(page, '请上传材料后提交');
  const form = await saved(page, /下载申请表/);
  await page.getByLabel('选择文件上传 签字盖章的申请表').setInputFiles({ name: 'form.pdf', mimeType: 'application/pdf', buffer: form });
  await page.getByText('已上传 1 页').waitFor();
  await photographed(page);
  await page.getByRole('button', { name: '提交申请' }).click();
  await headed(page, '请缴费');
  await paidByScan(page);
  await corrected(page, renewal, mobile);
  await approved(page, renewal, '等待金融认证');

  const remark = await remarked(organisation);
  await page.getByLabel('附言开头的 6 位数字').fill(remark);
  await end(page);
  await page.getByRole('button', { name: '确认', exact: true }).click();
  await headed(page, '审核通过，请安装新证书');
  await page.getByLabel('选择证书请求文件').setInputFiles(subscriber.csr);
  await page.getByText('证书已签发，请全部下载。').waitFor();
  await verified(page, subscriber, renewal);
  await end(page);
  await page.getByRole('link', { name: '我的业务单' }).click();
  await page.getByRole('region', { name: '已结束' }).getByRole('listitem').filter({ hasText: organisation }).getByText('已完成').waitFor();
  await end(page);
});
