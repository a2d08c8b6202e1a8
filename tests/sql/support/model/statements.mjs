// SPDX-License-Identifier: Apache-2.0
// The bank's statements: its lines as the bank has them, files that overlap, come twice, in another order or changed, and
// what the bank takes back (冲正) or sends back (退汇).
import { Books, OURS } from './books.mjs';
import { call } from './call.mjs';
import { hex } from './reference.mjs';
import { PAYERS } from './subjects.mjs';

const NONE = '-9223372036854775808';
const ACCOUNTS = ['6222020000000001', '6222020000000002', '6222020000000003', ''];

// One more line at the bank: mostly a payment of somebody's, sometimes of a sum that is owed.
function happens(books, pick, account, owed) {
  const lines = books.bank.get(account);
  const key = `${account.slice(0, 4)}-${lines.length + 1}`;
  const who = pick.below(PAYERS.length);
  const kind = pick.below(12);
  const back = kind === 0 ? lines.filter((l) => l.fen > 0 && l.kind === 'ordinary') : kind === 1 ? lines.filter((l) => l.fen < 0 && l.kind === 'ordinary') : [];
  const before = pick.below(6) + (pick.chance(10) ? 40 : 0);
  if (back.length > 0) {
    const it = pick.of(back);
    const wanted = Math.max(0, it.before - pick.below(3));
    lines.push({ ...it, key, fen: -it.fen, before: wanted, ref: `ref ${key}`, kind: kind === 0 ? 'reversal' : 'returned', reverses: pick.chance(70) ? it.ref : '', imported: false, reversed: false });
    return;
  }
  const order = pick.mostly(60, owed, owed);
  const named = order && pick.chance(35);
  const fen = kind === 2 ? -(1 + pick.below(300)) : pick.mostly(80, order ? [Number(order.fen)] : [], [20000, 3, 40000, 1 + pick.below(30000)]);
  lines.push({
    key, before, fen, account: pick.chance(10) ? '' : ACCOUNTS[who], name: pick.chance(70) && order ? order.payer : PAYERS[who], remark: named ? `续期 ${order.order_no}` : '续期费',
    ref: `ref ${key}`, kind: 'ordinary', reverses: '', imported: false, reversed: false,
  });
}

export async function statement_begin(books, pick) {
  const caller = books.finance(pick);
  const account = pick.chance(5) ? '1234567890' : pick.of(OURS);
  const expect = caller.fault ?? (OURS.includes(account) ? 'begun' : 'collecting_account_unknown');
  return call({
    procedure: 'statement_begin', values: [caller.token, account, 'file.csv'], expect,
    learns(row) { if (expect === 'begun') books.uploads.push({ id: row.upload_id, account, by: caller.name, admin: false, lines: null }); },
  });
}

export async function statement_begin_admin(books, pick) {
  const account = pick.chance(10) ? '1234567890' : pick.of(OURS);
  const expect = OURS.includes(account) ? 'begun' : 'collecting_account_unknown';
  return call({
    procedure: 'statement_begin_admin', values: ['op', account, 'file.csv'], expect,
    learns(row) { if (expect === 'begun') books.uploads.push({ id: row.upload_id, account, by: 'op', admin: true, lines: null }); },
  });
}

export async function statement_append(books, pick) {
  const upload = pick.mostly(80, books.uploads.filter((u) => !u.lines), books.uploads);
  if (!upload) return null;
  const unknown = pick.chance(4);
  const owed = await books.rows(`select order_no, amount_fen - funded_fen as fen, payer_name_normal as payer from xuqi."order" where state = 'unpaid' and funded_fen < amount_fen order by 1`);
  const truth = books.bank.get(upload.account);
  for (let n = upload.lines || unknown ? 0 : pick.below(5); n > 0; n--) happens(books, pick, upload.account, owed);
  const file = truth.slice(Math.max(0, truth.length - 1 - pick.below(12))).map((line) => ({ ...line }));
  if (file.length === 0) return null;
  const known = file.filter((line) => truth.find((it) => it.key === line.key).imported);
  if (known.length > 0 && pick.chance(8)) Object.assign(pick.of(known), { changed: true });
  if (pick.chance(40)) file.reverse();
  const list = (each) => `{${file.map((line, i) => JSON.stringify(String(each(line, i)))).join()}}`;
  return call({
    procedure: 'statement_append', expect: unknown ? 'statement_upload_unknown' : 'kept',
    values: [unknown ? 999999 : upload.id, 1, list((_, i) => i + 1), list((l) => l.key), list((l) => Books.dayNumber(books.date(l.before))), list(() => NONE),
      list((l) => l.fen + (l.changed ? Math.sign(l.fen) : 0)), list(() => NONE), list((l) => l.account), list((l) => l.name), list(() => ''), list((l) => l.remark),
      list((l) => l.ref), list((l) => l.kind), list((l) => l.reverses)],
    learns() { if (!unknown && !upload.lines) upload.lines = file; },
  });
}

// What a line that takes back can mean: one other, the other way round, of the same side, at most 60 days before.
function takesBack(truth, line) {
  const fits = truth.filter((it) => it.imported && it.kind === 'ordinary' && !it.reversed && it.fen === -line.fen
    && it.before >= line.before && it.before <= line.before + 60 && ['', it.ref].includes(line.reverses)
    && (line.account === '' || ['', line.account].includes(it.account)) && (line.name === '' || ['', line.name].includes(it.name)));
  return fits.length === 1 ? fits[0] : null;
}

function taken(books, upload, fresh) {
  const truth = books.bank.get(upload.account);
  const days = new Map();
  const posts = [];
  for (const line of fresh) line.imported = true;
  for (const line of fresh.filter((it) => it.fen > 0)) days.set(line.before, (days.get(line.before) ?? 0) + line.fen);
  for (const fen of days.values()) posts.push(`statement bank:${upload.account}>unmatched_receipts:${upload.account}=${fen}`);
  const order = (a, b) => b.before - a.before || upload.lines.findIndex((l) => l.key === a.key) - upload.lines.findIndex((l) => l.key === b.key);
  for (const line of fresh.filter((it) => it.kind !== 'ordinary').sort(order)) {
    const back = takesBack(truth, line);
    if (!back) continue;
    back.reversed = true;
    if (back.fen > 0) posts.push(`statement_reversal unmatched_receipts:${upload.account}>bank:${upload.account}=${back.fen}`);
  }
  return posts;
}

export async function statement_finish(books, pick) {
  const upload = pick.mostly(90, books.uploads.filter((u) => u.lines), books.uploads);
  if (!upload) return null;
  const caller = upload.admin || pick.chance(10) ? books.finance(pick) : { name: upload.by, token: hex(`token ${upload.by}`), fault: null };
  return concluded(books, pick, upload, caller, 'statement_finish', caller.token, !upload.admin && caller.name === upload.by);
}

export async function statement_finish_admin(books, pick) {
  const upload = pick.mostly(95, books.uploads.filter((u) => u.admin && u.lines), books.uploads);
  return upload ? concluded(books, pick, upload, { fault: null }, 'statement_finish_admin', 'op', upload.admin) : null;
}

function concluded(books, pick, upload, caller, procedure, who, theirs) {
  const truth = books.bank.get(upload.account);
  const file = upload.lines ?? [];
  const apply = !pick.chance(12);
  const balanced = pick.chance(25);
  const wrong = balanced && pick.chance(30) ? 1 : 0;
  const moved = file.reduce((sum, line) => sum + line.fen + (line.changed ? Math.sign(line.fen) : 0), 0);
  const of = (line) => truth.find((it) => it.key === line.key);
  const fresh = file.filter((line) => !of(line).imported).map(of);
  const changed = file.filter((line) => line.changed).length;
  const known = file.length - fresh.length - changed;
  const expect = caller.fault ?? (!theirs || upload.over ? 'statement_upload_unknown' : file.length === 0 ? 'statement_empty' : wrong ? 'statement_balance'
    : !apply ? 'checked' : fresh.length + changed > 0 ? 'imported' : 'known');
  const counted = [fresh.length, known, changed].join(' ');
  // The desk sends the file again, the operator's upload stays until it is taken over.
  const over = !['statement_upload_unknown', 'unauthenticated', 'forbidden'].includes(expect) && (procedure === 'statement_finish' || ['imported', 'known'].includes(expect));
  return call({
    procedure, expect, values: [who, upload.id, apply, 'citic', null, null, balanced ? 1000 : null, balanced ? 1000 + moved + wrong : null, balanced, null],
    posts: () => (expect === 'imported' ? taken(books, upload, fresh) : []),
    wrong: (row) => (['imported', 'known', 'checked'].includes(expect) && [row.lines_new, row.lines_known, row.lines_changed].join(' ') !== counted
      ? `counts ${row.lines_new} ${row.lines_known} ${row.lines_changed} instead of ${counted}` : null),
    learns() { if (over) books.uploads = books.uploads.filter((it) => it !== upload); },
  });
}

export async function statement_discard(books, pick) {
  const upload = pick.mostly(60, books.uploads.filter((u) => u.admin), []);
  return upload ? call({
    procedure: 'statement_discard', values: [upload.id], expect: 'discarded', learns() { books.uploads = books.uploads.filter((it) => it !== upload); },
  }) : null;
}
