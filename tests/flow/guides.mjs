// SPDX-License-Identifier: Apache-2.0
// The platforms' own guides, step by step, in their order and words. What a guide's screenshot shows, the server must
// answer: fees, dates, numbers, states, notices, hotline. Runs like main.mjs.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as client from '../support/client.mjs';
import { demo, newSubscriber, sql } from '../support/world.mjs';
import { conforms } from '../support/openapi.mjs';
import { Phone, picture } from '../support/phone.mjs';
import * as portal from '../support/portal.mjs';
import * as unionpay from '../support/unionpay.mjs';
import { receive, today } from '../support/statement.mjs';

const folder = mkdtempSync(join(tmpdir(), 'xuqi-guides-'));
let reviewer;
before(async () => {
  for (let tries = 0; !reviewer && tries < 30; tries++) {
    const answer = await client.login(demo, 'reviewer');
    if (answer.status === 201) reviewer = answer.json.token;
    else sql('delete from xuqi.login_failure');
  }
});

const at = (renewal, rest) => `/api/v1/renewals/${renewal.renewal_no}${rest}`;
const call = (renewal, method, rest, options = {}) =>
  client.call(demo.base_url, method, at(renewal, rest), { token: renewal.access_token, ...options });
async function order(renewal) {
  const answer = await call(renewal, 'GET', '/order');
  assert.equal(answer.status, 200, answer.text);
  conforms('get', '/api/v1/renewals/{no}/order', answer);
  return answer.json;
}
const progress = async (renewal) => (await client.progress(demo, renewal)).json;
const notAfterOf = (pem) =>
  new Date(execFileSync('openssl', ['x509', '-noout', '-enddate'], { input: pem, encoding: 'utf8' }).trim().split('=')[1]).getTime();
const yuan = (fen) => (fen / 100).toFixed(2);
const term = (rules, months) => rules.terms.find((it) => it.months === months);
const messages = (renewal) =>
  sql(`select string_agg(event, ' ' order by id) from xuqi.outbox_done where renewal_no = '${renewal.renewal_no}' and topic = 'message'`);
async function eventually(what, check) {
  for (let tries = 0; tries < 60; tries++) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(what);
}

async function payByAlipay(renewal) {
  const form = await client.pay(demo, renewal, 'alipay');
  assert.equal(form.status, 201, form.text);
  const booked = await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, form.json)));
  assert.equal(booked.text, 'success');
}

// 完成: what the client shows under 我的证书 after the last step.
async function install(subscriber, renewal) {
  const issued = await client.fetchCertificate(demo, subscriber, renewal);
  assert.equal(issued.status, 200, issued.text);
  assert.equal(notAfterOf(issued.json.signing_certificate), new Date(renewal.not_after).getTime(), '证书有效期已经延长');
  assert.equal((await client.acknowledge(demo, renewal)).json.status, 'completed');
  assert.deepEqual([(await progress(renewal)).status_name, (await progress(renewal)).stage_name], ['已完成', '完成']);
}

// The five labels of the client's progress bar belong to the states.
async function stands(renewal, stage, status) {
  const it = await progress(renewal);
  assert.deepEqual([it.stage_name, it.status_name], [stage, status]);
}

// ---------------------------------------------------------------------------------------------------------------------

test('广东省药品交易、医用耗材系统：一、未过期证书在线续期', async (t) => {
  const subscriber = newSubscriber({ notBefore: '-330 days', notAfter: '+35 days' });
  const rules = await client.platformOf(demo, 'gd-drug');
  let renewal;
  await t.test('第1、2步：证书续期，申请续期', async () => {
    const it = (await client.eligibility(demo, subscriber, { platform: 'gd-drug', client_version: '3.0.0' })).json;
    assert.deepEqual([it.may_apply, it.code], [true, null], '未过期证书不限客户端版本');
    assert.deepEqual([rules.contact.hotline, rules.contact.qq], ['020-89524338', '4008301330']);
  });
  await t.test('第3步：勾选“我接受电子认证服务协议内容”', () => {
    assert.equal(rules.agreement.title, '网证通电子认证服务协议');
    assert.ok(rules.agreement.text.length > 200);
  });
  await t.test('第4步：选择要更新的年限并填写其他申请信息', () => {
    assert.deepEqual(rules.terms.map((it) => [it.months, yuan(it.amount_fen)]), [[12, '100.00'], [24, '200.00']]);
    assert.deepEqual(term(rules, 24).items.map((it) => [it.name, yuan(it.unit_price_fen), it.quantity, yuan(it.subtotal_fen)]),
      [['证书服务费用', '100.00', 2, '200.00']]);
    for (const notice of ['经办人证件号码必须填写真实有效的身份证号码。', '关于收件人信息，正常填写即可，实际没有东西邮寄。'])
      assert.ok(rules.notices.includes(notice), notice);
  });
  await t.test('第5步：输入证书的密码，提交', async () => {
    const answer = await client.submit(demo, subscriber, { platform: 'gd-drug', months: 24, change: (form) => ({ ...form, client_version: '3.0.0', invoice: { kind: 'paper_fixed' } }) });
    assert.equal(answer.status, 201, answer.text);
    renewal = answer.json;
    assert.match(renewal.renewal_no, /^01\d{8}\d{7,8}$/);
    await stands(renewal, '用户缴费', '已录入');
  });
  await t.test('第6、7步：缴费页面，确认信息无误后支付', async () => {
    const page = await order(renewal);
    assert.deepEqual([page.status_name, page.payment_status_name, page.courier, page.invoice.kind_name], ['已录入', '未支付', '货到付款', '普通定额发票']);
    assert.match(page.recipient, /^胡\*+ 139\*{4}9000 广东省深圳市\*+$/);
    assert.equal(page.orders.length, 1);
    const [row] = page.orders;
    assert.deepEqual([row.transaction_kind_name, row.transaction_status_name, row.state_name], ['消费', '未支付', '正常']);
    assert.match(row.order_no, /^\d{14}01\d{10}$/);
    assert.equal(row.order_no.slice(0, 14), row.created_at.replace(/[-T:]/g, '').slice(0, 14), '订单编号以创建时间开头');
    assert.deepEqual(row.lines.map((it) => [it.name, yuan(it.unit_price_fen), it.quantity, yuan(it.subtotal_fen)]), [['证书服务费用', '100.00', 2, '200.00']]);
    assert.equal(yuan(page.amount_fen), '200.00');
    assert.ok(page.payment_methods.some((it) => it.name === '支付宝'));
    await payByAlipay(renewal);
    const paid = await order(renewal);
    assert.deepEqual([paid.payment_status_name, paid.orders[0].transaction_status_name, paid.orders[0].method], ['支付成功', '支付成功', 'alipay']);
  });
  await t.test('第8步：查询进度，等待审核', async () => {
    await stands(renewal, '管理员审核', '待审核');
    assert.deepEqual([rules.review.kind, rules.review.working_days], ['one', 3], '1～3个工作日内');
    const found = (await client.lookup(demo, subscriber)).json.renewals;
    assert.deepEqual(found.map((it) => [it.renewal_no, it.stage_name]), [[renewal.renewal_no, '管理员审核']]);
  });
  await t.test('第9步：收到审核通过短信，安装证书', async () => {
    assert.equal((await client.approve(demo, reviewer, renewal)).json.status, 'awaiting_install');
    await stands(renewal, '安装新证书', '待下载');
    await eventually('审核通过短信', () => / ?approved/.test(messages(renewal)));
  });
  await t.test('第10步：证书有效期已经延长', async () => {
    await install(subscriber, renewal);
    const months = 24, old = new Date((await progress(renewal)).old_not_after), now = new Date(renewal.not_after);
    assert.equal((now.getUTCFullYear() - old.getUTCFullYear()) * 12, months);
  });
});

test('广东省药品交易、医用耗材系统：一、第7步，选择“银行转账”', async (t) => {
  const organisation = `银行转账测试${Date.now()}有限公司`, account = `4405${Date.now()}`;
  const renewal = (await client.submit(demo, newSubscriber({ organisation }), { platform: 'gd-drug', months: 24, organisation, change: (form) => ({ ...form, invoice: { kind: 'paper_fixed' } }) })).json;
  const row = { payer_account: account, payer_name: organisation, amount_fen: 20000, transferred_on: today(), remark: '证书续期' };
  await t.test('支付方式：银行转账，开户公司名称、开户账号、开户行', async () => {
    const page = await order(renewal);
    assert.deepEqual([page.status_name, page.payment_status_name, yuan(page.amount_fen)], ['已录入', '未支付', '200.00']);
    assert.equal(page.payment_methods[0].name, '银行转账');
    assert.deepEqual(page.bank_transfer.accounts.map((it) => [it.holder, it.number_grouped, it.bank]),
      [['广东省电子商务认证有限公司', '7443 9001 8260 0096 874', '中信银行广州花园支行']]);
  });
  await t.test('点击添加更多银行转账信息，点击删除此银行转账信息', async () => {
    const body = (...transfers) => ({ body: JSON.stringify({ transfers }), type: 'application/json' });
    const added = (await call(renewal, 'POST', '/transfers', body(row, { ...row, remark: '写错的一条' }))).json;
    assert.deepEqual(added.transfers.map((it) => it.state_name), ['未到账', '未到账']);
    const left = (await call(renewal, 'DELETE', `/transfers/${added.transfers[1].id}`)).json;
    assert.equal(left.transfers.length, 1);
  });
  await t.test('点击“核验转账信息”，结果显示“成功”', async () => {
    receive({ fen: 20000, account, name: organisation, remark: '证书续期' });
    const page = (await call(renewal, 'POST', '/transfers/verification', { body: '{}', type: 'application/json' })).json;
    assert.deepEqual([page.transfers[0].state_name, yuan(page.credit_fen), page.result_name], ['已查验', '0.00', '成功'], '查询结果：已查验，账户余额：0元，银行转账结果：成功');
    await stands(renewal, '管理员审核', '待审核');
    assert.deepEqual([(await order(renewal)).payment_status_name, (await order(renewal)).orders[0].method], ['支付成功', 'bank_transfer']);
  });
});

test('广东省药品交易、医用耗材系统：二、已过期证书在线续期', async (t) => {
  const subscriber = newSubscriber({ notBefore: '-500 days', notAfter: '-100 days' });
  const apply = (version) => client.submit(demo, subscriber, { platform: 'gd-drug', months: 12, change: (form) => ({ ...form, client_version: version, invoice: { kind: 'paper_fixed' } }) });
  const rules = await client.platformOf(demo, 'gd-drug');
  let renewal, pdf;
  await t.test('第1步：客户端需要更新到4.7.6及以上', async () => {
    const it = (await client.eligibility(demo, subscriber, { platform: 'gd-drug', client_version: '4.7.5' })).json;
    assert.deepEqual([it.may_apply, it.code], [false, 'client_too_old']);
    assert.match(it.reason, /4\.7\.6/);
    assert.equal(rules.client.download_url, 'http://www.cnca.net/Client/index/cat_id/34.html');
    assert.equal((await apply('4.7.5')).status, 426);
  });
  await t.test('第2～5步：填写申请信息，导出申请表模板', async () => {
    assert.deepEqual(rules.materials_expired, ['application_form']);
    const answer = await apply('4.7.6');
    assert.equal(answer.status, 201, answer.text);
    renewal = answer.json;
    await stands(renewal, '用户申请', '待提交材料');
    pdf = (await call(renewal, 'GET', '/application_form.pdf')).bytes;
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  });
  await t.test('点击上传附件：打印出来，手写签名加盖实体公章，扫描上传', async () => {
    assert.equal((await client.pay(demo, renewal)).json.code, 'renewal_state', '先上传，后缴费');
    writeFileSync(join(folder, 'form.pdf'), pdf);
    execFileSync('pdftoppm', ['-jpeg', '-r', '100', '-singlefile', join(folder, 'form.pdf'), join(folder, 'scan')]);
    const put = await call(renewal, 'PUT', '/materials/application_form?page=1', { body: readFileSync(join(folder, 'scan.jpg')), type: 'image/jpeg' });
    assert.equal(put.status, 201, put.text);
  });
  await t.test('第6步：提交，提示进行缴费', async () => {
    assert.equal((await call(renewal, 'POST', '/submission', { body: {} })).json.status, 'awaiting_payment');
    await stands(renewal, '用户缴费', '已录入');
  });
  await t.test('第7步：立即支付', async () => {
    assert.equal(yuan((await order(renewal)).amount_fen), '100.00');
    await payByAlipay(renewal);
  });
  await t.test('审核通过后安装证书，有效期自办理之日起算', async () => {
    assert.equal((await client.approve(demo, reviewer, renewal)).json.status, 'awaiting_install');
    await install(subscriber, renewal);
    const days = (new Date(renewal.not_after) - new Date(renewal.submitted_at)) / 86400e3;
    assert.ok(days >= 364.9 && days <= 366.1, String(days));
  });
});

test('深圳市医用耗材阳光交易和监管平台：CA网上自助续期', async (t) => {
  const rules = await client.platformOf(demo, 'sz-consumables');
  const subscriber = newSubscriber({ notBefore: '-330 days', notAfter: '+35 days' });
  let renewal;
  await t.test('条件1：证书必须在有效期过期前', async () => {
    const expired = newSubscriber({ notBefore: '-400 days', notAfter: '-1 minutes' });
    const it = (await client.eligibility(demo, expired)).json;
    assert.deepEqual([it.may_apply, it.code], [false, 'certificate_expired']);
    assert.match(it.elsewhere, /《深圳市医用耗材阳光交易和监管平台（CA）数字证书-续期办理指引》/);
    const justInside = newSubscriber({ notBefore: '-300 days', notAfter: '+2 minutes' });
    assert.equal((await client.eligibility(demo, justInside)).json.may_apply, true);
  });
  await t.test('条件2：客户端V4.2.0以上', async () => {
    assert.equal((await client.eligibility(demo, subscriber, { client_version: '4.1.9' })).json.code, 'client_too_old');
    assert.equal(rules.client.download_url, 'http://www.cnca.net/Drivers/深圳耗材专用驱动.exe');
  });
  await t.test('第1～4步：申请', async () => {
    assert.deepEqual(term(rules, 12).items.map((it) => [it.name, yuan(it.unit_price_fen), it.quantity, yuan(it.subtotal_fen)]), [['证书服务费用', '200.00', 1, '200.00']]);
    const answer = await client.submit(demo, subscriber);
    assert.equal(answer.status, 201, answer.text);
    renewal = answer.json;
    await stands(renewal, '用户缴费', '已录入');
  });
  await t.test('第5步：如您觉得信息有误，可点击【撤销申请】', async () => {
    assert.equal((await client.cancel(demo, renewal)).json.status, 'cancelled');
    assert.equal((await order(renewal)).orders[0].state_name, '已取消');
    renewal = (await client.submit(demo, subscriber)).json;
  });
  await t.test('第6、7步：在线支付', async () => {
    const invoice = (body) => call(renewal, 'PUT', '/invoice', { body });
    const wrong = await invoice({ kind: 'electronic', tax_id: '9144030071526726XH', title: '深圳市安康医用耗材有限公司' });
    assert.deepEqual([wrong.status, wrong.json.fields.map((it) => `${it.path} ${it.code}`)], [422, ['invoice.tax_id check_digit']], '仔细填写开具电子发票的税号');
    assert.deepEqual((await invoice({ kind: 'none' })).json.fields.map((it) => it.path), ['invoice.kind']);
    const filled = await invoice({ kind: 'electronic', tax_id: ' 9144030071526726xg', title: '深圳市安康医用耗材有限公司' });
    conforms('put', '/api/v1/renewals/{no}/invoice', filled);
    assert.equal(filled.status, 200, filled.text);
    const page = await order(renewal);
    assert.deepEqual([page.amount_fen, page.invoice.kind_name, page.invoice.title, page.invoice.tax_id], [20000, '电子发票', '深圳市安康医用耗材有限公司', '9144030071526726XG']);
    await payByAlipay(renewal);
    const late = await invoice({ kind: 'electronic', tax_id: '9144030071526726XG', title: '别的公司' });
    assert.deepEqual([late.status, late.json.code], [409, 'invoice_fixed']);
    assert.equal((await invoice({ kind: 'electronic', tax_id: '9144030071526726XG', title: '深圳市安康医用耗材有限公司' })).status, 200, '再提交一次，没有变化');
    assert.equal((await order(renewal)).payment_status_name, '支付成功');
  });
  await t.test('第8、9步：刷新，安装证书', async () => {
    assert.equal((await client.approve(demo, reviewer, renewal)).json.status, 'awaiting_install');
    await install(subscriber, renewal);
    assert.deepEqual([rules.invoice.kinds, rules.invoice.moment], [['electronic'], 'after_install']);
  });
});

// In the payer's browser: the form posts itself to UnionPay, he pays there, and is brought back.
async function payByUnionPay(renewal) {
  const form = await client.pay(demo, renewal, 'unionpay');
  assert.equal(form.status, 201, form.text);
  assert.match((await unionpay.toGateway(form.json)).text, /¥ \d+\.\d\d/);
  await unionpay.press(demo, form.json, 'pay');
  await eventually('支付成功', async () => (await order(renewal)).payment_status_name === '支付成功');
}

test('全药网GPO平台：CA证书网上续期自助手册', async (t) => {
  const rules = await client.platformOf(demo, 'gpo');
  const subscriber = newSubscriber({ notBefore: '-280 days', notAfter: '+85 days' });
  const may = async (options) => (await client.eligibility(demo, newSubscriber({ notBefore: '-275 days', ...options }), { platform: 'gpo' })).json;
  let renewal;
  await t.test('1 CA证书在过期前90天内才可进行网上续期申请', async () => {
    assert.equal((await may({ notAfter: '+90 days -1 minutes' })).may_apply, true, '刚好在90天内');
    const early = await may({ notAfter: '+90 days 2 minutes' });
    assert.deepEqual([early.may_apply, early.code], [false, 'window_not_open']);
    const opens = new Date(early.window_opens_at) - Date.now();
    assert.ok(opens > 0 && opens < 180e3, early.window_opens_at);
    assert.equal((await may({ notAfter: '+2 minutes' })).may_apply, true, '到期之前');
    const expired = await may({ notAfter: '-1 minutes' });
    assert.deepEqual([expired.may_apply, expired.code], [false, 'certificate_expired']);
    assert.match(expired.elsewhere, /只能快递办理，或者携带相关资料到营业厅前台办理/);
  });
  await t.test('2～5 申请续期，接受协议，选择续期时间，费用详细信息', () => {
    assert.deepEqual(term(rules, 24).items.map((it) => [it.name, yuan(it.unit_price_fen), it.quantity, yuan(it.subtotal_fen)]), [['证书服务费用', '250.00', 2, '500.00']]);
    assert.deepEqual([rules.contact.hotline, rules.contact.qq], ['400-830-1330', '4008301330']);
    assert.deepEqual([rules.invoice.kinds, rules.invoice.moment], [['electronic'], 'on_approval']);
  });
  await t.test('6、7 提交信息后再次输入CA证书密码，进入缴费阶段', async () => {
    const answer = await client.submit(demo, subscriber, { platform: 'gpo', months: 24 });
    assert.equal(answer.status, 201, answer.text);
    renewal = answer.json;
    await stands(renewal, '用户缴费', '已录入');
  });
  await t.test('8 如有信息错误可点击“撤销申请”', async () => {
    assert.equal((await client.cancel(demo, renewal)).json.status, 'cancelled');
    renewal = (await client.submit(demo, subscriber, { platform: 'gpo', months: 24 })).json;
  });
  await t.test('9 银行卡支付或者网银支付', async () => {
    const page = await order(renewal);
    assert.deepEqual(page.payment_methods.map((it) => it.method), ['unionpay']);
    assert.deepEqual([page.orders[0].transaction_kind_name, page.orders[0].transaction_status_name, page.orders[0].state_name, yuan(page.amount_fen)], ['消费', '未支付', '正常', '500.00']);
  });
  await t.test('10 如缴费失败，可重新缴费', async () => {
    const form = (await client.pay(demo, renewal, 'unionpay')).json;
    await unionpay.toGateway(form);
    await unionpay.press(demo, form, 'fail');
    assert.equal((await order(renewal)).payment_status_name, '未支付');
    await payByUnionPay(renewal);
  });
  await t.test('11 管理员审核时间约为2-3个工作日，可以查询进度', async () => {
    await stands(renewal, '管理员审核', '待审核');
    assert.equal(rules.review.working_days, 3);
  });
  await t.test('12、13 审核通过，安装证书', async () => {
    assert.equal((await client.approve(demo, reviewer, renewal)).json.status, 'awaiting_install');
    await install(subscriber, renewal);
  });
});

test('平安财智云系统：CA续期操作指引', async (t) => {
  const rules = await client.platformOf(demo, 'pingan');
  const subscriber = newSubscriber({ notBefore: '-300 days', notAfter: '+200 days' });
  const apply = (account, version = '4.6.6') => client.submit(demo, subscriber, { platform: 'pingan', change: (it) => ({ ...it, client_version: version, portal_token: portal.sentOn(account) }) });
  let renewal;
  await t.test('条件1：在有效期内；过期的重新申请CA', async () => {
    const it = (await client.eligibility(demo, newSubscriber({ notBefore: '-400 days', notAfter: '-1 minutes' }), { platform: 'pingan' })).json;
    assert.deepEqual([it.may_apply, it.code], [false, 'certificate_expired']);
    assert.match(it.elsewhere, /《平安采购管理系统CA办理指南（线上申请指南）》重新申请CA/);
  });
  await t.test('条件2：客户端V4.6.6以上', async () => {
    assert.equal((await apply('supplier-1', '4.6.5')).json.code, 'client_too_old');
    assert.equal(rules.client.download_url, 'http://www.cnca.net/dl/Drivers/平安项目专用驱动.zip');
  });
  await t.test('第1步：务必使用申请CA时的帐号登录', async () => {
    renewal = (await apply('supplier-1')).json;
    const other = await apply('supplier-2');
    assert.deepEqual([other.status, other.json.code, other.json.title], [403, 'portal_account_mismatch', '务必使用申请CA时的帐号登录']);
  });
  await t.test('第2～5步：申请续期，提交，输入CA密码', async () => {
    await stands(renewal, '用户缴费', '已录入');
    assert.deepEqual(term(rules, 12).items.map((it) => [it.name, yuan(it.unit_price_fen), it.quantity, yuan(it.subtotal_fen)]), [['证书服务费用', '200.00', 1, '200.00']]);
  });
  await t.test('第6、7步：核对信息，银联在线支付', async () => {
    const page = await order(renewal);
    assert.deepEqual([page.invoice.kind_name, yuan(page.amount_fen), page.orders[0].transaction_status_name], ['电子发票', '200.00', '未支付']);
    assert.deepEqual(page.payment_methods.map((it) => it.name), ['银联在线支付', '支付宝']);
    await payByUnionPay(renewal);
  });
  await t.test('第8步：点击【支付成功】，待查询结束后安装证书', async () => {
    await stands(renewal, '管理员审核', '待审核');
    assert.equal((await client.approve(demo, reviewer, renewal)).json.status, 'awaiting_install');
    await install(subscriber, renewal);
  });
});

test('数字证书网厅续期（招投标类有效期外）', async (t) => {
  const rules = await client.platformOf(demo, 'szca-bidding');
  const subscriber = newSubscriber({ notBefore: '-500 days', notAfter: '-100 days', organisation: `网厅指引${Date.now().toString(36)}（招标）有限公司` });
  let token, renewal, pdf;
  const form = (certificate, change = {}) => client.application(demo, { platform: 'szca-bidding', organisation: certificate.organisation, change: (it) => ({ ...it, certificate_serial: certificate.serial, ...change }) });
  const submit = (body) => client.call(demo.base_url, 'POST', '/api/v1/renewals', { token, body });
  await t.test('（一）通过短信验证码方式登录', async () => {
    assert.deepEqual(rules.proofs, ['portal_account', 'sms_code']);
    token = await portal.session();
  });
  await t.test('（二）输入证书序列号，进入续费；有效期内的不在此办理', async () => {
    const valid = newSubscriber({ notBefore: '-100 days', notAfter: '+10 minutes', organisation: subscriber.organisation });
    assert.equal((await submit(await form(valid))).json.code, 'window_not_open');
    const ask = await client.call(demo.base_url, 'POST', '/api/v1/platforms/szca-bidding/eligibility', { token, body: { certificate_serial: subscriber.serial, organisation: subscriber.organisation } });
    assert.equal(ask.json?.may_apply, true, ask.text);
  });
  await t.test('（三）机构信息须与续期证书所有者信息一致', async () => {
    const wrong = await form(subscriber);
    wrong.organisation.name = '别的有限公司';
    assert.equal((await submit(wrong)).json.code, 'organisation_mismatch');
    const answer = await submit(await form(subscriber, { invoice: { kind: 'none' } }));
    assert.equal(answer.status, 201, answer.text);
    renewal = answer.json;
    await stands(renewal, '用户申请', '待提交材料');
  });
  await t.test('同时为多张证书续期的，前一张完成后再续第二张', async () => {
    const second = newSubscriber({ notBefore: '-500 days', notAfter: '-90 days', organisation: subscriber.organisation });
    assert.equal((await submit(await form(second))).json.code, 'organisation_limit');
  });
  await t.test('（四）打印申请表格', async () => {
    pdf = (await call(renewal, 'GET', '/application_form.pdf')).bytes;
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  });
  await t.test('（五）签字、加盖红印后扫描上传', async () => {
    const put = await call(renewal, 'PUT', '/materials/application_form?page=1', { body: pdf, type: 'application/pdf' });
    assert.equal(put.status, 201, put.text);
  });
  await t.test('（六）微信扫一扫：身份证正反面照片，活体认证', async () => {
    const link = (await call(renewal, 'POST', '/phone_links', { body: {} })).json;
    const phone = new Phone(link.url);
    await phone.open();
    for (const side of ['front', 'back']) assert.equal((await phone.photo(side, picture())).status, 201);
    assert.equal((await phone.finish()).json.finished, true);
    const live = (await call(renewal, 'POST', '/liveness', { body: {} })).json;
    await client.call(demo.faceid.sandbox, 'POST', '/sandbox/result', { body: { biz_token: new URL(live.url).searchParams.get('BizToken'), code: 0 } });
    await client.call(demo.base_url, 'GET', `/identity/return?BizToken=${new URL(live.url).searchParams.get('BizToken')}`);
    await eventually('活体认证和运营商核验通过', async () => (await progress(renewal)).identity_steps.every((it) => it.state === 'passed'));
  });
  await t.test('（七）认证通过后点击“下一步”', async () => {
    assert.equal((await call(renewal, 'POST', '/submission', { body: {} })).json.status, 'awaiting_payment');
  });
  await t.test('（八）微信扫码支付', async () => {
    const ticket = (await client.pay(demo, renewal, 'wechat')).json;
    assert.match(ticket.code_url, /^weixin:/);
    await client.call(demo.wechat.url, 'POST', '/sandbox/control', { body: { number: ticket.attempt_no, pay: true, push: {} } });
    await eventually('支付成功', async () => (await order(renewal)).payment_status_name === '支付成功');
  });
  await t.test('（九）审核人员在三个工作日内完成审核', async () => {
    await stands(renewal, '管理员审核', '待审核');
    assert.equal(rules.review.working_days, 3);
    assert.equal(rules.contact.hotline, '400-112-3838');
  });
  const number = `6222${String(Date.now()).slice(-12)}`; // 基本户账号
  const arrived = async () => (await client.call(demo.citic.url, 'GET', '/?json')).json.payments.filter((it) => it.name === subscriber.organisation);
  const verification = async () => (await progress(renewal)).account_verification;
  const confirm = (code) => call(renewal, 'POST', '/account/confirmation', { body: { code } });
  await t.test('（十）审核通过后，系统自动打款0.01元至申请机构对公账户，并在交易附言里备注随机码', async () => {
    await client.call(demo.citic.url, 'POST', '/sandbox/behave', { body: { mode: 'fail', text: '账号户名不符', account: (await form(subscriber)).basic_account.number } });
    assert.equal((await client.approve(demo, reviewer, renewal)).json.status, 'awaiting_account');
    await stands(renewal, '管理员审核', '待金融认证');
    assert.deepEqual((await verification()).payouts_left, 2);
  });
  await t.test('（五）金融认证不通过：重新填写正确的单位基本账户信息后点击“提交”即可', async () => {
    await eventually('金融认证未通过', async () => (await verification()).state === 'failed');
    const it = await verification();
    assert.deepEqual([it.state_name, it.reason_text], ['金融认证未通过', '户名与账号不符']);
    const banks = (await client.call(demo.base_url, 'GET', `/api/v1/banks?keyword=${encodeURIComponent('工商')}`)).json.banks;
    const bank = banks.find((option) => /工商/.test(option.name)); // 请正确选择搜索下拉框弹出的基本户开户行信息
    const put = await call(renewal, 'PUT', '/account', { body: { name: subscriber.organisation, number, bank_name: bank.name, bank_code: bank.code } });
    conforms('put', '/api/v1/renewals/{no}/account', put);
    assert.equal(put.status, 200, put.text);
    await eventually('已打款', async () => (await verification()).state_name === '已打款');
  });
  await t.test('金融认证通过，则申请单状态变为“待下载”', async () => {
    const [first, second] = await arrived();
    assert.deepEqual([first.state, yuan(second.amount), second.account], ['failed', '0.01', number]);
    assert.match(second.remark, /^\d{6}金融认证$/);
    const done = await confirm(second.remark);
    conforms('post', '/api/v1/renewals/{no}/account/confirmation', done);
    assert.deepEqual([done.status, done.json.status, done.json.account_verification.state_name], [200, 'awaiting_install', '金融认证通过'], done.text);
    await stands(renewal, '安装新证书', '待下载');
  });
  await t.test('（十一）证书更新：PIN码不会修改，有效期自办理之日起算', async () => {
    const fetched = await client.call(demo.base_url, 'POST', at(renewal, '/certificate'), { token, headers: { 'x-xuqi-renewal': renewal.access_token }, body: { nonce: await client.challenge(demo), signing_csr: readFileSync(subscriber.csr, 'utf8') } });
    assert.equal(fetched.status, 200, fetched.text);
    assert.equal((await call(renewal, 'POST', '/certificate/acknowledgement', { body: {} })).json.status, 'completed');
    await stands(renewal, '完成', '已完成');
  });
});
