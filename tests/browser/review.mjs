// SPDX-License-Identifier: Apache-2.0
// The review desk in a real browser: who is let in, a whole review by keyboard alone, two reviewers at one case, what is
// refused and what is not lost. Runs like flow/main.mjs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as client from '../support/client.mjs';
import { clean, launch, phone, visitor } from '../support/browser.mjs';
import { caseWithForm, seated, swept, unembedded } from '../support/desk.mjs';
import { hire, seat } from '../support/staff.mjs';
import { today } from '../support/statement.mjs';
import { demo, paidRenewal, sql } from '../support/world.mjs';

let browser, reviewer, second, cases;
before(async () => {
  browser = await launch();
  reviewer = hire(['reviewer']);
  second = hire(['reviewer']);
  cases = [await caseWithForm(), await caseWithForm(), await caseWithForm()];
});
after(() => browser.close());

const statusOf = (renewal) => sql(`select status from xuqi.renewal where renewal_no = '${renewal.renewal_no}'`);
const claim = async (page) => {
  await page.getByRole('button', { name: /^领取/ }).waitFor();
  await page.keyboard.press('c');
  await page.getByText(/由您领取/).waitFor();
};
const open = (it, person = reviewer, options) => seated(browser, person, `/review/${it.renewal.renewal_no}`, options);

describe('the door', () => {
  test('the desks stand at an address of their own, under a policy without inline scripts, with Trusted Types', async () => {
    const answer = await fetch(`${demo.staff_url}/staff/review`);
    const policy = answer.headers.get('content-security-policy');
    assert.match(policy, /require-trusted-types-for 'script'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.doesNotMatch(await answer.text(), /<script>|style=|onclick/);
    assert.equal((await fetch(`${demo.base_url}/staff/review`)).status, 404);
  });

  test('who is not known is told so, keeps his name, and enters with the right code', async () => {
    const person = hire(['reviewer']);
    const page = await visitor(browser);
    await page.goto(`${demo.staff_url}/`, { waitUntil: 'domcontentloaded' });
    await page.getByRole('heading', { name: '工作人员登录' }).waitFor();
    await clean(page);
    await page.getByLabel('用户名').fill(person.name);
    await page.getByLabel('密码').fill('not the password');
    await page.getByLabel('动态码').fill('000000');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    assert.equal(await page.getByLabel('用户名').inputValue(), person.name);
    await clean(page);
    await page.getByLabel('密码').fill(person.password);
    await page.getByLabel('动态码').fill(client.totp(person.totp_secret));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '审核队列' }).waitFor();
    assert.equal(await page.getByRole('link', { name: '退款' }).count(), 0, 'a reviewer has no desk of finance');
    await clean(page);
  });

  test('a session that ends asks for the login above the page, and what was typed is still there', async () => {
    const [it] = cases;
    const person = hire(['reviewer']);
    const page = await open(it, person);
    await page.getByRole('button', { name: /^领取/ }).click();
    await page.getByRole('button', { name: /^驳回/ }).click();
    await page.getByLabel('给申请人的说明').fill('申请表没有盖章');
    sql(`update xuqi.staff_session set ended_at = now() where staff_id = (select id from xuqi.staff where name = '${person.name}') and ended_at is null`);
    await page.keyboard.press('Control+Enter');
    const dialog = page.getByRole('dialog', { name: '登录已失效，请重新登录' });
    await dialog.waitFor();
    await clean(page);
    await dialog.getByLabel('密码').fill(person.password);
    await dialog.getByLabel('动态码').fill(client.totp(person.totp_secret));
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText(`${it.renewal.renewal_no} 已驳回`).waitFor();
    assert.equal(statusOf(it.renewal), 'rejected');
  });

  test('that a session will end is said two minutes before; when it has, nobody reads the page who does not log in', async () => {
    const [, , it] = cases;
    const person = hire(['reviewer']);
    const lives = (seconds) => sql(`update xuqi.staff_session set (expires_at, idle_until) = (now() + interval '${seconds} seconds', now() + interval '${seconds} seconds') where staff_id = (select id from xuqi.staff where name = '${person.name}') and ended_at is null`);
    const page = await open(it, person);
    await page.getByRole('heading', { name: it.organisation }).waitFor();
    lives(140);
    await page.clock.install();
    await page.reload();
    await page.getByRole('heading', { name: it.organisation }).waitFor();
    const soon = page.getByRole('alert').filter({ hasText: /登录将在 \d+:\d+ 后失效/ });
    assert.equal(await soon.count(), 0);
    await page.clock.fastForward(25_000);
    await soon.waitFor();
    await clean(page);
    lives(3600);
    await page.getByRole('button', { name: '继续使用' }).click();
    await soon.waitFor({ state: 'detached' });
    await page.clock.fastForward(3_700_000);
    const dialog = page.getByRole('dialog', { name: '登录已失效，请重新登录' });
    await dialog.waitFor();
    assert.equal(await page.getByText(it.organisation).first().isVisible(), false);
    assert.equal(sql(`select count(*) from xuqi.staff_session where staff_id = (select id from xuqi.staff where name = '${person.name}') and ended_at is null`), '0');
  });

  test('who leaves the desk locks it: the page is covered, the session is over, and what was typed is there again', async () => {
    const [it] = cases.slice(2);
    const person = hire(['reviewer']);
    const page = await open(it, person);
    await claim(page);
    await page.keyboard.press('x');
    await page.getByLabel('给申请人的说明').fill('没有写完');
    await page.getByRole('button', { name: '锁屏' }).click();
    const dialog = page.getByRole('dialog', { name: '已锁屏' });
    await dialog.waitFor();
    assert.equal(await page.getByText(it.organisation).first().isVisible(), false);
    assert.equal(sql(`select count(*) from xuqi.staff_session where staff_id = (select id from xuqi.staff where name = '${person.name}') and ended_at is null`), '0');
    await page.keyboard.press('Escape');
    await clean(page);
    await dialog.getByLabel('密码').fill(person.password);
    await dialog.getByLabel('动态码').fill(client.totp(person.totp_secret));
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(await page.getByLabel('给申请人的说明').inputValue(), '没有写完');
    await page.getByRole('button', { name: /^放回队列/ }).click();
    await page.getByRole('button', { name: /^领取/ }).waitFor();
    await clean(page);
  });
});

test('a whole review by keyboard alone, in twelve presses at most', async () => {
  const [, it] = cases;
  const page = await seated(browser, reviewer, '/review', { goOn: true });
  let presses = 0;
  const press = (key) => { presses += 1; return page.keyboard.press(key); };
  const link = page.getByRole('link', { name: it.renewal.renewal_no });
  await page.locator('a.case').first().waitFor();
  while (await link.count() === 0) { // the queue is long after other stories
    const shown = await page.locator('a.case').count();
    await page.getByRole('button', { name: '再显示一些' }).click();
    await page.locator('a.case').nth(shown).waitFor();
  }
  await link.focus(); // where j and k have led
  await press('Enter');
  await page.getByRole('heading', { name: it.organisation }).waitFor();
  await page.getByRole('button', { name: /^领取/ }).waitFor();
  await press('c');
  await page.getByText(/由您领取/).waitFor();
  await page.locator('canvas[role="img"]:visible').waitFor();
  await press('y');
  await page.locator('img[alt^="盖章申请表"]:visible').waitFor();
  await press('r');
  await press('y');
  await page.getByText('已核对 2 / 2').waitFor();
  await clean(page);
  await press('a');
  await page.getByText('确认所有材料清晰、一致、有效').waitFor();
  await press('Control+Enter');
  await page.getByText(`${it.renewal.renewal_no} 已通过`).waitFor();
  assert.equal(statusOf(it.renewal), 'awaiting_install');
  assert.ok(presses <= 12, `${presses} presses`);
  await clean(page);
});

test('without all evidence checked nothing can be approved, and keys do nothing while somebody types', async () => {
  const it = cases[2];
  const page = await open(it);
  await claim(page);
  await page.keyboard.press('a');
  await page.getByText('还有 2 份证据没有核对。').waitFor();
  await page.keyboard.press('Control+Enter');
  assert.equal(statusOf(it.renewal), 'awaiting_review');
  await page.keyboard.press('x');
  const words = page.getByLabel('给申请人的说明');
  await words.focus();
  await page.keyboard.type('abcxy');
  assert.equal(await words.inputValue(), 'abcxy');
  await page.getByText('已核对 0 / 2').waitFor();
});

test('a second reviewer is told who holds the case and until when, and has no buttons', async () => {
  const it = cases[2];
  const page = await open(it, second);
  await page.getByText(/已领取，到 .* 为止，由其决定。/).waitFor();
  assert.equal(await page.getByRole('button', { name: /^通过/ }).count(), 0);
  assert.equal(await page.getByRole('button', { name: /^领取/ }).count(), 0);
  await clean(page);
});

test('looking at a field shows the document that proves it', async () => {
  const page = await open(cases[2]);
  await page.locator('canvas[role="img"]:visible').waitFor();
  await page.keyboard.press('2');
  await page.locator('img[alt^="盖章申请表"]:visible').waitFor();
  await page.getByRole('button', { name: cases[2].organisation }).first().focus();
  await page.locator('.evidence.highlighted').waitFor();
  await page.locator('canvas[role="img"]:visible').waitFor();
});

test('a PDF whose Chinese font is not embedded is drawn, with the character map fetched for it alone', async () => {
  const fetched = (page) => { const names = []; page.on('request', (request) => { if (request.url().includes('.bcmap')) names.push(request.url()); }); return names; };
  const ink = (page) => page.locator('canvas[role="img"]:visible').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, Math.floor(canvas.height / 4));
    let dark = 0;
    for (let i = 0; i < data.length; i += 4) dark += data[i] < 128 && data[i + 3] > 128 ? 1 : 0;
    return dark;
  });
  const plain = await open(cases[2]);
  const before = fetched(plain);
  await plain.locator('canvas[role="img"]:visible').waitFor();
  assert.deepEqual(before, [], 'fonts that are embedded need no map');
  const page = await open(await caseWithForm(unembedded('续期申请表盖章')));
  const names = fetched(page);
  await page.locator('canvas[role="img"]:visible').waitFor();
  assert.ok(await ink(page) > 3000, `${await ink(page)} dark points where seven characters stand`);
  assert.ok(names.some((name) => name.includes('GBK-EUC-H')), names.join());
  await clean(page);
});

test('a return names what is to be corrected, as the applicant will read it', async () => {
  const it = cases[2];
  const page = await open(it);
  await page.getByText(/由您领取/).waitFor();
  await page.keyboard.press('b');
  await page.getByText('请至少勾选一项。').waitFor();
  await page.getByRole('checkbox', { name: '盖章申请表', exact: true }).check();
  await page.getByLabel('盖章申请表 原因').selectOption('not_signed');
  await page.getByLabel('盖章申请表 给申请人的说明').fill('公章不清楚');
  await page.locator('.preview').getByText('盖章申请表：未签字盖章：公章不清楚').waitFor();
  await clean(page);
  await page.keyboard.press('Control+Enter');
  await page.getByText(`${it.renewal.renewal_no} 已退回补正`).waitFor();
  assert.equal(statusOf(it.renewal), 'returned');
});

test('a case that changed since it was looked at is read anew before anything is decided', async () => {
  const { renewal } = await paidRenewal();
  const page = await seated(browser, reviewer, `/review/${renewal.renewal_no}`);
  await claim(page);
  await page.keyboard.press('a');
  await page.route('**/approval', (route) => route.continue({ postData: JSON.stringify({ content_sha256: '0'.repeat(64) }) }), { times: 1 });
  await page.keyboard.press('Control+Enter');
  await page.getByText(/您查看后内容有变化/).waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByText(`${renewal.renewal_no} 已通过`).waitFor();
});

test('personal data is masked until it is asked for with a reason, and then on the audit trail', async () => {
  const { renewal } = await paidRenewal();
  const page = await seated(browser, reviewer, `/review/${renewal.renewal_no}`);
  await claim(page);
  assert.doesNotMatch(await page.content(), /13800138000|11010519491231002X/);
  await page.getByRole('button', { name: '查看明文' }).click();
  await page.getByRole('checkbox', { name: '手机' }).check();
  await page.getByLabel('查看原因（至少 5 个字）').fill('电话核实经办人');
  await page.getByRole('button', { name: '查看', exact: true }).click();
  await page.getByText('13800138000').waitFor();
  await clean(page);
  await page.getByRole('button', { name: '隐藏' }).click();
  assert.doesNotMatch(await page.content(), /13800138000/);
  assert.equal(sql(`select count(*) from xuqi.audit_event where object = '${renewal.renewal_no}' and action like '%unmask%'`), '1');
});

test('a case on hold says why, and the address of a filtered queue finds it', async () => {
  const { renewal } = await paidRenewal();
  const page = await seated(browser, reviewer, `/review/${renewal.renewal_no}`);
  await claim(page);
  await page.keyboard.press('h');
  await page.getByLabel('挂起到').fill(today(3));
  await page.getByLabel('原因（同事可见）').fill('等待门户核实');
  await clean(page);
  await page.keyboard.press('Control+Enter');
  await page.getByText(`${renewal.renewal_no} 已挂起`).waitFor();
  await page.goto(`${demo.staff_url}/staff/review?tab=held&text=${renewal.renewal_no}`);
  await page.getByRole('row').filter({ hasText: renewal.renewal_no }).getByText('等待门户核实').waitFor();
  assert.equal(await page.locator('a.case').count(), 1);
  await clean(page);
});

test('the queue and a case do not scroll sideways, light and dark, large and small', async () => {
  const { renewal } = await paidRenewal();
  await swept(browser, reviewer, [[phone, false], [phone, true], [{ width: 1280, height: 800 }, true], [{ width: 1920, height: 1080 }, false]],
    ['/review', `/review/${renewal.renewal_no}`], (page) => page.getByText(renewal.renewal_no).first().waitFor());
});

test('two reviewers: the second sees what the first found good, document by document and field by field', async () => {
  const it = await caseWithForm();
  sql(`set session_replication_role = replica; update xuqi.renewal set reviews_required = 2 where renewal_no = '${it.renewal.renewal_no}'`); // as on a platform that asks for two
  const page = await open(it);
  await claim(page);
  await page.locator('canvas[role="img"]:visible').waitFor();
  await page.keyboard.press('y');
  await page.locator('img[alt^="盖章申请表"]:visible').waitFor();
  await page.keyboard.press('y');
  await page.getByText('已核对 2 / 2').waitFor();
  await page.getByRole('checkbox', { name: '姓名：与证据一致' }).check();
  await clean(page);
  await page.keyboard.press('a');
  await page.getByText('确认所有材料清晰、一致、有效').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByText(`${it.renewal.renewal_no} 初审通过`).waitFor();
  assert.equal(sql(`select count(*) from xuqi.review_tick as t join xuqi.approval as a on a.id = t.approval_id where a.renewal_no = '${it.renewal.renewal_no}'`), '3');
  const other = await open(it, second);
  await other.getByText(/初审时核对了 3 项/).waitFor();
  assert.equal(await other.getByText(/^✓ .*已核对$/).count(), 3);
  await claim(other);
  await clean(other);
});

test('an original bears who looks at it and when, in the picture itself and on paper', async () => {
  const it = await caseWithForm();
  const page = await open(it);
  await page.getByRole('link', { name: '在新标签页打开原件' }).waitFor();
  for (const [number, sheets] of [[1, 1], [2, 1]]) { // a PDF, and a scan of it
    await page.getByRole('button', { name: new RegExp(`第 ${number} 页`) }).click();
    const opening = page.context().waitForEvent('page');
    await page.getByRole('link', { name: '在新标签页打开原件' }).click();
    const original = await opening;
    original.errors = [];
    const canvas = original.getByRole('img');
    await canvas.first().waitFor();
    assert.equal(await canvas.count(), sheets);
    await original.getByText(new RegExp(`^测试 ${reviewer.name} ${reviewer.name} \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d 查看，仅供审核$`)).waitFor();
    await clean(original);
    // Reddish pixels are the mark's alone: what was handed in is black on white.
    const marked = await canvas.first().evaluate((it) => {
      const { data } = it.getContext('2d').getImageData(0, 0, it.width, it.height);
      const third = [0, 0, 0];
      for (let at = 0; at < data.length; at += 4) if (data[at] - data[at + 2] > 20 && data[at] > 180) third[Math.floor(3 * at / data.length)] += 1;
      return third.map((count) => count / (data.length / 12));
    });
    assert.ok(marked.every((share) => share > 0.002 && share < 0.2), `marked from top to bottom, and still to be read: ${marked}`);
    if (number === 1) {
      const file = `${mkdtempSync(join(tmpdir(), 'xuqi-original-'))}/printed.pdf`;
      writeFileSync(file, await original.pdf({ preferCSSPageSize: true }));
      assert.match(execFileSync('pdftotext', [file, '-'], { encoding: 'utf8' }), new RegExp(`${reviewer.name}[^]*查看，仅供审核`));
      assert.ok(Number(execFileSync('pdfimages', ['-list', file], { encoding: 'utf8' }).trim().split('\n').length) > 2, 'the picture is on it');
    }
    await original.close();
  }
});

test('what comes while somebody reads moves nothing: a quiet notice, pulled by the reader', async () => {
  const page = await visitor(browser);
  await page.clock.install();
  await page.context().addCookies([{ name: 'xuqi_staff', value: seat(hire(['reviewer'])), url: demo.staff_url, httpOnly: true, sameSite: 'Strict' }]);
  await page.goto(`${demo.staff_url}/staff/review`, { waitUntil: 'domcontentloaded' });
  const links = page.locator('a.case');
  await links.nth(1).waitFor();
  const shown = await links.allTextContents();
  const place = () => links.first().evaluate((it) => it.getBoundingClientRect().top);
  const before = await place();
  await caseWithForm();
  const notice = page.getByRole('button', { name: /有 \d+ 件新申请/ });
  for (let i = 0; await notice.count() === 0; i++) { // counted every fifteen seconds
    assert.ok(i < 60, 'it is announced');
    await page.clock.fastForward(15_000);
    await page.waitForTimeout(50);
  }
  assert.deepEqual([await links.allTextContents(), await place()], [shown, before], 'nothing moved');
  await clean(page);
  await notice.click();
  await notice.waitFor({ state: 'detached' });
});

test('from a key to the paint in the queue it is one frame, and no request', async () => {
  const page = await seated(browser, reviewer, '/review');
  const links = page.locator('a.case');
  await links.nth(1).waitFor();
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => {
    window.framed = [];
    window.addEventListener('keydown', () => { requestAnimationFrame(() => window.framed.push(document.activeElement.textContent)); }, { capture: true });
  });
  const now = await links.allTextContents();
  let requests = 0;
  page.on('request', () => { requests += 1; });
  for (const [index, [key, place]] of [['j', 0], ['j', 1], ['k', 0]].entries()) {
    await page.keyboard.press(key);
    await page.waitForFunction((count) => window.framed.length > count, index);
    assert.equal(await page.evaluate(() => window.framed.at(-1)), now[place]);
  }
  assert.equal(requests, 0);
});

test('a reviewer notes who he is, which needs password and code; only that it is noted and when is shown', async () => {
  const person = hire(['reviewer']);
  const page = await seated(browser, person, '/review');
  await page.getByRole('link', { name: new RegExp(person.name) }).click();
  await page.getByText('尚未登记').waitFor();
  await page.getByText(/不会由您审核/).waitFor();
  await clean(page);
  await page.getByLabel('身份证号码').fill('110101199003072511');
  await page.getByLabel('手机号码').fill('13700000001');
  await page.getByLabel('密码').fill(person.password);
  await page.getByLabel('动态码').fill(client.totp(person.totp_secret));
  await page.getByRole('button', { name: '登记' }).click();
  await page.getByText('证件号码有误，请核对').first().waitFor();
  await page.getByLabel('身份证号码').fill('110101199003072519');
  await page.getByLabel('动态码').fill(client.totp(person.totp_secret));
  await clean(page);
  await page.getByRole('button', { name: '登记' }).click();
  await page.getByText('已登记。').waitFor();
  await page.getByText('不含邮箱').waitFor();
  assert.equal(await page.getByText(/110101199003072519|13700000001/).count(), 0, 'nobody is shown what it is');
  assert.equal(await page.getByLabel('身份证号码').inputValue(), '');
  await page.reload();
  await page.getByText(today(), { exact: false }).first().waitFor();
  await clean(page);
  assert.equal(sql(`select count(*) from xuqi.audit_event where action = 'staff.person' and object = 'staff:${person.name}'`), '1');
});

test('what is typed into the search stays there, and finds the case', async () => {
  const it = await caseWithForm();
  const page = await seated(browser, reviewer, '/review');
  await page.locator('a.case').first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type(it.renewal.renewal_no, { delay: 5 });
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`text=${it.renewal.renewal_no}`));
  await page.getByRole('link', { name: it.renewal.renewal_no }).waitFor();
  for (let i = 0; await page.locator('a.case').count() > 1; i++) { assert.ok(i < 100); await page.waitForTimeout(50); }
  await clean(page);
});

test('a view of the queue is kept, used, renamed and removed', async () => {
  const person = hire(['reviewer']);
  const page = await seated(browser, person, '/review?tab=second&risk=high');
  await page.getByRole('button', { name: '保存当前视图' }).click();
  const dialog = page.getByRole('dialog', { name: '保存当前视图' });
  await dialog.getByLabel('名称').fill('高风险复核');
  await clean(page);
  await dialog.getByRole('button', { name: '保存当前视图' }).click();
  await page.getByRole('link', { name: '高风险复核' }).waitFor();
  const elsewhere = await seated(browser, person, '/review');
  await elsewhere.getByRole('link', { name: '高风险复核' }).click();
  await elsewhere.waitForURL(/tab=second&risk=high/);
  await elsewhere.getByRole('button', { name: '改名' }).click();
  await elsewhere.getByRole('dialog').getByLabel('名称').fill('要紧的');
  await elsewhere.getByRole('dialog').getByRole('button', { name: '改名' }).click();
  await elsewhere.getByRole('link', { name: '要紧的' }).waitFor();
  await clean(elsewhere);
  await elsewhere.getByRole('button', { name: '删除' }).click();
  await elsewhere.getByRole('button', { name: '保存当前视图' }).waitFor();
  assert.equal(await elsewhere.getByRole('link', { name: '要紧的' }).count(), 0);
});

test('a senior reviewer gives a case away, whoever holds it', async () => {
  const it = await caseWithForm();
  const holding = await open(it);
  await claim(holding);
  const senior = await open(it, hire(['senior_reviewer']));
  await senior.getByRole('button', { name: '转派' }).click();
  await senior.getByLabel(/^转给/).fill(second.name);
  await clean(senior);
  await senior.keyboard.press('Control+Enter');
  await senior.getByText(`${it.renewal.renewal_no} 已转给 ${second.name}`).waitFor();
  assert.equal(sql(`select s.name from xuqi.renewal as r join xuqi.staff as s on s.id = r.claimed_by where r.renewal_no = '${it.renewal.renewal_no}'`), second.name);
});

test('a sample is judged beside its evidence; what should not have passed is given away, closed, and the platform resumed', async () => {
  const [it, quiet] = [await caseWithForm(), await caseWithForm()];
  const senior = hire(['senior_reviewer']);
  sql(`update xuqi.review_mistake set closed_by = (select id from xuqi.staff where name = '${senior.name}'), closed_at = now(), reason = 'before' where platform = 'gd-drug' and closed_at is null`);
  for (const { renewal } of [it, quiet]) sql(`insert into xuqi.review_sample (renewal_no) values ('${renewal.renewal_no}')`); // as if they had passed
  const page = await seated(browser, reviewer, '/samples');
  await page.getByRole('link', { name: `查看并判断 ${it.renewal.renewal_no}` }).waitFor();
  await clean(page);
  await page.getByRole('link', { name: `查看并判断 ${it.renewal.renewal_no}` }).click();
  await page.getByRole('radio', { name: '不应通过' }).check();
  assert.ok(await page.getByRole('button', { name: '提交抽检结果' }).isDisabled(), 'a reason is asked for');
  await page.getByLabel(/^说明/).fill('公章不清楚');
  await clean(page);
  await page.getByRole('button', { name: '提交抽检结果' }).click();
  await page.getByText(`${it.renewal.renewal_no} 抽检已记录`).waitFor();
  sql(`insert into xuqi.review_pass_stop (platform, wrong, looked) values ('gd-drug', 1, 1) on conflict do nothing`); // as its file may ask for

  await page.getByRole('link', { name: /^不应通过/ }).click();
  await page.getByRole('link', { name: it.renewal.renewal_no }).click();
  await page.getByText('只有高级审核员可以指派负责人和关闭问题。').waitFor();
  assert.equal(await page.getByRole('button', { name: '关闭问题' }).count(), 0);
  await clean(page);

  const desk = await seated(browser, senior, `/samples?tab=wrong&no=${it.renewal.renewal_no}`);
  await desk.getByText('广东省药品交易中心').or(desk.getByText(/已暂停自动通过/)).first().waitFor();
  sql(`update xuqi.review_mistake set owner_id = (select id from xuqi.staff where name = '${second.name}'), changed_by = (select id from xuqi.staff where name = '${second.name}'), changed_at = now()
       where renewal_no = '${it.renewal.renewal_no}'`); // somebody else, meanwhile
  await desk.getByLabel('怎样处理的').fill('已通知单位补盖公章');
  await desk.getByLabel('负责人（用户名）').fill(reviewer.name);
  await desk.getByRole('button', { name: '指派' }).click();
  await desk.getByText(new RegExp(`测试 ${second.name} 于 .*：指派`)).waitFor();
  assert.equal(await desk.getByLabel('怎样处理的').inputValue(), '已通知单位补盖公章');
  await clean(desk);
  await desk.getByRole('button', { name: '指派' }).click();
  await desk.getByText(`${it.renewal.renewal_no} 已指派给 ${reviewer.name}`).waitFor();
  await desk.getByRole('link', { name: '原因与恢复' }).click();
  await desk.getByText('该平台还有未处理完的问题').waitFor();
  assert.equal(await desk.getByRole('button', { name: '恢复自动通过' }).count(), 0);
  await desk.getByRole('link', { name: /^不应通过/ }).click();
  await desk.getByRole('link', { name: it.renewal.renewal_no }).click();
  await desk.getByLabel('怎样处理的').fill('已通知单位补盖公章');
  await desk.getByRole('button', { name: '关闭问题' }).click();
  await desk.getByText(`${it.renewal.renewal_no} 的问题已关闭`).waitFor();
  await desk.getByRole('link', { name: /^自动通过/ }).click();
  await desk.getByLabel('为何可以恢复').fill('规则已更正');
  await clean(desk);
  await desk.getByRole('button', { name: '恢复自动通过' }).click();
  await desk.getByText(/已恢复自动通过/).waitFor();
  assert.equal(sql(`select count(*) from xuqi.review_pass_stop where platform = 'gd-drug' and ended_at is null`), '0');
  sql(`update xuqi.review_sample set looked_by = (select id from xuqi.staff where name = '${senior.name}'), looked_at = now(), verdict = 'right', note = '' where renewal_no = '${quiet.renewal.renewal_no}'`);
});

test('the samples do not scroll sideways, light and dark, large and small', async () => {
  const senior = hire(['senior_reviewer']);
  await swept(browser, senior, [[phone, false], [phone, true], [{ width: 1280, height: 800 }, true]],
    ['look', 'closed', 'passes'].map((tab) => `/samples?tab=${tab}`), async (page) => {
      await page.getByRole('heading', { name: '抽检' }).waitFor();
      await page.waitForLoadState('networkidle');
    });
});
