// SPDX-License-Identifier: Apache-2.0
// Without a mouse, without eyes, enlarged four times, with motion turned off: the same can be done. Runs like flow/main.mjs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import * as client from '../support/client.mjs';
import { enlarged, named, still, tabTo, targets, tree } from '../support/access.mjs';
import { clean, desktop, launch, phone, visitor } from '../support/browser.mjs';
import { caseWithForm, seated } from '../support/desk.mjs';
import { startWeb } from '../support/extra_web.mjs';
import { draft } from '../support/hall.mjs';
import { choose, seatedInHall } from '../support/hall_page.mjs';
import * as portal from '../support/portal.mjs';
import { hire, seat } from '../support/staff.mjs';
import { receive, today } from '../support/statement.mjs';
import { demo, newSubscriber, paidRenewal, sql } from '../support/world.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());
const visit = async (url, options) => {
  const page = await visitor(browser, options);
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  return page;
};
const organisation = (what) => `${what}${Date.now().toString(36)}有限公司`;
const expired = (name) => newSubscriber({ organisation: name, notBefore: '-400 days', notAfter: '-35 days' });

describe('the keyboard alone', () => {
  let extra; // the web hall, paid by bank transfer
  before(async () => {
    extra = await startWeb('keyboard', Number(new URL(demo.base_url).port) + 6, {
      keyboard: (texts) => texts['szca-bidding'].replace(/^identity_steps: .*$/m, 'identity_steps: []').replace(/^payment_methods: .*$/m, 'payment_methods: [bank_transfer]')
        + /^bank_accounts:\n(?: .*\n)+/m.exec(texts['gd-drug'])[0],
    });
  });
  after(async () => {
    await extra.stop();
    client.deskAt(demo.base_url, demo.staff_url);
  });

  test('applies, pays by bank transfer and follows; a screen reader is told the name of each field on the way', async () => {
    const name = organisation('键盘'), certificate = expired(name), mobile = portal.newMobile();
    const page = await visit(`${extra.demo.base_url}/apply/keyboard`);
    page.on('filechooser', () => undefined); // asked of the browser before the key is pressed
    const key = (what) => page.keyboard.press(what);
    const go = async (target, then = 'Enter') => { await tabTo(page, target); if (then) await key(then); };
    const write = async (target, text) => { await tabTo(page, target); await page.keyboard.type(text); };
    const field = (path) => page.locator(`[data-field="${path}"] input`);
    const button = (text) => page.getByRole('button', { name: text, exact: true });

    sql('delete from xuqi.serial_ask; delete from xuqi.sms_code');
    await page.getByRole('link', { name: '登录并申请' }).waitFor();
    await go(page.getByRole('link', { name: '登录并申请' }));
    await page.getByRole('heading', { name: '登录' }).waitFor();
    await write(page.getByRole('textbox', { name: '手机号码', exact: true }), mobile);
    await named(page);
    await go(button('获取验证码'));
    const [message] = await portal.until('the message', async () => { const all = await portal.received(mobile); return all.length > 0 && all; });
    const code = page.getByRole('textbox', { name: '短信验证码' });
    await page.getByText('验证码已发送').waitFor();
    assert.ok(await code.evaluate((it) => it === document.activeElement), 'where the code belongs');
    await write(code, message.param.code);
    await key('Enter');

    await page.getByLabel('证书序列号').waitFor();
    await write(page.getByLabel('证书序列号'), certificate.serial);
    await write(page.getByLabel('企业名称'), name);
    await key('Enter');
    await page.getByRole('heading', { name: '基本信息' }).waitFor();
    const said = await named(page);
    for (const { label } of (await client.platformOf(extra.demo, 'keyboard')).form.filter((block) => block.demand !== 'optional').flatMap((block) => block.fields).filter((it) => it.demand === 'required'))
      assert.ok(said.some((it) => it.name.includes(label)), `${label} is not told`);
    await tabTo(page, page.getByRole('radio', { name: /12 个月/ }));
    await key('ArrowDown');
    await page.locator('.total').getByText('¥400.00').waitFor();
    const typed = { 'agent.id_number': '11010519491231002X', 'agent.name': '胡经办', 'agent.mobile': mobile, 'agent.email': 'agent@example.com', 'agent.address': '深圳市南山区科技路1号',
      'organisation.id_number': '91440300708461136T', 'organisation.address': '深圳市南山区', 'legal_person.name': '马法人', 'legal_person.id_number': '11010519491231002X', 'legal_person.mobile': '13900139000',
      'basic_account.name': name, 'basic_account.bank_name': '工商银行', 'basic_account.number': '44050100000000000000', 'invoice.title': '深圳市腾讯计算机系统有限公司', 'invoice.tax_id': '9144030071526726XG' };
    for (const path of await page.locator('[data-field]').evaluateAll((all) => all.map((it) => it.dataset.field))) {
      if (!(path in typed) || await field(path).count() === 0 || await field(path).inputValue() !== '') continue;
      await write(field(path), typed[path]);
      if (path !== 'basic_account.bank_name') continue;
      const bank = page.getByRole('list', { name: '开户行' }).getByRole('button').first();
      await bank.waitFor();
      await go(bank);
    }
    for (const consent of await page.getByRole('checkbox', { name: /^我/ }).all()) await go(consent, 'Space');
    await go(button('提交'));

    await page.getByRole('heading', { name: '请上传材料后提交' }).waitFor();
    await named(page);
    await page.getByRole('button', { name: /下载申请表/ }).waitFor();
    await tabTo(page, page.getByRole('button', { name: /下载申请表/ }));
    const [download] = await Promise.all([page.waitForEvent('download'), key('Enter')]);
    await tabTo(page, page.getByLabel('选择文件上传 签字盖章的申请表'));
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), key('Enter')]);
    await chooser.setFiles({ name: 'form.pdf', mimeType: 'application/pdf', buffer: readFileSync(await download.path()) });
    await page.getByText('已上传 1 页').waitFor();
    await go(button('提交申请'));

    await page.getByRole('heading', { name: '请缴费' }).waitFor();
    await page.getByLabel('付款账号').waitFor();
    await named(page);
    const payer = { account: `6222${String(Date.now()).slice(-12)}`, name };
    await write(page.getByLabel('付款账号'), payer.account);
    await write(page.getByLabel('付款账户名'), payer.name);
    await write(page.getByLabel('转账金额（元）'), '400.00');
    await tabTo(page, page.getByLabel('付款日期'));
    const [year, month, day] = today().split('-');
    await page.keyboard.type(`${month}${day}${year}`); // this Chromium's own language is English
    assert.equal(await page.getByLabel('付款日期').inputValue(), today());
    await go(button('核验转账信息'));
    await page.getByRole('status').getByText('未到账', { exact: true }).waitFor();
    assert.ok(await button('核验转账信息').evaluate((it) => it === document.activeElement), 'the focus stays where it was');
    receive({ fen: 40000, ...payer });
    await page.getByRole('heading', { name: '已缴费，正在审核' }).waitFor();
    assert.match(await page.locator('[aria-current="step"]').innerText(), /管理员审核\s*（当前步骤）/);
    await named(page);
    await clean(page);
  });
});

test('a code may be pasted, the countdown is not spoken, and a refusal says how many tries remain', async () => {
  sql('delete from xuqi.serial_ask; delete from xuqi.sms_code');
  const mobile = portal.newMobile();
  const page = await visitor(browser);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: demo.base_url });
  await page.clock.install();
  await page.addInitScript(() => {
    window.spoken = []; // what live regions say; a timer is none (WAI-ARIA 1.2)
    new MutationObserver((records) => records.forEach(({ target }) => {
      const region = (target.nodeType === 1 ? target : target.parentElement)?.closest('[role="status"], [role="alert"], [aria-live]:not([aria-live="off"])');
      if (region) window.spoken.push(region.textContent.trim());
    })).observe(document, { subtree: true, childList: true, characterData: true });
  });
  await page.goto(`${demo.base_url}/mine`, { waitUntil: 'domcontentloaded' });
  await page.getByRole('textbox', { name: '手机号码', exact: true }).fill(mobile);
  await page.getByRole('button', { name: '获取验证码' }).click();
  await page.getByText('验证码已发送').waitFor();
  const [message] = await portal.until('the message', async () => { const all = await portal.received(mobile); return all.length > 0 && all; });
  const seconds = () => page.getByRole('timer').innerText();
  const [before, names, said] = [await seconds(), await tree(page), await page.evaluate(() => window.spoken.length)];
  await page.clock.runFor(10_000);
  assert.notEqual(await seconds(), before);
  assert.deepEqual([await tree(page), await page.evaluate(() => window.spoken.length)], [names, said], 'ten seconds in silence');
  await clean(page);

  const right = message.param.code, wrong = String((Number(right) + 1) % 1e6).padStart(6, '0');
  const code = page.getByRole('textbox', { name: '短信验证码' });
  const paste = async (text) => {
    await page.evaluate((it) => navigator.clipboard.writeText(it), text);
    await code.fill('');
    await code.focus();
    await page.keyboard.press('Control+V');
  };
  for (const [text, left] of [[`【续期演示】您的验证码是${wrong}，5分钟内有效。`, 4], [` ${wrong.slice(0, 3)} ${wrong.slice(3)}`, 3]]) {
    await paste(text);
    assert.equal(await code.inputValue(), wrong);
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText(`还可以再试${left}次`).waitFor();
  }
  await paste(right);
  await page.keyboard.press('Enter');
  await page.getByText('没有办理中的业务单。').waitFor();
  await clean(page);
});

describe('enlarged to 200 % and 400 %', () => {
  const shown = { // address, what is there when the page is
    start: async () => [demo.base_url, '医用耗材阳光'],
    platform: async () => [`${demo.base_url}/apply/szca-bidding`, '登录并申请'],
    login: async () => [`${demo.base_url}/mine`, '获取验证码'],
    transfer: async () => [(await client.submit(demo, newSubscriber(), { platform: 'gd-drug', change: (it) => ({ ...it, invoice: { kind: 'paper_fixed' } }) })).json.pay_url, '撤销申请',
      async (page) => { await page.getByRole('radio', { name: '银行转账' }).check(); await page.getByRole('button', { name: '点击添加' }).click(); }],
    draft: async () => [(await draft()).pay_url, '下载申请表'],
    paid: async () => [(await paidRenewal()).renewal.pay_url, '撤销申请'],
    install: async () => {
      const { renewal } = await paidRenewal();
      await client.approve(demo, seat(hire(['reviewer'])), renewal);
      return [renewal.pay_url, '选择证书请求文件'];
    },
  };
  test('each of the subscriber\'s pages does what it does, without scrolling sideways, and its targets are large enough', async () => {
    for (const open of Object.values(shown)) {
      const [url, text, act] = await open();
      const page = await visit(url);
      await page.getByText(text).first().waitFor();
      await act?.(page);
      await enlarged(page);
      await page.context().close();
    }
    const { page } = await seatedInHall(browser, '/apply/szca-bidding/form');
    await choose(page, expired(organisation('放大')));
    await enlarged(page);
    await page.goto(`${demo.base_url}/mine`);
    await page.getByText('没有办理中的业务单。').waitFor();
    await enlarged(page);
  });

  test('so do the pages of the desks; tables scroll within themselves', async () => {
    const it = await caseWithForm();
    const posting = sql('select max(id) from xuqi.posting');
    const desks = [
      [hire(['reviewer']), ['review', `review/${it.renewal.renewal_no}`, 'samples']],
      [hire(['finance']), ['finance/statements', 'finance/matching', 'finance/matches', 'finance/requests?state=all', 'finance/refunds?tab=all', 'finance/reconciliation', 'finance/differences?state=',
        'finance/ledger', 'finance/ledger/gateway_clearing?owner=alipay', `finance/postings/${posting}`, 'finance/reversals?tab=all', 'finance/changes?tab=all', 'finance/payouts?tab=all', 'finance/unknown', 'finance/overview']],
    ];
    for (const [person, paths] of desks) {
      const page = await seated(browser, person, `/${paths[0]}`);
      for (const path of paths) {
        if (path !== paths[0]) await page.evaluate((to) => { document.querySelector('main h1').className = 'left'; history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate', { state: {} })); }, `/staff/${path}`); // as a link, without starting anew
        await page.locator('main h1:not(.left)').waitFor();
        await page.locator('main .panel:visible, main .card:visible').first().waitFor();
        await page.locator('main .waiting, main .is-loading').first().waitFor({ state: 'detached' });
        await enlarged(page);
      }
      await page.context().close();
    }
  });

  test('the telephone\'s page has targets for a finger', async () => {
    const renewal = await draft();
    const { json } = await client.call(demo.base_url, 'POST', `/api/v1/renewals/${renewal.renewal_no}/phone_links`, { token: renewal.access_token, body: {} });
    const page = await visit(json.qr_text, { viewport: phone, hasTouch: true, isMobile: true });
    await page.getByRole('heading', { name: '拍摄经办人身份证' }).waitFor();
    await enlarged(page, 44);
    await named(page);
    await clean(page);
  });
});

test('who asked for no motion sees none: a page that waits, a dialog that opens, a picture that is turned', async () => {
  const calm = { reducedMotion: 'reduce', viewport: desktop };
  const page = await visit((await client.submit(demo, newSubscriber())).json.pay_url, calm);
  let answer;
  await page.route('**/payments', (route) => { answer = () => route.abort(); });
  await page.getByRole('button', { name: /立即支付/ }).click();
  await page.locator('.el-button.is-loading').waitFor();
  await still(page);
  await answer();
  await page.getByRole('button', { name: '撤销申请' }).click();
  await page.getByRole('dialog').waitFor();
  await still(page);
  const it = await caseWithForm();
  const desk = await seated(browser, hire(['reviewer']), `/review/${it.renewal.renewal_no}`, calm);
  await desk.locator('canvas[role="img"]:visible').waitFor();
  await desk.keyboard.press('r');
  await still(desk);
  await targets(desk, 24);
});
