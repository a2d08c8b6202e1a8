// SPDX-License-Identifier: Apache-2.0
// Members of staff at their desks in a browser, and what lies on them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as client from './client.mjs';
import { clean, visitor } from './browser.mjs';
import { seat } from './staff.mjs';
import { demo, newSubscriber, sql } from './world.mjs';

const work = mkdtempSync(join(tmpdir(), 'xuqi-desk-'));
let made = 0;

// A page of somebody who has logged in. goOn: the next case is claimed after each decision; other stories' cases may lie there.
export async function seated(browser, person, path, { goOn = false, ...options } = {}) {
  const page = await visitor(browser, options);
  page.setDefaultTimeout(15_000);
  if (!goOn) await page.addInitScript(() => localStorage.setItem('xuqi-open-next', 'no'));
  await page.context().addCookies([{ name: 'xuqi_staff', value: seat(person), url: demo.staff_url, httpOnly: true, sameSite: 'Strict' }]);
  await page.goto(`${demo.staff_url}/staff${path}`, { waitUntil: 'domcontentloaded' });
  return page;
}

// Each of these pages is clean at each of these sizes ([viewport, dark]). begin: once for a size; there: when a page has come.
export async function swept(browser, person, sizes, paths, there, begin = async () => {}) {
  for (const [viewport, dark] of sizes) {
    const page = await seated(browser, person, paths[0], { viewport, dark });
    await begin(page);
    for (const path of paths) {
      await page.goto(`${demo.staff_url}/staff${path}`);
      await there(page);
      await clean(page);
    }
    await page.context().close();
  }
}

// A page as a scanner makes it.
function scanned(pdf) {
  writeFileSync(join(work, 'form.pdf'), pdf);
  execFileSync('pdftoppm', ['-jpeg', '-r', '100', '-singlefile', join(work, 'form.pdf'), join(work, 'scan')]);
  return readFileSync(join(work, 'scan.jpg'));
}

// A PDF with a line in a Chinese font that is not embedded, as many scanners' programs write: GBK-EUC-H and STSong-Light.
export function unembedded(text) {
  const hex = execFileSync('iconv', ['-t', 'GBK'], { input: text }).toString('hex');
  const stream = `BT /F1 36 Tf 60 700 Td <${hex}> Tj ET`;
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${stream.length}>>\nstream\n${stream}\nendstream`,
    '<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/GBK-EUC-H/DescendantFonts[6 0 R]>>',
    '<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 7 0 R/DW 1000>>',
    '<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>'];
  let pdf = '%PDF-1.4\n';
  const at = objects.map((body, index) => { const from = pdf.length; pdf += `${index + 1} 0 obj\n${body}\nendobj\n`; return from; });
  const xref = pdf.length;
  pdf += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${at.map((from) => `${String(from).padStart(10, '0')} 00000 n \n`).join('')}`;
  return Buffer.from(`${pdf}trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${xref}\n%%EOF\n`);
}

// An expired certificate's renewal with its sealed form, as a PDF and as a scan, paid: what a reviewer finds. paper: another
// PDF in place of the form's.
export async function caseWithForm(paper) {
  const organisation = `审核${Date.now().toString(36)}${made++}医药有限公司`;
  const subscriber = newSubscriber({ organisation, notBefore: '-400 days', notAfter: '-35 days' });
  const renewal = (await client.submit(demo, subscriber, { platform: 'gd-drug', organisation, change: (it) => ({ ...it, client_version: '4.7.6', invoice: { kind: 'paper_fixed' } }) })).json;
  const call = (method, rest, options) => client.call(demo.base_url, method, `/api/v1/renewals/${renewal.renewal_no}${rest}`, { token: renewal.access_token, ...options });
  const form = (await call('GET', '/application_form.pdf')).bytes;
  const pages = [[paper ?? form, 'application/pdf'], [scanned(form), 'image/jpeg']];
  for (const [index, [body, type]] of pages.entries())
    assert.equal((await call('PUT', `/materials/application_form?page=${index + 1}`, { body, type })).status, 201);
  assert.equal((await call('POST', '/submission', { body: {} })).status, 200);
  const paid = (await client.pay(demo, renewal)).json;
  await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, paid)));
  return { subscriber, renewal, organisation };
}

// An account of ours that no other story imports statements of.
export function newAccount() {
  const no = `77${String(Date.now()).slice(-11)}${String(++made).padStart(4, '0')}`;
  sql(`select outcome from xuqi.collecting_account_publish('{测试银行}', '{${no}}', '{测试CA}')`);
  return no;
}

const heading = '交易日期,交易时间,对方账号,对方账户名称,对方账号开户网点名称,借方发生额,贷方发生额,账户余额,摘要,退汇标识,退汇日期,柜员交易号,附言,币种,交易账号';
const yuan = (fen) => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;

// A file as CITIC's net bank exports it, its balances leading on. Lines: { fen, account, name, remark, day }.
export function statementFile(lines, opening = 100000) {
  let balance = opening;
  const stamp = Date.now().toString(36);
  const rows = lines.map((line, index) => {
    balance += line.fen;
    return [line.day, `10:${String(index).padStart(2, '0')}:00`, line.account, line.name, '', '', yuan(line.fen), yuan(balance), '转账', '', '', `${stamp}${index}`, line.remark ?? '', '人民币', ''].join(',');
  });
  return { name: 'citic.csv', mimeType: 'text/csv', buffer: Buffer.from(`账户明细\n${heading}\n${rows.join('\n')}\n合计,,,\n`) };
}
