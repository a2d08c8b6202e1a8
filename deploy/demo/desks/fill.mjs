// SPDX-License-Identifier: Apache-2.0
// Fills the desks of a demonstration with cases of every platform and state, through the API and the stand-ins alone:
//   XUQI_VAR=var node deploy/demo/desks/fill.mjs [--few]     --few: each call once, for a test
// Started by deploy/run behind the serving server. What is made is written down in demo/desks.jsonl: a start after an
// interrupted one goes on, and one after a finished one is not needed. Ends with 1 when anything was refused, and says which step.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { folder } from '../../../tests/support/installation.mjs';
import { arrives, dayBefore as day, Refused } from './applicant.mjs';
import { make, steps } from './cases.mjs';
import { Office } from './office.mjs';
import { accountOf, organisationOf } from './people.mjs';
import { few, recipes } from './recipes.mjs';

const isFew = process.argv.includes('--few');
const BESIDE = isFew ? 8 : 2; // cases made at the same time
const diary = `${folder}/demo/desks.jsonl`, finished = `${folder}/demo/desks.done`;
const made = new Set(existsSync(diary) ? readFileSync(diary, 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line).id) : []);

const note = (id, problem) => appendFileSync(diary, `${JSON.stringify({ id, ...(problem ? { problem } : {}) })}\n`);
let failed = 0;
// A case that is refused stays as far as it came; the others do not wait for it.
async function once(id, act) {
  if (made.has(id)) return;
  try {
    await act();
    note(id);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    failed += 1;
    note(id, error.message);
    console.error(`  演示数据被拒绝 refused while the desks are filled: ${id}: ${error.message}`);
  }
  made.add(id);
}

// Money that no order expects.
const strangers = () => Promise.all(Array.from({ length: 12 }, (_, i) => once(`stranger-${i}`, () =>
  arrives({ fen: 10000 + (i % 4) * 5000, account: accountOf(7000 + i), name: organisationOf('gpo', 300 + i), remark: ['货款', '服务费', '', '续期'][i % 4] }))));

async function bills(office) {
  for (const [index, rail] of ['alipay', 'unionpay', 'wechat'].entries())
    for (const before of isFew ? [2] : [2, 3 + index * 6, 20 + index]) {
      const rows = Array.from({ length: 2 }, (_, i) => ({ kind: 'payment', id: `${day(before).replaceAll('-', '')}2200${index}${i}${before}314159`, attempt: `9${day(before).replaceAll('-', '')}0000${index}${i}${before}2718`, fen: 10000 * (1 + i), fee: 60000 * (1 + i), at: `${day(before)} 1${i}:20:00` }));
      await once(`bill-${rail}-${day(before)}`, () => office.strangeBill(rail, day(before), rows));
    }
}
// A statement file that finance has imported by hand, of the account without a link: money of weeks that nobody has claimed.
const agoOf = (i) => 45 - i * 4, unlinked = '7799000000000000017';
const agedLines = () => Array.from({ length: 11 }, (_, i) => (
  { day: day(agoOf(i)), fen: 25000 + (i % 3) * 12500, account: accountOf(8000 + i), name: organisationOf('demo-two', 400 + i), remark: ['续期', '', 'CA证书', '货款'][i % 4] }));
async function agedStatement(office) {
  await once('statement', () => office.importStatement(unlinked, agedLines()));
  // The bank has one of them otherwise the next time; of two that are none of ours one goes back, if a second person agrees.
  await once('statement-again', () => office.importStatement(unlinked, agedLines().map((line, i) => (i === 4 ? { ...line, name: organisationOf('demo-two', 450) } : line))));
  await once('asked', async () => {
    const [one, other] = (await office.lines(`state=open&words=${encodeURIComponent('货款')}&size=20`)).lines;
    await office.ask('return', { key: 'desk-return', line_id: one.line_id, amount_fen: one.amount_fen, reason: '货款误付到本账户，付款人来函要求退回' });
    await office.ask('suspend', { key: 'desk-suspend', line_id: other.line_id, amount_fen: other.amount_fen, reason: '已致电付款人，等待书面说明' });
  });
}
async function explained(office) {
  await once('assigned', async () => {
    const open = await office.differences();
    for (const { id, version } of open.slice(0, 3)) await office.assign(id, version, 'finance');
    for (const { id } of open.filter((it) => it.class === 'match_long').slice(0, 2)) await office.explain(id, '渠道测试交易，已与渠道核对，次日冲回');
  });
}
// Of those who have their certificate; one number was typed wrong, one invoice has its red letter. The others wait for theirs.
async function invoiced(office) {
  const numberOf = (i) => `2644200000${day(0).slice(5).replace('-', '')}${String(i).padStart(6, '0')}`;
  await once('invoices', async () => {
    const orders = (await office.invoicesDue()).filter((it) => it.status === 'completed').map((it) => it.order_no).slice(0, 9);
    for (const [i, order] of orders.entries()) await office.noteInvoice(order, { state: 'issued', number: numberOf(i) });
    if (orders.length > 0) await office.noteInvoice(orders[0], { state: 'issued', number: numberOf(90), corrects: numberOf(0), reason: '票号抄错，按开票系统更正' });
    if (orders.length > 1) await office.noteInvoice(orders[1], { state: 'reversed', number: numberOf(91) });
  });
}

function progress(done, all) {
  if (done % 25 === 0 || done === all) console.error(`  演示数据 the desks are being filled: ${done}/${all}`);
}

async function fill() {
  const office = await Office.open();
  const known = steps(office), all = isFew ? few(recipes()) : recipes();
  let next = 0, done = 0;
  const worker = async () => {
    while (next < all.length) {
      const recipe = all[next++];
      await once(recipe.id, () => make(recipe, known));
      progress(++done, all.length);
    }
  };
  await Promise.all([strangers(), bills(office), agedStatement(office), ...Array.from({ length: BESIDE }, worker)]);
  await explained(office);
  await invoiced(office);
  writeFileSync(finished, `${new Date().toISOString()} ${failed}\n`);
  console.error(`  演示数据已就绪 the desks are filled: ${all.length} 件 cases${failed ? `，${failed} 件未走完，见 not finished, see ${diary}` : ''}`);
}

await fill();
process.exitCode = failed ? 1 : 0;
