// SPDX-License-Identifier: Apache-2.0
// A stand-in for CITIC's front-end program (中信银行 银企直联) with the bank behind it, for demonstrations and tests: XML in
// GBK, DLOUTTRN, DLCIDSTT, DLTRNALL, DLBALQRY; keeps books of its own, misbehaves when asked to, and shows what arrived at
// the payees' banks with its remark. No money moves.
//   node citic_sandbox.mjs --port N --user-file F --account NO [--state FILE]     FILE: its books, kept over a restart
// GET /                  the page that shows the payments (?json: for programs)
// POST /sandbox/behave   {"account": "6222…" or "", "mode": …, "times": n, "text": "…"}
//   modes: silent_paid, silent_lost, error_paid, garbage_paid, reset_paid, reset_lost, not_created, refuse, fail, pending, ok
// POST /sandbox/chances  {"silent": 0.2, "error_paid": 0.1, "returned": 0.05, "seed": 1}: of payments that nothing else is said of
// POST /sandbox/receive  {"fen": 20000, "account": "6222…", "name": "…", "bank": "…", "remark": "…", "day": "20261121", "time": "093000"}:
//   somebody pays; "debit": true: we have paid; "quietly": true: the page and the balance do not say so yet
// POST /sandbox/edit     {"tran_no": "…", "remark": "…"}: the bank writes a movement differently from now on
// POST /sandbox/reading  {"mode": …, "times": n}: of the questions for movements and balance
//   modes: silent, reset, garbage, error, limit, short (fewer than a page has), repeat (the page before), drop (one less on each
//   page but the first), foreign (of another day), stale_balance; ok
// POST /sandbox/return   {"client_id": "XQ…"}: 退汇, the money comes back
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({ options: { port: { type: 'string' }, 'user-file': { type: 'string' }, account: { type: 'string' }, state: { type: 'string' } } });
const user = readFileSync(options['user-file'], 'utf8').trim();
const SHOWN = 200;
const OPENING_FEN = 100000000;
const PAGE_MAX = 20;

const payments = new Map(); // by clientID
const movements = []; // oldest first
let behaviours = [];
let chances = null;
let sequence = 0;
let readings = []; // how the next questions are answered
const questions = { DLTRNALL: 0, DLBALQRY: 0, pages: [] };
let refusedTwice = 0; // the same clientID again: a real bank may pay it again

// -- GBK ---------------------------------------------------------------------------------------------------------------

const encodings = new Map();
const decoder = new TextDecoder('gbk');
for (let high = 0x81; high <= 0xfe; high += 1) {
  for (let low = 0x40; low <= 0xfe; low += 1) {
    const character = low === 0x7f ? '' : decoder.decode(Buffer.from([high, low]));
    if (character.length === 1 && character !== '\ufffd' && !encodings.has(character)) encodings.set(character, [high, low]);
  }
}
const toGbk = (text) => Buffer.from([...text].flatMap((c) => (c.charCodeAt(0) < 0x80 ? [c.charCodeAt(0)] : (encodings.get(c) ?? [0x3f]))));

// -- XML, as simple as the bank's -----------------------------------------------------------------------------------------

const escape = (text) => String(text).replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);
const unescape = (text) => text.replace(/&(amp|lt|gt|quot);/g, (_, name) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name]);
const fields = (row) => Object.entries(row).map(([tag, value]) => `<${tag}>${escape(value)}</${tag}>`).join('');
const answer = (head, rows) => toGbk(`<?xml version="1.0" encoding="GBK"?>\n<stream>${fields(head)}${rows ? `<list name="userDataList">${rows.map((row) => `<row>${fields(row)}</row>`).join('')}</list>` : ''}</stream>`);
const said = (status, statusText) => answer({ status, statusText });

function parse(body) {
  const text = decoder.decode(body);
  if (!/^<\?xml version="1\.0" encoding="GBK"\?>\s*<stream>[\s\S]*<\/stream>\s*$/.test(text)) return null;
  return Object.fromEntries([...text.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, tag, value]) => [tag, unescape(value)]));
}

// -- the books -------------------------------------------------------------------------------------------------------------

const beijing = () => new Date(Date.now() + 8 * 3600e3).toISOString();
const fen = (yuan) => Math.round(Number(yuan) * 100);
const yuan = (amount) => (amount / 100).toFixed(2);
const balance = () => (movements.length ? movements[movements.length - 1].balance : OPENING_FEN);

// What it must know after a restart: a bank does not begin anew with us.
function keep(what) {
  if (options.state) appendFileSync(options.state, `${JSON.stringify(what)}\n`);
}
if (options.state && existsSync(options.state)) {
  for (const line of readFileSync(options.state, 'utf8').split('\n').filter(Boolean)) {
    const { movement, payment } = JSON.parse(line);
    if (movement) movements.push(movement);
    if (payment) payments.set(payment.client_id, payment);
  }
  sequence = movements.length;
}

function book(it, credit, returned) {
  sequence += 1;
  const now = beijing();
  const made = { day: it.day ?? now.slice(0, 10).replaceAll('-', ''), time: it.time ?? now.slice(11, 19).replaceAll(':', ''), tran_no: String(sequence).padStart(14, '0'), sum_tran_no: String(sequence).padStart(13, '0'), amount: it.amount, credit, returned, account: it.account, name: it.name, bank: it.bank, remark: it.remark, balance: balance() + (credit ? it.amount : -it.amount) };
  movements.push(made);
  keep({ movement: made });
  return made;
}

function pay(it) {
  if (it.state === 'paid') return;
  it.state = 'paid';
  it.paid_at = new Date().toISOString();
  book(it, false, false);
  keep({ payment: it });
}

function giveBack(it) {
  if (it?.state !== 'paid' || it.returned) return false;
  it.returned = true;
  book(it, true, true);
  return true;
}

// -- DLOUTTRN ---------------------------------------------------------------------------------------------------------------

const LIMITS = { userName: 30, clientID: 20, payAccountNo: 19, recAccountNo: 32, recAccountName: 122, recOpenBankName: 122, recOpenBankCode: 20, abstract: 102, memo: 60 };

function wrongPayment(it) {
  const long = Object.entries(LIMITS).find(([tag, limit]) => it[tag] === undefined || toGbk(it[tag]).length > limit);
  if (long) return `字段${long[0]}缺失或超长`;
  if (!/^[0-9A-Za-z]{1,20}$/.test(it.clientID)) return '客户流水号有误';
  if (it.payAccountNo !== options.account) return '付款账号不属于本企业';
  if (!['01', '03'].includes(it.payType) || it.preFlg !== '0') return '支付方式有误';
  if (it.recOpenBankCode === '' && it.recOpenBankName === '') return '收款行号和行名不能同时为空';
  if (!/^\d{1,13}\.\d\d$/.test(it.tranAmount) || fen(it.tranAmount) < 1) return '金额有误';
  return (it.citicbankFlag === '0') !== (it.payType === '01') ? '中信标识与支付方式不符' : null;
}

// mulberry32: the same campaign again for the same seed
function random() {
  chances.state = (chances.state + 0x6d2b79f5) | 0;
  let t = Math.imul(chances.state ^ (chances.state >>> 15), 1 | chances.state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

function byChance(it) {
  if (!chances) return 'ok';
  const at = random();
  it.will_return = random() < chances.returned;
  if (at < chances.silent) return ['silent_paid', 'silent_lost', 'reset_paid', 'silent_paid', 'reset_lost'][Math.floor(random() * 5)];
  if (at < chances.silent + chances.error_paid) return ['error_paid', 'garbage_paid'][Math.floor(random() * 2)];
  if (at < chances.silent + chances.error_paid + chances.refuse) return ['refuse', 'fail', 'pending'][Math.floor(random() * 3)];
  return 'ok';
}

function behaviourFor(it) {
  const found = behaviours.find((b) => b.account === '' || b.account === it.account);
  if (!found) return { mode: byChance(it) };
  found.times -= 1;
  behaviours = behaviours.filter((b) => b.times > 0);
  return found;
}

const PAID_ERRORS = [
  (res) => res.writeHead(500, { 'content-type': 'text/html' }).end('<html>Internal Server Error</html>'),
  (res) => res.end(said('CF09001', '通讯超时，请查询交易状态')),
  (res) => res.end(said('EEEEEEE', '交易未建立，请务必确认交易真实状态')),
  (res) => res.end(said('ET00231', '客户端接收应答失败')),
  (res) => res.end(said('UNKNOWN', '交易状态未知')),
];

const MODES = {
  ok: (it, res) => { pay(it); res.end(answer({ status: 'AAAAAAA', statusText: '交易成功', tranDate: beijing().slice(0, 10).replaceAll('-', ''), tranNo: String(sequence) })); },
  silent_paid: (it) => pay(it), // no answer, ever
  silent_lost: (it) => { it.state = 'lost'; },
  reset_paid: (it, res) => { pay(it); res.socket.resetAndDestroy(); },
  reset_lost: (it, res) => { it.state = 'lost'; res.socket.resetAndDestroy(); },
  garbage_paid: (it, res) => { pay(it); res.end(toGbk('<?xml version="1.0" encoding="GBK"?>\n<stream><status>AAAA')); },
  error_paid: (it, res) => { pay(it); PAID_ERRORS[sequence % PAID_ERRORS.length](res); },
  not_created: (it, res) => { it.state = 'lost'; res.end(said('EEEEEEE', '交易未建立，请务必确认交易真实状态')); },
  refuse: (it, res, text) => { it.state = 'refused'; res.end(said('ED20301', text ?? '收款账号不存在')); },
  fail: (it, res, text) => { it.state = 'failed'; it.text = text ?? '账号户名不符'; res.end(said('AAAAAAA', '交易已受理')); },
  pending: (it, res) => { it.state = 'pending'; it.looks = 2; res.end(said('AAAAAAE', '已提交银行，请稍后查询')); },
};

function outtrn(message, res) {
  const wrong = wrongPayment(message);
  if (wrong) return res.end(said('ED20001', wrong));
  if (payments.has(message.clientID)) {
    payments.get(message.clientID).sent += 1;
    refusedTwice += 1;
    return res.end(said('ED20002', '客户流水号重复'));
  }
  const it = { client_id: message.clientID, at: new Date().toISOString(), sent: 1, asked: 0, amount: fen(message.tranAmount), account: message.recAccountNo, name: message.recAccountName, bank: message.recOpenBankName || message.recOpenBankCode, bank_code: message.recOpenBankCode, remark: message.abstract, state: 'accepted', returned: false };
  payments.set(it.client_id, it);
  const { mode, text } = behaviourFor(it);
  it.mode = mode;
  return (MODES[mode] ?? MODES.ok)(it, res, text);
}

// -- the questions ------------------------------------------------------------------------------------------------------------

function cidstt(message, res) {
  const it = payments.get(message.clientID);
  if (!it || it.state === 'lost' || it.state === 'refused') return res.end(said('ED01006', '没有符合条件的记录'));
  it.asked += 1;
  if (it.state === 'pending' && (it.looks -= 1) <= 0) pay(it);
  const stt = { paid: '0', failed: '1', accepted: '2', pending: '2' }[it.state];
  return res.end(answer({ status: 'AAAAAAA', statusText: '交易成功' }, [{ stt, status: stt === '0' ? 'AAAAAAA' : stt === '1' ? 'ED20305' : 'CCCCCCC', statusText: it.state === 'failed' ? it.text : stt === '0' ? '交易成功' : '处理中' }]));
}

const row = (it) => ({ tranDate: it.day, tranTime: it.time, tranNo: it.tran_no, sumTranNo: it.sum_tran_no, tranAmount: yuan(it.amount), creditDebitFlag: it.credit ? 'C' : 'D', oppAccountNo: it.account, oppAccountName: it.name, oppOpenBankName: it.bank, abstract: it.remark, cashTransferFlag: '1', balance: yuan(it.balance), valueDate: it.day, hostTranCode: 'X', e3rtDate: it.returned ? it.day : '', e3rtFlag: it.returned ? '0' : '1', rfTranDt: '', rfTranNo: '', oriNum: `SN${it.tran_no}` });
const listed = (res, found) => res.end(found.length === 0 ? said('ED01006', '没有符合条件的记录') : answer({ status: 'AAAAAAA', statusText: '交易成功', totalRecords: String(movements.length) }, found.map(row)));

const READINGS = {
  silent: () => {},
  reset: (res) => res.socket.resetAndDestroy(),
  garbage: (res) => res.end(toGbk('<?xml version="1.0" encoding="GBK"?>\n<stream><status>AAAA')),
  error: (res) => res.end(said('ED09999', '系统忙，请稍后再试')),
  limit: (res) => res.end(said('ED09001', '超过每小时查询次数限制')),
  short: (res, all, first, size) => listed(res, all.slice(first, first + Math.max(1, size >> 1))),
  repeat: (res, all, first, size) => listed(res, all.slice(Math.max(0, first - size), Math.max(0, first - size) + size)),
  drop: (res, all, first, size) => listed(res, all.slice(first + (first > 0 ? 1 : 0), first + size)),
  foreign: (res, all, first, size) => listed(res, all.slice(first, first + size).map((it) => ({ ...it, day: '20200101' }))),
};

// How this question is answered; '' when it is answered as it should be.
function readingFor(action) {
  const next = readings.find((it) => (it.mode === 'stale_balance') === (action === 'DLBALQRY') || ['silent', 'reset', 'garbage', 'error', 'limit'].includes(it.mode));
  if (!next || (next.after ?? 0) > 0) {
    if (next) next.after -= 1;
    return '';
  }
  next.times -= 1;
  readings = readings.filter((it) => it.times > 0);
  return next.mode;
}

function trnall(message, res) {
  const size = Number(message.pageNumber);
  const first = Number(message.startRecord);
  if (message.accountNo !== options.account || !(size >= 1 && size <= PAGE_MAX) || !(first >= 1) || !/^\d{8}$/.test(message.startDate) || !/^\d{8}$/.test(message.endDate)) return res.end(said('ED20001', '查询条件有误'));
  questions.DLTRNALL += 1;
  questions.pages = [...questions.pages, first].slice(-5000);
  const all = movements.filter((it) => it.day >= message.startDate && it.day <= message.endDate);
  const mode = readingFor('DLTRNALL');
  return mode ? READINGS[mode](res, all, first - 1, size) : listed(res, all.slice(first - 1, first - 1 + size));
}

function balqry(message, res) {
  questions.DLBALQRY += 1;
  const mode = readingFor('DLBALQRY');
  if (mode && mode !== 'stale_balance') return READINGS[mode](res, [], 0, 0);
  const now = yuan(balance() + (mode ? 1 : 0));
  return res.end(answer({ status: 'AAAAAAA', statusText: '交易成功' }, [{ status: message.accountNo === options.account ? 'AAAAAAA' : 'ED20010', accountNo: message.accountNo, accountName: '演示', currencyID: '01', balance: now, usableBalance: now, forzenAmt: '0.00' }]));
}

// -- the page -----------------------------------------------------------------------------------------------------------------

const html = (text) => String(text).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);

function page() {
  const rows = [...payments.values()].filter((it) => it.state === 'paid').slice(-SHOWN).reverse().map((it) => `<tr><td>${html(it.paid_at)}</td><td>${html(it.name)}</td><td>${html(it.account)}</td><td>${yuan(it.amount)}</td><td><b>${html(it.remark)}</b></td><td>${it.returned ? '已退汇 returned' : '已入账 arrived'}</td></tr>`).join('\n');
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>银行沙箱 bank sandbox</title>
<style>body{font:16px sans-serif;margin:2em;max-width:70em}p.label{background:#fff3cd;border:2px solid #b58900;padding:.8em}td,th{border-bottom:1px solid #ccc;padding:.4em .8em;text-align:left}</style>
<h1>银行沙箱：各单位账户收到的款项</h1><p class="label">演示用的替身，不是真实的银行：没有动用任何资金。 A sandbox: no money moves.</p>
<table><tr><th>时间 time</th><th>户名 name</th><th>账号 account</th><th>金额 yuan</th><th>附言 remark</th><th></th></tr>
${rows || '<tr><td colspan="6">还没有款项 nothing yet</td></tr>'}</table></html>`;
}

const ACTIONS = { DLOUTTRN: outtrn, DLCIDSTT: cidstt, DLTRNALL: trnall, DLBALQRY: balqry };

function bank(body, res) {
  const message = parse(body);
  res.setHeader('content-type', 'text/xml;charset=GBK');
  if (!message) return res.end(said('ED10001', '报文格式错误'));
  if (message.userName !== user) return res.end(said('ED20003', '用户未登录'));
  return (ACTIONS[message.action] ?? (() => res.end(said('ED20004', '交易代码不存在'))))(message, res);
}

function control(path, body, res) {
  const asked = JSON.parse(body.toString('utf8'));
  let told = {};
  if (path === '/sandbox/behave') behaviours = asked.mode === 'ok' ? [] : [...behaviours, { account: '', times: 1, ...asked }];
  else if (path === '/sandbox/chances') chances = asked.seed === undefined ? null : { silent: 0, error_paid: 0, returned: 0, refuse: 0, ...asked, state: asked.seed };
  else if (path === '/sandbox/return') told = { returned: asked.all ? [...payments.values()].filter((it) => it.will_return && giveBack(it)).map((it) => it.client_id) : [asked.client_id].filter((id) => giveBack(payments.get(id))) };
  else if (path === '/sandbox/receive') told = [asked].flat().map((it) => book({ account: '', name: '', bank: '', remark: '', ...it, amount: it.fen }, !it.debit, it.returned ?? false));
  else if (path === '/sandbox/edit') told = Object.assign(movements.find((it) => it.tran_no === asked.tran_no), asked);
  else if (path === '/sandbox/reading') readings = asked.mode === 'ok' ? [] : [...readings, { times: 1, ...asked }];
  else return res.writeHead(404).end();
  return res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told));
}

createServer((req, res) => {
  const parts = [];
  req.on('data', (part) => parts.push(part));
  req.on('end', () => {
    const url = new URL(req.url, 'http://sandbox');
    const body = Buffer.concat(parts);
    try {
      if (req.method === 'GET' && url.pathname === '/') {
        const json = url.searchParams.has('json');
        res.writeHead(200, { 'content-type': json ? 'application/json' : 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(json ? JSON.stringify({ payments: [...payments.values()], movements: movements.length, balance: balance(), refused_twice: refusedTwice, questions }) : page());
      } else if (req.method === 'POST' && url.pathname.startsWith('/sandbox/')) control(url.pathname, body, res);
      else if (req.method === 'POST' && url.pathname === '/') bank(body, res);
      else res.writeHead(404).end();
    } catch {
      if (!res.headersSent) res.writeHead(400).end();
    }
  });
}).listen(Number(options.port), '127.0.0.1', () => console.log(`citic sandbox on 127.0.0.1:${options.port}`));
