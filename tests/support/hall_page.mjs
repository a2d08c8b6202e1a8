// SPDX-License-Identifier: Apache-2.0
// What somebody does in the web hall's pages: logs in with a code, names his certificate, fills the form.
import { visitor } from './browser.mjs';
import * as portal from './portal.mjs';
import { demo, sql } from './world.mjs';

const person = { 'agent.id_number': '11010519491231002X', 'agent.name': '胡经办', 'agent.email': 'agent@example.com', 'agent.address': '深圳市南山区科技路1号',
  'organisation.id_number': '91440300708461136T', 'organisation.address': '深圳市南山区', 'legal_person.name': '马法人', 'legal_person.id_number': '11010519491231002X', 'legal_person.mobile': '13900139000',
  'basic_account.number': '44050100000000000000', 'invoice.title': '深圳市腾讯计算机系统有限公司', 'invoice.tax_id': '9144030071526726XG' };

// With the code that the message brings, where the page shows the login.
export async function enterCode(page, mobile) {
  await page.getByRole('textbox', { name: '手机号码', exact: true }).fill(mobile);
  const before = (await portal.received(mobile)).length;
  await page.getByRole('button', { name: '获取验证码' }).click();
  await page.getByText('验证码已发送').waitFor();
  const [message] = await portal.until('the message', async () => { const all = await portal.received(mobile); return all.length > before && all; });
  await page.getByRole('textbox', { name: '短信验证码' }).fill(message.param.code);
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

// A page of somebody who has logged in elsewhere: what is not about the login need not go through it.
export async function seatedInHall(browser, path, mobile = portal.newMobile(), options = {}) {
  sql('delete from xuqi.serial_ask; delete from xuqi.sms_code');
  const page = await visitor(browser, options);
  await page.addInitScript(() => localStorage.setItem('xuqi-hall-session', 'yes'));
  await page.context().addCookies([{ name: 'xuqi_portal', value: await portal.session(mobile), url: demo.base_url, httpOnly: true, sameSite: 'Lax' }]);
  await page.goto(`${demo.base_url}${path}`, { waitUntil: 'domcontentloaded' });
  return { page, mobile };
}

// All sessions of the hall end, as they do when nobody uses them.
export const endSessions = () => sql('delete from xuqi.sms_code; update xuqi.portal_session set ended_at = now() where ended_at is null');

// From the platform's page to its form; the number that logged in.
export async function logIn(page, mobile = portal.newMobile()) {
  sql('delete from xuqi.serial_ask; delete from xuqi.sms_code');
  await page.getByRole('link', { name: '登录并申请' }).click();
  await enterCode(page, mobile);
  await page.getByText('已登录').waitFor();
  return mobile;
}

export async function choose(page, { serial, organisation }) {
  await page.getByLabel('证书序列号').fill(serial.toUpperCase());
  await page.getByLabel('企业名称').fill(organisation);
  await page.getByRole('button', { name: '下一步' }).click();
  await page.getByRole('heading', { name: '基本信息' }).waitFor();
}

export const type = (page, name, value) => page.locator(`[data-field="${name}"] input`).fill(value);

export async function fill(page, { organisation }, mobile, change = {}) {
  for (const [name, value] of Object.entries({ ...person, 'agent.mobile': mobile, 'basic_account.name': organisation, ...change }))
    if (await page.locator(`[data-field="${name}"]`).count()) await type(page, name, value);
  await type(page, 'basic_account.bank_name', '工商银行');
  await page.getByRole('list', { name: '开户行' }).getByRole('button').first().click();
  for (const box of await page.getByRole('checkbox', { name: /^我/ }).all()) await box.check();
}
