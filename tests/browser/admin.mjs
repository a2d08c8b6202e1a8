// SPDX-License-Identifier: Apache-2.0
// The administration in a real browser: a price asked for by one and put in force by another, an account asked for, enrolled by its
// owner and disabled, both found on the audit trail with their proof, and a gateway that is stopped seen as such. Runs like
// flow/main.mjs.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clean, launch, phone, visitor } from '../support/browser.mjs';
import { seated, swept } from '../support/desk.mjs';
import { hire } from '../support/staff.mjs';
import { demo, sql } from '../support/world.mjs';

let browser, ada, bea, auditor;
const stamp = Date.now().toString(36);
const at = (days) => new Date(Date.now() + 8 * 3600_000 + days * 86_400_000).toISOString().slice(0, 10);
before(async () => {
  browser = await launch();
  [ada, bea, auditor] = [hire(['administrator']), hire(['administrator']), hire(['auditor'])];
});
after(() => browser.close());
const desk = (path, person = ada, options) => seated(browser, person, path, options);

// Another person says yes to what this reason asks for.
async function agree(reason, person = bea) {
  const page = await desk('/admin/requests', person);
  await page.getByRole('row').filter({ hasText: reason }).getByRole('button', { name: '同意' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '同意' }).click();
  await page.getByText(/：已执行。/).waitFor();
  return page;
}

test('a price is asked for by one and put in force by another, with what it changes', async () => {
  const page = await desk('/admin/platforms');
  await page.getByRole('link', { name: /政府采购|平安|公共资源|采购/ }).first().waitFor();
  await clean(page);
  await page.goto(`${demo.staff_url}/staff/admin/platforms/gpo`);
  await page.getByRole('button', { name: '申请新价格' }).click();
  const day = at(500 + (Date.now() % 400));
  await page.getByLabel('生效日').fill(day);
  const unit = page.getByLabel('单价（元） 1', { exact: true });
  const old = Number(await unit.inputValue());
  const fresh = (old + 11.5).toFixed(2);
  const submit = page.getByRole('button', { name: '提交申请' });
  assert.equal(await submit.isDisabled(), true); // nothing is changed yet
  await unit.fill(fresh);
  await page.getByRole('group', { name: '与该日之前价格的差异' }).getByText('+11.50').waitFor();
  await page.getByLabel('原因').fill(`成本调整 ${stamp}`);
  await clean(page);
  await submit.click();
  await page.getByText(/已提交申请 #\d+，等待另一位管理员批准。/).waitFor();
  const mine = await desk('/admin/requests');
  await mine.getByRole('row').filter({ hasText: `成本调整 ${stamp}` }).getByText('由本人申请，须他人决定').waitFor();
  await clean(mine);
  await clean(await agree(`成本调整 ${stamp}`));
  await page.reload();
  const version = page.getByRole('article').filter({ hasText: `成本调整 ${stamp}` });
  await version.getByRole('row').filter({ hasText: '+11.50' }).getByText(`¥${fresh}`).waitFor();
  await version.getByText(`测试 ${bea.name} 批准`).waitFor();
  await page.getByText(`自 ${day} 起`).first().waitFor();
  await clean(page);
});

describe('an account', () => {
  const name = `neu-${stamp}`;
  test('takes two administrators and its owner, who sets it up in the browser', async () => {
    const page = await desk('/admin/staff');
    await page.getByRole('button', { name: '申请开户' }).click();
    const dialog = page.getByRole('dialog', { name: '申请开户' });
    await dialog.getByLabel('用户名').fill(name);
    await dialog.getByLabel('姓名').fill('新同事');
    await dialog.getByRole('checkbox', { name: '审核员', exact: true }).check();
    await dialog.getByRole('checkbox', { name: '财务' }).check();
    await dialog.getByLabel('原因').fill(`入职 ${stamp}`);
    await dialog.getByRole('button', { name: '提交申请' }).click();
    await dialog.getByText('职责').last().waitFor(); // duties that stay apart are refused where they were chosen
    await clean(page);
    await dialog.getByRole('checkbox', { name: '财务' }).uncheck();
    await dialog.getByRole('button', { name: '提交申请' }).click();
    await page.getByText(/已提交申请 #\d+/).waitFor();
    const other = await agree(`入职 ${stamp}`);
    const link = await other.locator('.link code').innerText();
    await clean(other);
    const owner = await visitor(browser, { viewport: phone });
    await owner.goto(link);
    await owner.getByLabel('密码').fill('一个足够长的口令 and more');
    await owner.getByLabel('再输一次').fill('一个足够长的口令 and more');
    await owner.getByRole('button', { name: '启用账号' }).click();
    await owner.getByRole('img', { name: '动态码' }).waitFor();
    await clean(owner);
    await owner.goto('about:blank');
    await owner.goto(link);
    await owner.getByLabel('密码').fill('一个足够长的口令 and more');
    await owner.getByLabel('再输一次').fill('一个足够长的口令 and more');
    await owner.getByRole('button', { name: '启用账号' }).click();
    await owner.getByText('问题编号').waitFor(); // it is used up
  });

  test('is disabled by one, at once, and nobody disables themselves', async () => {
    const page = await desk('/admin/staff');
    await page.getByRole('row').filter({ hasText: ada.name }).getByText('本人账号由他人处理').waitFor();
    await page.getByRole('row').filter({ hasText: name }).getByRole('button', { name: '停用' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '停用' }).click();
    await page.getByText(`${name} 已停用。`).waitFor();
    await page.getByRole('row').filter({ hasText: name }).getByText('已停用').waitFor();
    assert.equal(sql(`select status from xuqi.staff where name = '${name}'`), 'disabled');
    await clean(page);
  });

  test('both are on the audit trail with their proof, which nobody can remove', async () => {
    const page = await desk(`/admin/audit?object=staff:${name}`, auditor);
    const row = page.getByRole('row').filter({ hasText: 'staff.disable' });
    await row.waitFor();
    for (let i = 0; await row.getByText('已见证').count() === 0; i++) { // signed within seconds
      assert.ok(i < 100, 'witnessed');
      await page.getByRole('button', { name: '刷新' }).click();
      await page.waitForTimeout(100);
    }
    await row.getByRole('link').click();
    await page.getByText(/xuqictl audit prove \d+/).waitFor();
    await page.getByText('RFC 6962', { exact: false }).waitFor();
    assert.equal(await page.getByRole('button', { name: /删除|清空|修改/ }).count(), 0);
    await clean(page);
    await page.getByRole('button', { name: '重置' }).click();
    await page.getByLabel('动作').fill('admin.price');
    await page.getByRole('button', { name: '查询' }).click();
    await page.getByRole('row').filter({ hasText: ada.name }).getByText('admin.price.asked').first().waitFor();
    await page.getByRole('row').filter({ hasText: bea.name }).getByText('admin.price.done').first().waitFor();
    await clean(page);
  });

  test('an event that was changed is red, with its place, and what to do', async () => {
    const id = sql(`select max(e.id) from xuqi.audit_event as e join xuqi.audit_leaf as l on l.event_id = e.id where e.object = 'staff:${name}'`);
    const leaf = sql(`select leaf_index from xuqi.audit_leaf where event_id = ${id}`);
    const change = (detail) => sql(`begin; alter table xuqi.audit_event disable trigger all; update xuqi.audit_event set detail = ${detail} where id = ${id};
      alter table xuqi.audit_event enable trigger all; alter table xuqi.audit_event enable always trigger append_only; alter table xuqi.audit_event enable always trigger sequence; commit`);
    change("detail || ' rewritten'");
    try {
      const page = await desk(`/admin/audit?object=staff:${name}`, auditor);
      await page.getByRole('alert').filter({ hasText: `审计记录被改过：#${id}` }).getByText(/xuqictl audit verify/).waitFor();
      const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: `事件 #${id}`, exact: true }) });
      await row.getByText('与封存不符').waitFor();
      await row.getByText(`叶 ${leaf}`).waitFor();
      assert.equal(await page.getByText('与封存不符').count(), 1, 'it alone');
      await clean(page);
      await row.getByRole('link').click();
      await page.getByRole('region', { name: /事件/ }).getByRole('alert').waitFor();
      await clean(page);
    } finally { change("left(detail, -10)"); }
    const page = await desk(`/admin/audit?object=staff:${name}`, auditor);
    await page.getByRole('row').nth(1).waitFor();
    assert.equal(await page.getByText('与封存不符').count(), 0);
  });
});

test('a gateway that is stopped is seen as such, with what to do', async () => {
  sql(`select outcome from xuqi.rail_note('unionpay', 'open', 'gateway_unavailable')`);
  try {
    const page = await desk('/operations', auditor);
    const row = page.getByRole('row').filter({ hasText: '银联' });
    await row.getByText('已暂停').waitFor();
    await page.getByText('渠道不应答，已自动暂停收款').waitFor();
    await page.getByText(/项需要处理/).waitFor();
    await clean(page);
  } finally { sql(`select outcome from xuqi.rail_note('unionpay', 'closed', '')`); }
  const page = await desk('/operations', auditor);
  await page.getByRole('row').filter({ hasText: '银联' }).getByText('正常').waitFor();
});

test('figures that are not read any more say that they are old', async () => {
  const page = await desk('/operations', auditor);
  await page.clock.install();
  await page.getByText(/数据截至/).waitFor();
  await page.route('**/api/v1/operations', (route) => route.abort());
  await page.getByRole('button', { name: '刷新', exact: true }).click();
  await page.getByText('网络不通').waitFor();
  await page.clock.fastForward(46_000);
  await page.getByText('数据已过时').waitFor();
});

test('who sees which page, and where acting is for others', async () => {
  const page = await desk('/admin/issuance', auditor);
  await page.getByRole('heading', { name: '停发与恢复' }).waitFor();
  assert.equal(await page.getByRole('button', { name: /申请/ }).count(), 0);
  const finance = await desk('/admin/platforms', hire(['finance']));
  await finance.getByRole('heading', { name: '平台与价格' }).waitFor();
  assert.deepEqual(await finance.getByRole('link', { name: /审计日志|人员与角色/ }).count(), 0);
});

test('no page scrolls sideways, light and dark, large and small, Chinese and English', async () => {
  const wide = ['admin/staff', 'admin/requests?state=all', 'admin/audit', 'operations'];
  const all = [...wide, 'admin/platforms', 'admin/platforms/gd-drug', 'admin/issuance', 'admin/calendar', 'admin/texts'];
  for (const [viewport, dark, paths] of [[phone, true, all], [{ width: 1280, height: 800 }, false, wide]])
    await swept(browser, ada, [[viewport, dark]], paths.map((path) => `/${path}`), (page) => page.locator('main .panel:visible').first().waitFor(),
      (page) => page.getByRole('button', { name: 'English' }).click());
});
