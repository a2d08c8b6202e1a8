// SPDX-License-Identifier: Apache-2.0
// The subscriber's pages in a real browser against the running server and the sandboxes. Runs like flow/main.mjs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import * as client from '../support/client.mjs';
import { noise, picture, withExif } from '../support/phone.mjs';
import { clean, launch, phone, visitor } from '../support/browser.mjs';
import { draft } from '../support/hall.mjs';
import { choose, endSessions, enterCode, fill, logIn, seatedInHall, type } from '../support/hall_page.mjs';
import { receive, today } from '../support/statement.mjs';
import { demo, newSubscriber, paidRenewal, sql } from '../support/world.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const submitted = async (options) => (await client.submit(demo, newSubscriber(), options)).json;
const visit = async (url, options) => {
  const page = await visitor(browser, options);
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  return page;
};

describe('start', () => {
  test('every platform can be chosen and says when, what and how much', async () => {
    const page = await visit(demo.base_url);
    await page.getByRole('link', { name: /药品交易/ }).click();
    await page.getByRole('heading', { level: 1, name: /药品交易/ }).waitFor();
    await page.getByText('到期之前随时可以申请').waitFor();
    await page.getByRole('cell', { name: '12 个月' }).waitFor();
    await clean(page);
  });

  test('a certificate inside the window may be renewed', async () => {
    const page = await visit(`${demo.base_url}/apply/sz-consumables`);
    await page.getByLabel('选择证书文件').setInputFiles(newSubscriber().certificate);
    await page.getByText('可以续期', { exact: true }).waitFor();
    await clean(page);
  });

  test('a file that is no certificate is told so, where it was chosen', async () => {
    const page = await visit(`${demo.base_url}/apply/sz-consumables`);
    await page.getByLabel('选择证书文件').setInputFiles({ name: 'photo.cer', mimeType: 'image/png', buffer: Buffer.from('\u0089PNG') });
    await page.getByRole('alert').getByText('这不是证书文件').waitFor();
  });

  test('English changes every word, and stays after a reload', async () => {
    const page = await visit(`${demo.base_url}/apply/sz-consumables`);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Fees' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Fees' }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
    await clean(page);
  });

  // As such a browser reads the page: what it does not know is not there, and a script that it cannot read ends where it begins.
  const old = {
    'that knows no modules': (page) => page.route('**/apply/**', async (route) => {
      const answer = await route.fetch();
      return route.fulfill({ response: answer, body: (await answer.text()).replaceAll('type="module"', 'type="unknown"') });
    }),
    'that knows modules, and not what is written in them': (page) => page.route('**/assets/*.js', async (route) => {
      const answer = await route.fetch();
      return route.fulfill({ response: answer, body: `${await answer.text()}\nconst nothing = a ?. ;` });
    }),
  };
  for (const [what, make] of Object.entries(old))
    test(`a browser ${what} is told that it is too old, with the address to copy`, async () => {
      const page = await visitor(browser);
      await page.addInitScript(() => {
        delete window.WeakRef;
        delete String.prototype.replaceAll;
      });
      await make(page);
      await page.goto(`${demo.base_url}/apply/gpo`);
      await page.getByText('您的浏览器版本太旧').waitFor();
      assert.equal(await page.getByLabel('页面地址').inputValue(), `${demo.base_url}/apply/gpo`);
      assert.equal(await page.locator('#app').innerText(), '');
      await clean(Object.assign(page, { errors: [] })); // that it cannot read the scripts is what is told
    });

  test('a browser without scripts is told what to do, and a new one is told nothing', async () => {
    assert.match(await (await fetch(`${demo.base_url}/apply/gpo`)).text(), /<noscript>\s*<p class="unsupported">此页面需要 JavaScript/);
    const page = await visit(`${demo.base_url}/apply/gpo`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await page.getByText('您的浏览器版本太旧').isVisible(), false);
  });

  test('going back is where one was, also when what was there comes late; going on begins at the top', async () => {
    const page = await visit(demo.base_url, { viewport: { width: 360, height: 300 } });
    const last = page.locator('.platforms a').last();
    await last.scrollIntoViewIfNeeded();
    const before = await page.evaluate(() => window.scrollY);
    assert.ok(before > 200, `${before}`);
    await last.click();
    await page.getByRole('heading', { name: '费用' }).waitFor();
    assert.equal(await page.evaluate(() => window.scrollY), 0);
    await page.route('**/api/v1/platforms', async (route) => { await new Promise((later) => { setTimeout(later, 400); }); await route.continue(); });
    await page.goBack();
    await page.waitForFunction((there) => Math.abs(window.scrollY - there) < 2, before);
    await page.reload();
    await page.waitForFunction((there) => Math.abs(window.scrollY - there) < 2, before);
    await clean(page);
  });

  test('an address that no page has is answered with a page that says so', async () => {
    const page = await visit(`${demo.base_url}/order/`);
    await page.getByRole('heading', { name: '没有这个页面' }).waitFor();
  });
});

describe('order', () => {
  test('the pay link opens the order in any browser and names all that the guide shows', async () => {
    const renewal = await submitted();
    const page = await visit(renewal.pay_url);
    await page.getByRole('heading', { name: '请缴费' }).waitFor();
    for (const text of ['业务单号', '业务状态', '支付状态', '订单编号', '交易类型', '交易状态', '订单状态', '创建时间', '费用名称', '小计（元）'])
      await page.getByText(text, { exact: true }).first().waitFor();
    await page.getByText(renewal.renewal_no, { exact: true }).waitFor();
    await page.getByRole('cell', { name: renewal.order_no }).waitFor();
    await clean(page);
  });

  test('a link without its token says what is missing', async () => {
    const { pay_url } = await submitted();
    const page = await visit(pay_url.split('#')[0]);
    await page.getByRole('heading', { name: '地址不完整' }).waitFor();
    await clean(page);
  });

  test('a link with another token is refused with the number for the hotline', async () => {
    const { pay_url } = await submitted();
    const page = await visit(`${pay_url.split('#')[0]}#${'A'.repeat(43)}`);
    await page.getByRole('alert').getByText('问题编号').waitFor();
  });

  test('paid at the Alipay sandbox in a new tab, the page turns paid by itself within a second of the notice', async () => {
    const renewal = await submitted();
    const page = await visit(renewal.pay_url);
    await page.getByRole('radio', { name: '支付宝' }).check();
    const [gateway] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('button', { name: /立即支付/ }).click()]);
    await page.getByText('请在新打开的页面完成支付').waitFor();
    await gateway.getByRole('button', { name: /支付|Pay/ }).first().click();
    await page.getByRole('heading', { name: '已缴费，正在审核' }).waitFor({ timeout: 5000 });
    await page.getByText('支付成功').first().waitFor();
    await clean(page);
  });

  test('who is back from the gateway before its notice is told that it is asked, never that nothing was paid, and pays no second time', async () => {
    const renewal = await submitted();
    const page = await visit(renewal.pay_url);
    await page.getByRole('radio', { name: '支付宝' }).check();
    const answered = page.waitForResponse((response) => response.url().endsWith('/payments'));
    const [gateway] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('button', { name: /立即支付/ }).click()]);
    const form = await (await answered).json();
    await gateway.getByRole('button', { name: /支付|Pay/ }).first().waitFor();
    let asked = 0;
    gateway.on('request', (request) => { asked += request.url().endsWith(`/payments/${form.attempt_no}/refresh`) ? 1 : 0; });
    await gateway.goto(`${demo.base_url}/order/${renewal.renewal_no}?out_trade_no=${form.attempt_no}`); // as Alipay's return_url
    await gateway.getByRole('heading', { name: '支付结果确认中' }).waitFor();
    await gateway.getByRole('status').getByText(/支付结果确认中，.*不用重新支付/).waitFor();
    assert.equal(await gateway.getByText('未支付', { exact: true }).count(), 0);
    assert.equal(await gateway.getByRole('button', { name: /立即支付/ }).count(), 0);
    assert.ok(asked > 0, 'the gateway is asked');
    assert.equal(sql(`select count(*) from xuqi.payment_attempt where order_no = '${renewal.order_no}'`), '1');
    await clean(Object.assign(gateway, { errors: [] }));
    await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, form)));
    for (const tab of [gateway, page]) await tab.getByRole('heading', { name: '已缴费，正在审核' }).waitFor();
    await gateway.getByText('支付成功').first().waitFor();
  });

  test('a notice that comes while the page waits is shown within a second', async () => {
    const renewal = await submitted();
    const page = await visit(renewal.pay_url);
    await page.getByRole('heading', { name: '请缴费' }).waitFor();
    const form = (await client.pay(demo, renewal)).json;
    const notice = client.alipaySigned(demo, client.alipayNotice(demo, form));
    const began = Date.now();
    assert.equal((await client.notify(demo, notice)).text, 'success');
    await page.getByRole('heading', { name: '已缴费，正在审核' }).waitFor();
    assert.ok(Date.now() - began < 1000, `${Date.now() - began} ms`);
  });

  const paidByNotice = async (renewal) => {
    const form = (await client.pay(demo, renewal)).json;
    assert.equal((await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, form)))).text, 'success');
  };

  test('a script that asks early and comes late hides no news', async () => {
    const renewal = await submitted();
    const page = await visitor(browser);
    let release;
    const held = new Promise((resolve) => { release = resolve; });
    await page.route('**/assets/boot-*.js', async (route) => { await held; await route.continue(); });
    await page.goto(renewal.pay_url, { waitUntil: 'commit' });
    await page.getByText('未支付', { exact: true }).first().waitFor();
    const late = page.waitForResponse('**/assets/boot-*.js');
    release();
    await (await late).finished();
    await page.waitForFunction(() => document.readyState === 'complete');
    await paidByNotice(renewal);
    await page.getByRole('cell', { name: '支付成功' }).waitFor();
    await clean(page);
  });

  test('an answer that was lost on the way is asked for again by itself', async () => {
    const renewal = await submitted();
    const page = await visit(renewal.pay_url);
    await page.getByText('未支付', { exact: true }).first().waitFor();
    let lost = 0;
    await page.route('**/api/v1/renewals/*/order', (route) => (lost++ < 2 ? route.abort('connectionreset') : route.continue()));
    await paidByNotice(renewal);
    await page.getByRole('alert').getByText('网络不通').waitFor();
    await page.getByRole('cell', { name: '支付成功' }).waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await clean(page);
  });

  test('a part of the page that was lost on the way is fetched again, and one that stays away is said', async () => {
    const renewal = await submitted();
    const page = await visitor(browser);
    let lost = 0;
    await page.route('**/assets/OrderMore-*.js', (route) => (lost++ < 2 ? route.abort('connectionreset') : route.continue()));
    await page.goto(renewal.pay_url);
    await page.getByRole('cell', { name: '未支付' }).waitFor();
    await clean(page);
    await page.unroute('**/assets/OrderMore-*.js');
    await page.route('**/assets/OrderMore-*.js', (route) => route.fulfill({ status: 404 }));
    await page.reload();
    await page.getByRole('alert').getByText('页面的这一部分没有取到').waitFor();
    await clean(page);
    await page.unroute('**/assets/OrderMore-*.js');
    await page.getByRole('button', { name: '重新打开' }).click();
    await page.getByRole('cell', { name: '未支付' }).waitFor();
  });

  test('the whole life is followed without a reload: approved, issued, completed', async () => {
    const subscriber = newSubscriber();
    const renewal = (await client.submit(demo, subscriber)).json;
    const page = await visit(renewal.pay_url);
    const form = (await client.pay(demo, renewal)).json;
    await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, form)));
    await page.getByRole('heading', { name: '已缴费，正在审核' }).waitFor();
    await client.approve(demo, (await client.login(demo, 'reviewer')).json.token, renewal);
    await page.getByRole('heading', { name: '审核通过，请安装新证书' }).waitFor();
    assert.equal((await client.fetchCertificate(demo, subscriber, renewal)).status, 200);
    await page.getByRole('heading', { name: '新证书已签发，等待安装完成' }).waitFor();
    await client.acknowledge(demo, renewal);
    await page.getByRole('heading', { name: '续期完成' }).waitFor();
    await clean(page);
  });

  test('a withdrawal asks first, names the application, and Escape keeps it', async () => {
    const renewal = await submitted();
    const page = await visit(renewal.pay_url);
    await page.getByRole('button', { name: '撤销申请' }).click();
    const dialog = page.getByRole('dialog', { name: new RegExp(renewal.renewal_no) });
    await dialog.waitFor();
    await clean(page);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.waitForFunction(() => document.activeElement.textContent.trim() === '撤销申请'); // the focus is back where it was
    await page.getByRole('button', { name: '撤销申请' }).click();
    await dialog.getByRole('button', { name: '确定撤销' }).click();
    await page.getByRole('heading', { name: '申请已撤销' }).waitFor();
    await clean(page);
  });

  test('two clicks on pay open one attempt', async () => {
    const renewal = await submitted();
    const page = await visit(renewal.pay_url);
    let calls = 0;
    page.on('request', (request) => { calls += request.method() === 'POST' && request.url().endsWith('/payments') ? 1 : 0; });
    await page.getByRole('button', { name: /立即支付/ }).dblclick();
    await page.getByText('请在新打开的页面完成支付').waitFor();
    assert.equal(calls, 1);
  });

  test('a lost network is said, what was typed stays, and the page comes back by itself', async () => {
    const renewal = await submitted();
    const page = await visit(renewal.pay_url);
    await page.getByRole('radio', { name: '电子发票' }).check();
    await page.getByLabel('发票抬头').fill('测试单位有限公司');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: '保存发票信息' }).click();
    await page.getByText('网络不通，服务器没有回答').waitFor();
    assert.equal(await page.getByLabel('发票抬头').inputValue(), '测试单位有限公司');
    await page.context().setOffline(false);
    await page.getByRole('button', { name: '保存发票信息' }).click();
    await page.getByText('发票信息已保存').waitFor();
  });

  test('what is saved too late is refused where it was typed, and stays; the page comes up to date by itself', async () => {
    const renewal = await submitted();
    const { json: then } = await client.progress(demo, renewal);
    const page = await visitor(browser);
    let asked = 0, isDeaf = true; // it hears how it is, and then of nothing
    await page.route('**/events', (route) => {
      if (!isDeaf) return route.continue();
      return asked++ === 0 ? route.fulfill({ contentType: 'text/event-stream', body: `id: 1\ndata: ${JSON.stringify(then)}\n\n` }) : route.abort();
    });
    await page.goto(renewal.pay_url);
    await page.getByLabel('发票抬头').fill('想得太晚的抬头');
    await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, (await client.pay(demo, renewal)).json)));
    await page.getByRole('button', { name: '保存发票信息' }).click();
    await page.getByRole('region', { name: '发票' }).getByRole('alert').getByText('问题编号').waitFor();
    assert.equal(await page.getByLabel('发票抬头').inputValue(), '想得太晚的抬头');
    isDeaf = false;
    await page.getByRole('heading', { name: '已缴费，正在审核' }).waitFor();
    await clean(page);
  });

  test('a reload in the middle loses nothing that was typed', async () => {
    const { pay_url } = (await client.submit(demo, newSubscriber(), { platform: 'gd-drug', change: (it) => ({ ...it, invoice: { kind: 'paper_fixed' } }) })).json;
    const page = await visit(pay_url);
    await page.getByRole('radio', { name: '银行转账' }).check();
    await page.getByLabel('付款账户名').fill('某某有限公司');
    await page.getByLabel('转账金额（元）').fill('100.00');
    await page.reload();
    await page.getByRole('radio', { name: '银行转账' }).check();
    assert.deepEqual([await page.getByLabel('付款账户名').inputValue(), await page.getByLabel('转账金额（元）').inputValue()], ['某某有限公司', '100.00']);
    const electronic = await visit((await submitted()).pay_url);
    await electronic.getByLabel('发票抬头').fill('还没有保存的抬头');
    await electronic.reload();
    await electronic.getByRole('heading', { name: '请缴费' }).waitFor();
    assert.equal(await electronic.getByLabel('发票抬头').inputValue(), '还没有保存的抬头');
  });

  test('transfers whose answer was lost are declared once, however often they are sent', async () => {
    const { pay_url } = (await client.submit(demo, newSubscriber(), { platform: 'gd-drug', change: (it) => ({ ...it, invoice: { kind: 'paper_fixed' } }) })).json;
    const page = await visit(pay_url);
    await page.getByRole('radio', { name: '银行转账' }).check();
    for (const [label, value] of [['付款账号', '6222000011112222444'], ['付款账户名', '某某有限公司'], ['转账金额（元）', '100.00'], ['付款日期', today()]]) await page.getByLabel(label).fill(value);
    await page.route('**/transfers', async (route) => { await route.fetch(); await route.abort(); }, { times: 1 });
    await page.getByRole('button', { name: '核验转账信息' }).click();
    await page.getByText('网络不通，服务器没有回答').waitFor();
    assert.equal(await page.getByLabel('付款账户名').inputValue(), '某某有限公司');
    await page.getByRole('button', { name: '核验转账信息' }).click();
    await page.getByText('未到账', { exact: true }).waitFor();
    assert.equal(await page.locator('.declared li').count(), 1);
    await clean(page);
  });

  test('what is wrong with the invoice is said beside the field', async () => {
    const renewal = await submitted();
    const page = await visit(renewal.pay_url);
    await page.getByRole('radio', { name: '电子发票' }).check();
    await page.getByLabel('发票抬头').fill('测试单位有限公司');
    await page.getByLabel('纳税人识别号').fill('91440101MA5AXXXXX1');
    await page.getByRole('button', { name: '保存发票信息' }).click();
    await page.locator('.field em').waitFor();
    await clean(page);
  });
});

describe('bank transfer', () => {
  const who = (name) => ({ name: `浏览器${Date.now().toString(36)}${name}有限公司`, account: `6222${String(Date.now()).slice(-9)}${Math.floor(Math.random() * 900 + 100)}` });
  async function declared(payer) {
    const renewal = (await client.submit(demo, newSubscriber({ organisation: payer.name }), { platform: 'gd-drug', organisation: payer.name, change: (it) => ({ ...it, invoice: { kind: 'paper_fixed' } }) })).json;
    const page = await visit(renewal.pay_url);
    await page.getByRole('radio', { name: '银行转账' }).check();
    await page.getByLabel('付款账号').fill(payer.account);
    await page.getByLabel('付款账户名').fill(payer.name);
    await page.getByLabel('转账金额（元）').fill('100.00');
    await page.getByLabel('付款日期').fill(today());
    await page.getByRole('button', { name: '核验转账信息' }).click();
    return { page, renewal };
  }

  test('money that is on the statement pays the order at once', async () => {
    const payer = who('已到');
    receive({ fen: 10000, ...payer });
    const { page } = await declared(payer);
    await page.getByRole('heading', { name: '已缴费，正在审核' }).waitFor();
    await clean(page);
  });

  test('money that has not come yet is kept, and the page turns paid by itself when the statement brings it', async () => {
    const payer = who('未到');
    const { page } = await declared(payer);
    await page.getByText('未到账', { exact: true }).waitFor();
    await clean(page);
    receive({ fen: 10000, ...payer });
    await page.getByRole('heading', { name: '已缴费，正在审核' }).waitFor();
  });

  test('rows are added and taken away; each is told its result aloud, what is still owed, and where what was too much has gone', async () => {
    const payer = who('分两笔');
    const renewal = (await client.submit(demo, newSubscriber({ organisation: payer.name }), { platform: 'gd-drug', organisation: payer.name, change: (it) => ({ ...it, invoice: { kind: 'paper_fixed' } }) })).json;
    const page = await visit(renewal.pay_url);
    await page.getByRole('radio', { name: '银行转账' }).check();
    const add = page.getByRole('button', { name: '点击添加' });
    while (await add.isEnabled()) await add.click();
    assert.equal(await page.getByRole('group', { name: /^第 \d+ 笔转账$/ }).count(), 20);
    while (await page.getByRole('group', { name: /^第 \d+ 笔转账$/ }).count() > 2) await page.getByRole('button', { name: '删除 第 3 笔转账' }).click();
    const type = async (number, yuan, account) => {
      const row = page.getByRole('group', { name: `第 ${number} 笔转账` });
      for (const [label, value] of [['付款账号', account], ['付款账户名', payer.name], ['转账金额（元）', yuan], ['付款日期', today()]]) await row.getByLabel(label).fill(value);
    };
    receive({ fen: 6000, ...payer });
    await type(1, '60.00', payer.account);
    await type(2, '41.50', `${payer.account}9`);
    const verify = page.getByRole('button', { name: '核验转账信息' });
    await verify.click();
    const told = page.getByRole('status');
    await told.getByText('已查验', { exact: true }).waitFor();
    await told.getByText('未到账', { exact: true }).waitFor();
    await told.getByText(/已到账 ¥60\.00 · 还需支付 ¥40\.00/).waitFor();
    await clean(page);
    receive({ fen: 4150, ...payer, account: `${payer.account}9` });
    await page.getByRole('heading', { name: '已缴费，正在审核' }).waitFor();
    await page.getByText('多付的 ¥1.50 已记入付款人的账户余额').waitFor();
    await clean(page);
  });

  test('an amount that is none is said beside its field, and the row stays', async () => {
    const { pay_url } = (await client.submit(demo, newSubscriber(), { platform: 'gd-drug', change: (it) => ({ ...it, invoice: { kind: 'paper_fixed' } }) })).json;
    const page = await visit(pay_url);
    await page.getByRole('radio', { name: '银行转账' }).check();
    await page.getByLabel('付款账号').fill('6222000011112222333');
    await page.getByLabel('付款账户名').fill('某某有限公司');
    await page.getByLabel('转账金额（元）').fill('1e3');
    await page.getByLabel('付款日期').fill(today());
    await page.getByRole('button', { name: '核验转账信息' }).click();
    await page.locator('.cell em').first().waitFor();
    assert.equal(await page.getByLabel('付款账户名').inputValue(), '某某有限公司');
    await clean(page);
  });
});

test('a paid application may be withdrawn: a refund is asked for and shown', async () => {
  const { renewal } = await paidRenewal();
  const page = await visit(renewal.pay_url);
  await page.getByRole('button', { name: '撤销申请' }).click();
  await page.getByRole('dialog').getByText('由财务审核').waitFor();
  await page.getByRole('button', { name: '确定撤销' }).click();
  await page.getByText('已申请撤销并退款').waitFor();
  await page.getByRole('heading', { name: '已申请撤销，财务正在审批' }).waitFor();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.getByRole('heading', { name: '退款' }).waitFor();
  await page.getByRole('cell', { name: '待审批' }).waitFor();
  await clean(page);
});

describe('applying in the web hall', () => {
  const atForm = () => seatedInHall(browser, '/apply/szca-bidding/form');
  async function chosen(page) {
    const organisation = `页面${Date.now().toString(36)}有限公司`;
    const subscriber = newSubscriber({ organisation, notBefore: '-400 days', notAfter: '-35 days' });
    await choose(page, subscriber);
    return subscriber;
  }
  const submit = (page) => page.getByRole('button', { name: '提交', exact: true }).click();
  const isSubmitted = (page) => page.getByRole('heading', { name: '请上传材料后提交' }).waitFor();

  test('from the login to the order, and back to it from what one has applied for: logged in by code, the certificate named, the form filled, submitted', async () => {
    const page = await visit(`${demo.base_url}/apply/szca-bidding`);
    const mobile = await logIn(page);
    await clean(page);
    const certificate = await chosen(page);
    await clean(page);
    await page.getByRole('radio', { name: /24 个月/ }).check();
    await page.locator('.total').getByText('¥400.00').waitFor();
    await fill(page, certificate, mobile);
    await submit(page);
    await isSubmitted(page);
    assert.match(page.url(), /\/order\/01\d+#[\w-]{43}$/);
    await page.getByText('¥400.00').waitFor();
    await clean(page);

    const address = page.url();
    await page.getByRole('link', { name: '我的业务单' }).click();
    await page.getByRole('region', { name: '办理中' }).getByRole('listitem').filter({ hasText: certificate.organisation }).getByText('待提交材料').waitFor();
    await clean(page);
    await page.getByRole('link', { name: /^上传材料 01/ }).click();
    await isSubmitted(page);
    assert.equal(page.url(), address);
    await page.goto(`${demo.base_url}/mine`);
    await page.getByRole('button', { name: '退出' }).click();
    await page.getByRole('heading', { name: '登录' }).waitFor();
    assert.equal(await page.getByText(certificate.organisation).count(), 0);
    const { page: another } = await seatedInHall(browser, '/mine');
    await another.getByText('没有办理中的业务单。').waitFor();
    await clean(another);
  });

  test('nothing typed is lost: by faults, which are said beside their fields, by a reload, by a session that ends, by a price that changes', async () => {
    const { page, mobile } = await atForm();
    const certificate = await chosen(page);
    assert.equal(await page.getByRole('button', { name: '提交', exact: true }).isDisabled(), true); // without the three consents
    await page.getByText('请先阅读并勾选以上各项').waitFor();
    await fill(page, certificate, mobile);
    await type(page, 'agent.id_number', '110105194912310021');
    await type(page, 'agent.email', 'not an address');
    await submit(page);
    await page.locator('[data-field="agent.id_number"] em').waitFor();
    await page.locator('[data-field="agent.email"] em').waitFor();
    const summary = page.getByRole('group', { name: '有 2 处需要修改' });
    assert.ok(await summary.evaluate((it) => it === document.activeElement), 'several faults are told together first');
    assert.deepEqual(await summary.getByRole('listitem').allInnerTexts(), await page.locator('[data-field]:has(em)').evaluateAll((all) => all.map((it) => `${it.querySelector('label').firstChild.textContent.trim()}：${it.querySelector('em').textContent}`)));
    await clean(page);
    await summary.getByRole('button').last().press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.closest('[data-field]').dataset.field), 'agent.email');
    await type(page, 'agent.email', 'agent@example.com');
    await submit(page);
    await summary.waitFor({ state: 'detached' });
    await page.locator('[data-field="agent.id_number"] em').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.closest('[data-field]').dataset.field), 'agent.id_number', 'one alone has the focus itself');
    await page.reload();
    await choose(page, certificate);
    assert.equal(await page.locator('[data-field="agent.name"] input').inputValue(), '胡经办');

    await fill(page, certificate, mobile);
    endSessions();
    await submit(page);
    await page.getByText('登录已失效，请重新登录').waitFor();
    await clean(page);
    await enterCode(page, mobile);
    await page.getByRole('heading', { name: '基本信息' }).waitFor();
    assert.equal(await page.locator('[data-field="agent.name"] input').inputValue(), '胡经办');

    await page.route('**/api/v1/renewals', async (route) => {
      const body = route.request().postDataJSON();
      await route.continue({ postData: { ...body, amount_fen: body.amount_fen - 1, quote_version: undefined } });
    }, { times: 1 });
    await submit(page);
    await page.getByText(/费用已由/).waitFor();
    await submit(page);
    await isSubmitted(page);
  });

  test('submitted twice by a double click and once more because the answer was lost, it is one application', async () => {
    const { page, mobile } = await atForm();
    const certificate = await chosen(page);
    await fill(page, certificate, mobile);
    let posts = 0;
    await page.route('**/api/v1/renewals', async (route) => { posts += 1; await route.fetch(); await route.abort(); }, { times: 1 });
    await page.getByRole('button', { name: '提交', exact: true }).dblclick();
    await page.getByText('网络不通，服务器没有回答').waitFor();
    assert.equal(posts, 1);
    await submit(page);
    await isSubmitted(page);
    assert.equal(sql(`select count(*) from xuqi.renewal where certificate_serial = '${certificate.serial}'`), '1');
  });

  test('another organisation\'s certificate is refused in words', async () => {
    const { page } = await atForm();
    await page.getByLabel('证书序列号').fill(newSubscriber({ organisation: '别人有限公司', notBefore: '-400 days', notAfter: '-35 days' }).serial);
    await page.getByLabel('企业名称').fill('不是别人有限公司');
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByRole('alert').first().waitFor();
    await clean(page);
  });
});

describe('draft', () => {
  test('the form is downloaded, uploaded again and taken away, and what is missing is named at submission', async () => {
    const page = await visit((await draft()).pay_url);
    await page.getByRole('heading', { name: '请上传材料后提交' }).waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /下载申请表/ }).click()]);
    await page.getByLabel('选择文件上传 签字盖章的申请表').setInputFiles(await download.path().then((path) => ({ name: 'form.pdf', mimeType: 'application/pdf', buffer: readFileSync(path) })));
    await page.getByText('已上传 1 页').waitFor();
    await page.getByRole('button', { name: '提交申请' }).click();
    await page.getByRole('alert').waitFor();
    await clean(page);
    await page.getByRole('button', { name: '删除第 1 页' }).click();
    await page.getByText('未上传').first().waitFor();
  });

  test('a file that is no document is refused beside it', async () => {
    const page = await visit((await draft()).pay_url);
    await page.getByLabel('选择文件上传 签字盖章的申请表').setInputFiles({ name: 'form.pdf', mimeType: 'application/pdf', buffer: Buffer.from('not a PDF') });
    await page.locator('.row').getByRole('alert').waitFor();
  });

  test('photos taken by telephone are on the waiting page within three seconds', async () => {
    const renewal = await draft();
    const page = await visit(renewal.pay_url);
    const answered = page.waitForResponse((response) => response.url().endsWith('/phone_links'));
    await page.getByRole('button', { name: '用手机拍照和认证' }).click();
    const { qr_text } = await (await answered).json();
    await page.getByRole('img', { name: '用手机拍照和认证' }).waitFor();
    await clean(page);

    const telephone = await visit(qr_text, { viewport: phone, hasTouch: true, isMobile: true });
    await telephone.getByRole('heading', { name: '拍摄经办人身份证' }).waitFor();
    await page.getByText('手机已打开，正在进行').first().waitFor();
    for (const side of ['front', 'back'])
      await telephone.locator(`#${side}-camera`).setInputFiles({ name: `${side}.jpg`, mimeType: 'image/jpeg', buffer: picture({ width: side === 'front' ? 1600 : 1500 }) });
    await telephone.locator('.side.there').nth(1).waitFor();
    const began = Date.now();
    await page.locator('li', { hasText: '身份证照片' }).getByText('已通过').waitFor();
    assert.ok(Date.now() - began < 3000, `${Date.now() - began} ms`);
    await clean(telephone);
    await telephone.getByRole('button', { name: '开始活体认证' }).waitFor();
  });

  test('a photo of more than 10 MB, taken upright, is made smaller by the telephone and arrives upright', async () => {
    const renewal = await draft();
    const { json } = await client.call(demo.base_url, 'POST', `/api/v1/renewals/${renewal.renewal_no}/phone_links`, { token: renewal.access_token, body: {} });
    const telephone = await visitor(browser, { viewport: phone, hasTouch: true, isMobile: true });
    await telephone.addInitScript(() => {
      const fetched = window.fetch;
      window.fetch = (path, request) => { if (request?.method === 'PUT') window.sent = request.body; return fetched(path, request); };
    });
    await telephone.goto(json.qr_text, { waitUntil: 'domcontentloaded' });
    await telephone.getByRole('heading', { name: '拍摄经办人身份证' }).waitFor();
    const photo = withExif(noise({ width: 4000, height: 3000 }), 6);
    assert.ok(photo.length > 10 * 1024 * 1024, `${photo.length} bytes`);
    await telephone.locator('#front-camera').setInputFiles({ name: 'front.jpg', mimeType: 'image/jpeg', buffer: photo });
    await telephone.locator('.side.there').first().waitFor();
    const { size, ...sides } = await telephone.evaluate(async () => {
      const { width, height } = await createImageBitmap(window.sent);
      return { size: window.sent.size, width, height };
    });
    assert.ok(size < 5 * 1024 * 1024, `${size} bytes`);
    assert.deepEqual(sides, { width: 1500, height: 2000 });
    await clean(telephone);
  });

  test('a second telephone is told that the code was used', async () => {
    const renewal = await draft();
    const { json } = await client.call(demo.base_url, 'POST', `/api/v1/renewals/${renewal.renewal_no}/phone_links`, { token: renewal.access_token, body: {} });
    const first = await visit(json.qr_text, { viewport: phone });
    await first.getByRole('heading', { name: '拍摄经办人身份证' }).waitFor();
    const second = await visit(json.qr_text, { viewport: phone });
    await second.getByRole('heading', { name: '不能打开' }).waitFor();
    await clean(second);
  });
});

for (const viewport of [{ width: 360, height: 740 }, phone, { width: 768, height: 1024 }, { width: 1920, height: 1080 }])
  test(`the order page does not scroll sideways at ${viewport.width} pixels, light and dark`, async () => {
    const { pay_url } = await submitted();
    const page = await visit(pay_url, { viewport });
    await page.getByRole('heading', { name: '请缴费' }).waitFor();
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.waitForFunction((dark) => document.documentElement.classList.contains('dark') === dark, colorScheme === 'dark');
      await clean(page);
    }
    await page.context().close();
  });

test('the policy of the pages allows no inline script, no style attribute and no eval', async () => {
  const response = await fetch(demo.base_url);
  const policy = response.headers.get('content-security-policy');
  assert.doesNotMatch(policy, /unsafe/);
  assert.match(policy, /require-trusted-types-for 'script'/);
  assert.doesNotMatch(await response.text(), /<script>|style=|onclick/);
});
