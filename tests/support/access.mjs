// SPDX-License-Identifier: Apache-2.0
// What somebody meets who has no mouse, no eyes for small print, or a narrow window: the accessibility tree, the keyboard's
// way, targets, and what is left of a page when it is enlarged.
import assert from 'node:assert/strict';

// Roles that somebody operates; each needs a name to be asked for by.
const operated = ['button', 'link', 'textbox', 'searchbox', 'combobox', 'listbox', 'checkbox', 'radio', 'spinbutton', 'slider', 'Date', 'DateTime', 'InputTime', 'menuitem', 'tab', 'switch'];

// The accessibility tree that Chromium gives to a screen reader: [{ role, name }] of what is operated.
export async function tree(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  return nodes.filter((node) => !node.ignored && operated.includes(node.role?.value)).map((node) => ({ role: node.role.value, name: (node.name?.value ?? '').trim() }));
}
export async function named(page) {
  const found = await tree(page);
  assert.deepEqual(found.filter(({ name }) => name === ''), [], 'operated, but without a name');
  return found;
}

// Tab until the focus is there, as somebody goes who has no mouse.
export async function tabTo(page, target, most = 60) {
  const isThere = () => target.evaluate((element) => element === document.activeElement);
  for (let i = 0; i < most; i++) {
    if (await isThere()) return;
    await page.keyboard.press('Tab');
  }
  assert.ok(await isThere(), `${target} is not reached within ${most} presses`);
}

// All that can be operated and is seen, by name; what stands in tables is counted once.
const functions = () => [...new Set([...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
  .filter((it) => it.checkVisibility({ visibilityProperty: true }) && !it.closest('.skip'))
  .map((it) => `${it.tagName} ${it.getAttribute('aria-label') ?? it.labels?.[0]?.textContent?.trim() ?? it.textContent.trim()}`))].sort();

// Clipped by nothing, and the page does not move sideways: what is wider scrolls in a box that the keyboard reaches.
const hidden = () => {
  const out = [];
  for (const it of document.querySelectorAll('a[href], button, input:not(.unseen), select, textarea, summary')) {
    if (!it.checkVisibility({ visibilityProperty: true }) || it.closest('.skip')) continue;
    it.scrollIntoView({ block: 'center', inline: 'center' });
    const { left, right, width } = it.getBoundingClientRect();
    if (width > 0 && (left < -1 || right > document.documentElement.clientWidth + 1) && !it.closest('.scroll, nav, .found')) out.push(`${it.tagName} ${it.textContent.trim()} ${Math.round(left)}–${Math.round(right)}`);
  }
  window.scrollTo(0, 0);
  return out;
};

// Smaller than `least` pixels either way, a line of text's own links apart (WCAG 2.5.8); a box that has a label is as large as both.
const small = (least) => {
  const out = [];
  for (const it of document.querySelectorAll('a[href], button, input:not(.unseen):not([type=hidden]), select, textarea, summary, label[for]')) {
    if (!it.checkVisibility({ visibilityProperty: true }) || it.closest('.skip, .unseen')) continue;
    if (it.tagName === 'LABEL' && !document.getElementById(it.htmlFor)?.classList.contains('unseen')) continue;
    if (it.tagName === 'A' && getComputedStyle(it).display === 'inline') continue;
    const boxes = [it, ...(it.labels ?? []), it.closest('.el-input__wrapper') ?? it].map((box) => box.getBoundingClientRect());
    const [width, height] = [Math.max(...boxes.map((box) => box.width)), Math.max(...boxes.map((box) => box.height))];
    if (width < least - .5 || height < least - .5) out.push(`${it.tagName} “${(it.getAttribute('aria-label') ?? it.textContent).trim()}” ${Math.round(width)}×${Math.round(height)}`);
  }
  return out;
};
export const targets = async (page, least) => assert.deepEqual(await page.evaluate(small, least), [], `targets smaller than ${least} pixels`);

// A window of 1280 pixels at 200 % and at 400 % is one of 640 and one of 320 (WCAG 1.4.10).
export async function enlarged(page, least = 24) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 1280, height: 900 });
  const all = await page.evaluate(functions);
  await targets(page, least);
  for (const width of [640, 320]) {
    await page.setViewportSize({ width, height: 640 });
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const where = `${page.url().replace(/#.*/, '')} at ${width} pixels`;
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(over <= 0, `${where}: scrolls ${over} pixels sideways`);
    assert.deepEqual(await page.evaluate(functions), all, `${where}: the same can be done`);
    assert.deepEqual(await page.evaluate(hidden), [], `${where}: out of reach`);
    await targets(page, least);
  }
  await page.setViewportSize(before);
}

// What moves although it was asked not to: anything of more than a moment, or without end.
export async function still(page) {
  const moving = await page.evaluate(() => document.getAnimations().filter((it) => { const { duration, iterations } = it.effect.getComputedTiming(); return duration > 10 || iterations === Infinity; }).length);
  assert.equal(moving, 0, 'something moves');
}
