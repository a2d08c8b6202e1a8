// SPDX-License-Identifier: Apache-2.0
// How fast the pages are, as a table; exits 1 where a figure is missed. Measured in a real Chromium against the running server:
//   XUQI_VAR=… node tests/browser/figures.mjs
// Not a test of its own: on a busy machine the times say more about the machine. Each time is the median of several.
import * as client from '../support/client.mjs';
import { launch, visitor } from '../support/browser.mjs';
import { caseWithForm, seated } from '../support/desk.mjs';
import { draft } from '../support/hall.mjs';
import { hire } from '../support/staff.mjs';
import { demo, newSubscriber } from '../support/world.mjs';

const KB = 1024, TIMES = 5, THROTTLE = 4;
const rows = [];
const record = (what, seen, most, unit) => rows.push({ what, seen, most, unit, met: seen <= most });
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
async function medianOf(measure, times = TIMES) {
  const values = [];
  for (let i = 0; i < times; i++) values.push(await measure(i));
  return median(values);
}
const submitted = async () => (await client.submit(demo, newSubscriber())).json;

const browser = await launch();

// What comes over the wire for a first visit: scripts, styles and the document, as they were packed.
async function weigh(open, shown) {
  const page = await visitor(browser);
  const session = await page.context().newCDPSession(page);
  const kinds = new Map();
  let bytes = 0;
  await session.send('Network.enable');
  session.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => { if (['Document', 'Script', 'Stylesheet'].includes(kinds.get(requestId))) bytes += encodedDataLength; });
  await open(page);
  await shown(page);
  await page.waitForTimeout(300); // what a page fetches a little later belongs to its visit
  await page.context().close();
  return bytes / KB;
}
const heading = (name) => (page) => page.getByRole('heading', { name }).first().waitFor();

async function weights() {
  const order = await submitted(), hall = await draft();
  const link = (await client.call(demo.base_url, 'POST', `/api/v1/renewals/${hall.renewal_no}/phone_links`, { token: hall.access_token, body: {} })).json.qr_text;
  const at = (url) => (page) => page.goto(url, { waitUntil: 'domcontentloaded' });
  for (const [what, url, shown, most] of [
    ['首页 start', demo.base_url, heading('您的证书用在哪个平台'), 220],
    ['平台 platform', `${demo.base_url}/apply/gd-drug`, heading('费用'), 220],
    ['申请 apply', `${demo.base_url}/apply/szca-bidding/form`, heading('登录'), 220],
    ['订单 order', order.pay_url, heading('请缴费'), 220],
    ['材料 draft', hall.pay_url, heading('身份核验'), 220],
    ['手机 phone', link, heading('拍摄经办人身份证'), 10],
  ]) record(`${what}: first visit`, await weigh(at(url), shown), most, 'KB');
  const reviewer = hire(['reviewer']), finance = hire(['finance']);
  for (const [what, person, path, text] of [['审核队列 queue', reviewer, '/review', '审核队列'], ['匹配 matching', finance, '/finance/matching', '银行流水'], ['退款 refunds', finance, '/finance/refunds', '退款']])
    record(`${what}: first visit`, await weighSeated(person, path, text), 220, 'KB');
}
async function weighSeated(person, path, text) {
  const seat = await seated(browser, person, path);
  const cookies = await seat.context().cookies();
  await seat.context().close();
  const open = async (page) => { await page.context().addCookies(cookies); await page.goto(`${demo.staff_url}/staff${path}`, { waitUntil: 'domcontentloaded' }); };
  return weigh(open, (page) => page.getByText(text).first().waitFor());
}

// From the address to a button that may be pressed, nothing in the browser's store, the processor at a quarter.
async function orderUsable() {
  const { pay_url } = await submitted();
  return medianOf(async () => {
    const page = await visitor(browser);
    await (await page.context().newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
    const began = performance.now();
    await page.goto(pay_url, { waitUntil: 'commit' });
    await page.getByRole('button', { name: /立即支付/ }).click({ trial: true });
    const took = performance.now() - began;
    await page.context().close();
    return took;
  });
}

// From the key that asks for the next case to the next one's data and buttons painted; and to its first evidence drawn. The
// key is pressed in the page itself, so that nothing but the page is measured.
async function nextOpened() {
  for (let i = 0; i < TIMES + 1; i++) await caseWithForm();
  const page = await seated(browser, hire(['reviewer']), '/review', { goOn: true });
  await page.locator('a.case').first().waitFor();
  const shown = [], drawn = [];
  for (let i = 0; i < TIMES; i++) {
    await page.waitForLoadState('networkidle');
    const [data, evidence] = await page.evaluate(() => new Promise((resolve) => {
      const before = location.pathname, began = performance.now(), seen = [];
      const look = () => requestAnimationFrame(() => {
        const no = location.pathname.split('/').pop();
        const isThere = location.pathname !== before && document.querySelector('h1 .number')?.textContent === no && document.querySelector('div.case .right h2');
        if (isThere && seen.length === 0) seen.push(performance.now() - began);
        const evidence = document.querySelector('div.case .stage canvas, div.case .stage img');
        if (isThere && evidence && getComputedStyle(evidence).display !== 'none') seen.push(performance.now() - began);
        if (seen.length > 1 || performance.now() - began > 10_000) resolve(seen);
        else look();
      });
      document.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true }));
      look();
    }));
    shown.push(data);
    if (evidence !== undefined) drawn.push(evidence);
  }
  return { shown: median(shown), drawn: drawn.length > 0 ? median(drawn) : NaN };
}

// From the gateway's notice being sent to the words on the page.
async function noticeShown() {
  return medianOf(async () => {
    const renewal = await submitted();
    const page = await visitor(browser);
    await page.goto(renewal.pay_url, { waitUntil: 'domcontentloaded' });
    await page.getByRole('heading', { name: '请缴费' }).waitFor();
    const notice = client.alipaySigned(demo, client.alipayNotice(demo, (await client.pay(demo, renewal)).json));
    const began = performance.now();
    await client.notify(demo, notice);
    await page.getByRole('heading', { name: '已缴费，正在审核' }).waitFor();
    const took = performance.now() - began;
    await page.context().close();
    return took;
  });
}

await weights();
record(`订单页可用 order usable, ${THROTTLE}× throttle`, await orderUsable(), 1500, 'ms');
const next = await nextOpened();
record('打开下一件 next case opened', next.shown, 300, 'ms');
if (!Number.isNaN(next.drawn)) record('　其第一份证据 its first evidence drawn', next.drawn, 1000, 'ms');
record('回调显示 paid callback shown', await noticeShown(), 1000, 'ms');
await browser.close();

for (const { what, seen, most, unit, met } of rows) console.log(`${met ? ' ' : '✗'} ${what.padEnd(44)} ${(unit === 'KB' ? seen.toFixed(1) : String(Math.round(seen))).padStart(8)} ${unit}   ≤ ${most}`);
process.exit(rows.every(({ met }) => met) ? 0 : 1);
