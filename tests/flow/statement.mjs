// SPDX-License-Identifier: Apache-2.0
// Bank statements from files: the finance desk's calls, xuqictl, and random overlaps, re-sorts and edits of files held against
// what may be in the database. XUQI_ROUNDS: how many of those (60; 1000 for the long walk). Runs like main.mjs.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as client from '../support/client.mjs';
import { ctl, demo, folder, sql } from '../support/world.mjs';
import { conforms } from '../support/openapi.mjs';

const rounds = Number(process.env.XUQI_ROUNDS ?? 60);
const heading = '交易日期,交易时间,对方账号,对方账户名称,对方账号开户网点名称,借方发生额,贷方发生额,账户余额,摘要,退汇标识,退汇日期,柜员交易号,附言,币种,交易账号';
const run = Date.now().toString(36).toUpperCase().slice(-8);
let work, finance, reviewer, made = 0;

// An account of its own for each test, as a further platform would bring one.
function newAccount() {
  const no = `77${String(Date.now()).slice(-11)}${String(++made).padStart(4, '0')}`;
  sql(`select outcome from xuqi.collecting_account_publish('{测试银行}', '{${no}}', '{测试CA}')`);
  return no;
}
before(async () => {
  work = mkdtempSync(`${folder}/statement-test-`);
  chmodSync(work, 0o755);
  finance = (await client.login(demo, 'finance')).json.token;
  reviewer = (await client.login(demo, 'reviewer')).json.token;
  assert.ok(finance && reviewer);
});
after(() => rmSync(work, { recursive: true }));

const yuan = (fen) => `${fen < 0 ? '-' : ''}${Math.floor(Math.abs(fen) / 100)}.${String(Math.abs(fen) % 100).padStart(2, '0')}`;
const row = (l) => [l.day, l.time ?? '', l.account ?? '', l.name ?? '', '', l.fen < 0 ? yuan(-l.fen) : '', l.fen > 0 ? yuan(l.fen) : '', yuan(l.balance), '转账', '', '', l.ref, l.remark ?? '', '人民币', ''].join(',');
const csv = (lines) => `账户明细\n${heading}\n${lines.map(row).join('\n')}\n合计,,,\n`;
const post = (account, body, { dry = false, token = finance, type = 'text/csv', name = 'a.csv' } = {}) =>
  client.call(demo.base_url, 'POST', `/api/v1/finance/statements?account=${account}&dry_run=${dry}&file_name=${name}`, { body, type, token });
const get = (path, token = finance) => client.call(demo.base_url, 'GET', path, { token });
const gb = (text) => execFileSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030'], { input: text });

// A day's lines with balances that lead on.
function statement(movements, { from = 100000, days = 1 } = {}) {
  let balance = from;
  return movements.map((fen, i) => {
    balance += fen;
    const day = new Date(Date.UTC(2026, 9, 1) + Math.floor(i * days / movements.length) * 86400000).toISOString().slice(0, 10);
    return { day, time: `1${Math.floor(i / 60) % 10}:${String(i % 60).padStart(2, '0')}:00`, account: `62220000${1000 + i}`, name: `甲${i}（深圳）有限公司`, fen, balance, ref: `${run}${i}`, remark: `续期${i}` };
  });
}

test('a file is compared, imported, and known the second time', async () => {
  const account = newAccount(), file = csv(statement([20000, -300, 8880]));
  const dry = await post(account, file, { dry: true });
  conforms('post', '/api/v1/finance/statements', dry);
  assert.deepEqual([dry.status, dry.json.outcome, dry.json.lines_new, dry.json.opening_fen, dry.json.closing_fen, dry.json.previous], [200, 'checked', 3, 100000, 128580, null]);
  const done = await post(account, gb(file));
  conforms('post', '/api/v1/finance/statements', done);
  assert.deepEqual([done.status, done.json.outcome, done.json.lines_new], [201, 'imported', 3]);
  const again = await post(account, file);
  assert.deepEqual([again.status, again.json.outcome, again.json.lines_new, again.json.lines_known], [200, 'known', 0, 3]);
  const list = await get('/api/v1/finance/statements?size=1');
  conforms('get', '/api/v1/finance/statements', list);
  assert.equal(list.json.statements[0].id, done.json.id);
  const first = await get(`/api/v1/finance/statements/${done.json.id}/lines?size=2`);
  conforms('get', '/api/v1/finance/statements/{id}/lines', first);
  const rest = await get(`/api/v1/finance/statements/${done.json.id}/lines?after=${first.json.lines[1].id}`);
  assert.deepEqual([...first.json.lines, ...rest.json.lines].map((it) => `${it.direction} ${it.amount_fen}`), ['credit 20000', 'debit 300', 'credit 8880']);
});

test('of the same file five times at once, one imports', async () => {
  const account = newAccount(), file = csv(statement(Array.from({ length: 50 }, (_, i) => 100 + i)));
  const answers = await Promise.all(Array.from({ length: 5 }, () => post(account, file)));
  assert.deepEqual(answers.map((it) => `${it.status} ${it.json.outcome} ${it.json.lines_new}`).sort(), ['200 known 0', '200 known 0', '200 known 0', '200 known 0', '201 imported 50']);
  assert.equal(sql(`select count(*) from xuqi.statement_line as l join xuqi.collecting_account as a on a.id = collecting_account_id where account_no = '${account}'`), '50');
});

test('the gap to the statement before is told', async () => {
  const account = newAccount(), lines = statement([100, 200, 300, 400], { days: 4 });
  await post(account, csv(lines.slice(0, 1)));
  const { json } = await post(account, csv(lines.slice(2)), { dry: true });
  assert.deepEqual(json.previous, { last_on: lines[0].day, closing_fen: lines[0].balance, gap_fen: 200 });
});

test('one bad row imports nothing, and each is named with its rule', async () => {
  const account = newAccount(), lines = statement([100, 200, 300]);
  const bad = csv(lines).replace('2026-10-01,10:01', '2026-02-30,10:01').replace(',3.00,', ',3e0,');
  const { status, json } = await post(account, bad);
  assert.equal(status, 422);
  assert.equal(json.code, 'statement_refused');
  assert.deepEqual(json.fields.map((it) => `${it.path} ${it.code}`), ['line 4 date', 'line 5 amount']);
  assert.equal(sql(`select count(*) from xuqi.statement_line as l join xuqi.collecting_account as a on a.id = collecting_account_id where account_no = '${account}'`), '0');
  assert.equal(sql(`select count(*) from xuqi.statement_upload as u join xuqi.collecting_account as a on a.id = collecting_account_id where account_no = '${account}'`), '0');
});

test('who may not is refused before the file is read', async () => {
  const account = newAccount(), file = csv(statement([100]));
  assert.deepEqual([(await post(account, file, { token: reviewer })).json.code, (await post(account, file, { token: 'x'.repeat(43) })).json.code], ['forbidden', 'session_unknown']);
  assert.deepEqual([(await get('/api/v1/finance/statements', reviewer)).json.code, (await get('/api/v1/finance/statements/1/lines', reviewer)).json.code], ['forbidden', 'forbidden']);
  assert.equal((await post('6222020000000009', file)).json.code, 'collecting_account_unknown');
});

test('each rule of the call has its code', async () => {
  const account = newAccount();
  const codes = async (answer) => { const { json } = await answer; return json.fields?.length ? `${json.code} ${json.fields[0].path} ${json.fields[0].code}` : json.code; };
  assert.equal(await codes(client.call(demo.base_url, 'POST', '/api/v1/finance/statements', { body: 'x', type: 'text/csv', token: finance })), 'fields_invalid account required');
  assert.equal(await codes(client.call(demo.base_url, 'POST', `/api/v1/finance/statements?account=${account}&dry_run=yes`, { body: 'x', type: 'text/csv', token: finance })), 'fields_invalid dry_run value');
  assert.equal(await codes(get('/api/v1/finance/statements?size=0')), 'fields_invalid size range');
  assert.equal(await codes(get('/api/v1/finance/statements/x/lines')), 'fields_invalid id range');
  assert.equal(await codes(post(account, '')), 'statement_refused file empty');
  assert.equal(await codes(post(account, 'a,b\n1,2\n')), 'statement_refused file columns');
  assert.equal(await codes(post(account, `<?xml version='1.0'?>\n<!DOCTYPE a><Document/>`, { type: 'application/xml' })), 'statement_refused line 2 doctype');
  assert.equal(await codes(post(account, ':20:R\n:61:x\n', { type: 'text/plain' })), 'statement_refused line 2 order');
  assert.equal(await codes(post(account, csv(statement([100, 200])).replace('1003.00', '1003.01'))), 'statement_refused line 4 balance');
  assert.equal(await codes(post(account, '{}', { type: 'application/json' })), 'unsupported_media_type');
  assert.equal(await codes(post(account, Buffer.alloc(8 * 1024 * 1024 + 1, 'x'))), 'body_too_large');
});

test('xuqictl shows with --dry-run and imports with --yes', () => {
  const account = newAccount(), path = join(work, 'a.csv');
  writeFileSync(path, gb(csv(statement([20000, -300]))));
  assert.match(ctl('statement', 'import', path, '--account', account, '--dry-run'), /新增 new 2.*\n仅显示/);
  assert.match(ctl('statement', 'import', path, '--account', account, '--yes'), /imported: /);
  assert.match(ctl('statement', 'import', path, '--account', account, '--yes'), /known: /);
  assert.throws(() => ctl('statement', 'import', path, '--account', account), (it) => it.status === 1 && /--yes/.test(it.stderr));
  assert.match(ctl('statement', 'accounts'), new RegExp(`${account} .*2026-10-01`));
});

// The truth is a statement of some days; files are cuts of it, sorted anyhow, some edited. What is in the database must be
// lines of the truth, each at most once, whole; and each edit must have been refused or raised.
test('random overlaps, re-sorts and edits: no line twice, no silent change', async (t) => {
  let seed = Number(process.env.XUQI_SEED ?? 7);
  const random = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 65536) % n; };
  const shuffled = (list) => { const out = [...list]; for (let i = out.length - 1; i > 0; i--) { const j = random(i + 1); [out[i], out[j]] = [out[j], out[i]]; } return out; };
  const edits = {
    name: (l) => ({ ...l, name: `${l.name}改` }), remark: (l) => ({ ...l, remark: '改' }), ref: (l) => ({ ...l, ref: `X${random(1000000)}` }),
    amount: (l) => ({ ...l, fen: l.fen + (l.fen > 0 ? 1 : -1) }), day: (l) => ({ ...l, day: l.day.replace(/..$/, (d) => String(Number(d) % 28 + 1).padStart(2, '0')) }),
    account: (l) => ({ ...l, account: '1' }), balance: (l) => ({ ...l, balance: l.balance + 1 }),
  };
  const account = newAccount(), truth = statement(Array.from({ length: 80 }, () => (random(5) === 0 ? -1 : 1) * (100 + random(30) * 100)), { days: 8 });
  const known = new Set(), told = { files: 0, edited: 0, refused: 0, raised: 0 };
  for (let round = 0; round < rounds; round++) {
    const from = random(truth.length), to = Math.min(truth.length, from + 1 + random(40));
    let lines = truth.slice(from, to), edited = null;
    if (random(3) === 0) {
      const overlap = lines.filter((l) => known.has(l.ref));
      edited = overlap.length > 0 ? overlap[random(overlap.length)] : null;
    }
    const kind = Object.keys(edits)[random(7)];
    if (edited) lines = lines.map((l) => (l === edited ? edits[kind](l) : l));
    lines = [(l) => l, (l) => [...l].reverse(), shuffled][random(3)](lines);
    const { status, json } = await post(account, random(2) ? csv(lines) : gb(csv(lines)));
    if (edited)
      assert.ok(json.code === 'statement_refused' || json.lines_changed + json.lines_missing > 0, `round ${round}: ${kind} of ${edited.ref} was silent: ${JSON.stringify(json)}`);
    else
      assert.ok(status === 200 || status === 201, `round ${round}: ${JSON.stringify(json)}`);
    told.files += 1;
    told.edited += edited ? 1 : 0;
    told.refused += json.code === 'statement_refused' ? 1 : 0;
    told.raised += edited && json.outcome ? 1 : 0;
    if (json.outcome) for (const l of lines) if (truth.some((t) => t.ref === l.ref)) known.add(l.ref);
  }
  const rows = sql(`select bank_ref || ' ' || case direction when 'credit' then '' else '-' end || amount_fen || ' ' || booked_on || ' ' || payer_name || ' ' || remark || ' ' || balance_fen
                      from xuqi.statement_line as l join xuqi.collecting_account as a on a.id = l.collecting_account_id where account_no = '${account}' order by l.id`).split('\n');
  const wanted = new Set(truth.map((l) => `${l.ref} ${l.fen} ${l.day} ${l.name} ${l.remark} 转账 ${l.balance}`));
  assert.equal(new Set(rows).size, rows.length, 'a line is there twice');
  assert.deepEqual(rows.filter((it) => !wanted.has(it)), []);
  assert.equal(sql('select count(*) from xuqi.ledger_check()'), '0');
  t.diagnostic(`${told.files} files, ${told.edited} edited: ${told.refused} refused, ${told.raised} raised, none silent; ${rows.length} lines, none twice`);
});
