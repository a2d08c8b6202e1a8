// SPDX-License-Identifier: Apache-2.0
// A real Chromium against the running server. `clean` is how every story ends: no uncaught error, nothing that the policy
// refused, no WCAG 2.2 A/AA violation, nothing that makes the page scroll sideways.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach } from 'node:test';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export const desktop = { width: 1366, height: 768 };
export const phone = { width: 390, height: 844 };

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

// What was to be seen when a story failed is said with it: a page's own words are often the reason.
const words = 800;
let open = [];
async function seen(page) {
  const text = await page.evaluate(() => document.body.innerText).catch((error) => error.message);
  const more = [...(page.errors ?? []), ...(page.said ?? [])].join(' | ');
  return `saw ${page.url().split('#')[0]}: ${text.replace(/\s*\n\s*/g, ' | ').slice(0, words)}${more && ` ‖ ${more}`}`;
}
if (process.env.NODE_TEST_CONTEXT)
  afterEach(async (story) => {
    const contexts = open;
    open = [];
    if (story.passed === false) // Node 18 does not tell
      for (const page of contexts.flatMap((context) => context.pages())) console.log(await seen(page));
  });

// A fresh person: own storage, Chinese, in Beijing.
export async function visitor(browser, { viewport = desktop, dark = false, locale = 'zh-CN', ...more } = {}) {
  const context = await browser.newContext({ viewport, locale, timezoneId: 'Asia/Shanghai', colorScheme: dark ? 'dark' : 'light', ...more });
  open.push(context);
  await context.addInitScript(() => {
    window.refusedByPolicy = [];
    document.addEventListener('securitypolicyviolation', (event) => window.refusedByPolicy.push(`${event.effectiveDirective} ${event.blockedURI}`));
  });
  const page = await context.newPage();
  page.errors = [];
  page.on('pageerror', (error) => page.errors.push(error.message));
  page.said = []; // of the console; a refusal that a story provokes is said there too
  page.on('console', (message) => { if (message.type() === 'error') page.said.push(message.text()); });
  return page;
}

async function violations(page) {
  const session = await page.context().newCDPSession(page); // a script tag would be refused by the policy
  await session.send('Runtime.evaluate', { expression: axe });
  const expression = `axe.run(document, { runOnly: ${JSON.stringify(rules)} }).then((found) => JSON.stringify(
    found.violations.map((rule) => rule.id + ': ' + rule.nodes.map((node) => node.target + ' ' + (node.any[0]?.message ?? '')).join('; '))))`;
  const { result } = await session.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
  await session.detach();
  return JSON.parse(result.value);
}

// Colours in the middle of a fade are nobody's: what comes or goes is waited for.
async function settled(page) {
  const moving = () => page.evaluate(() => document.getAnimations().filter((it) => it.playState === 'running' && it.effect?.getComputedTiming().iterations !== Infinity).length);
  for (let i = 0; i < 60 && await moving() > 0; i++) await page.waitForTimeout(50);
}

export async function clean(page) {
  await settled(page);
  assert.deepEqual(page.errors, [], 'uncaught errors');
  assert.deepEqual(await page.evaluate(() => window.refusedByPolicy), [], 'refused by the policy');
  assert.deepEqual(await violations(page), [], 'WCAG');
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `the page scrolls ${over} pixels sideways`);
}
