// SPDX-License-Identifier: Apache-2.0
// Pictures of every page at desktop and telephone width, light and dark, into build/screenshots/:
//   XUQI_VAR=… node tests/browser/screenshots.mjs [pattern]
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as client from '../support/client.mjs';
import { desktop, launch, phone, visitor } from '../support/browser.mjs';
import { draft } from '../support/hall.mjs';
import { demo, newSubscriber, paidRenewal } from '../support/world.mjs';

const folder = fileURLToPath(new URL('../../build/screenshots/', import.meta.url));
const wanted = new RegExp(process.argv[2] ?? '.');
const submitted = async (options) => (await client.submit(demo, newSubscriber(), options)).json;

async function phoneLink(renewal) {
  const path = `/api/v1/renewals/${renewal.renewal_no}/phone_links`;
  return (await client.call(demo.base_url, 'POST', path, { token: renewal.access_token, body: {} })).json.qr_text;
}

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
  ['missing', async () => `${demo.base_url}/order/`, '没有这个页面'],
  ['phone-incomplete', async () => `${demo.base_url}/m/`, '地址不完整'],
];

mkdirSync(folder, { recursive: true });
const browser = await launch();
for (const [name, address, text, act] of pages.filter(([name]) => wanted.test(name)))
  for (const [size, viewport] of [['desktop', desktop], ['phone', phone]])
    for (const dark of [false, true]) {
      const page = await visitor(browser, { viewport, dark });
      await page.goto(await address());
      await page.getByText(text).first().waitFor();
      await act?.(page);
      await page.screenshot({ path: `${folder}${name}-${size}-${dark ? 'dark' : 'light'}.png`, fullPage: true, animations: 'disabled' });
      await page.context().close();
      console.log(`${name} ${size} ${dark ? 'dark' : 'light'}`);
    }
await browser.close();
