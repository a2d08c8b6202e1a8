// SPDX-License-Identifier: Apache-2.0
// The walk through the books. It remembers nothing of the database: before each operation on money it reads the facts
// (model.subject, and lists of what there is), says from the rules of docs/ledger.md which outcome and which postings,
// leg by leg, must come of it, and compares. What it does remember is the world outside, as the banks and the gateways
// have it: what came in, what went out. Both must agree in the end, and no invariant may break on the way.
import { differs, Fault, reported, unlike } from './fault.mjs';
import { hex, MOVES, UNKNOWN_NO } from './reference.mjs';
import { OPERATIONS, OPENING } from './books_operations.mjs';

export const OURS = ['7443900182600096874', '4000020309200123456'];
export const FINANCE = ['fay', 'fin', 'flo'];
const PEOPLE = { ann: 'reviewer', bob: 'reviewer', fay: 'finance', fin: 'finance', flo: 'finance', rex: 'auditor' };
const DAY_MS = 86400000;

export class Books {
  bank = new Map(OURS.map((account) => [account, []])); // lines as the bank has them
  uploads = [];
  captured = new Map(); // gateway:txn -> {gateway, txn, attempt, fen, day}
  clearing = new Map(); // gateway -> fen that it still owes us
  given = new Map(); // refund_no -> what has become of it at the gateway: done, failed, absent
  paidBack = new Map(); // payment -> fen that really went back
  #count = 0;
  #last = [0, 0];

  constructor(connection) { this.connection = connection; }

  fresh(kind) { return `${kind} ${++this.#count}`; }
  rows(sql, values) { return this.connection.rows(sql, values); }
  async subject(no) { return JSON.parse((await this.rows('select model.subject($1) as facts', [no]))[0].facts ?? 'null'); }
  clears(gateway, fen) { this.clearing.set(gateway, (this.clearing.get(gateway) ?? 0) + fen); }

  async begin() {
    this.today = (await this.rows('select xuqi.beijing(now())::date::text as day'))[0].day;
    for (const [name, role] of Object.entries(PEOPLE)) {
      await this.rows(`select * from xuqi.staff_add($1, $1, 'argon2id', '\\x00', $2)`, [name, `{${role}}`]);
      await this.rows(`select * from xuqi.staff_session_open((select id from xuqi.staff where name = $1), $1, '127.0.0.1', true, 1, $2, 9000, 36000, 5, 900)`,
        [name, hex(`token ${name}`)]);
    }
    await this.rows(`select * from xuqi.collecting_account_publish('{中信银行,中国工商银行}', $1, '{广东CA,深圳CA}')`, [`{${OURS}}`]);
    await this.rows(`select * from xuqi.issuer_lease_take('issuer', 36000)`);
    return this;
  }

  // Days before today, as a date and as the number of days that procedures take.
  date(before) { return new Date(Date.parse(this.today) - before * DAY_MS).toISOString().slice(0, 10); }
  static dayNumber(date) { return Date.parse(date) / DAY_MS; }

  // A renewal to try something on, with its facts: mostly one in these states, now and then any, or none that exists.
  async renewal(pick, where = 'true', values = []) {
    if (pick.chance(2)) return { no: UNKNOWN_NO, unknown: true, attempts: [], refunds: [] };
    const wanted = await this.rows(`select r.renewal_no as no, ${where} as fits from xuqi.renewal as r join xuqi."order" as o on o.order_no = r.order_no order by 1`, values);
    const chosen = pick.mostly(88, wanted.filter((row) => row.fits === 't'), wanted);
    return chosen ? this.subject(chosen.no) : null;
  }

  // Who asks: mostly one of finance, not this one if somebody else is wanted.
  finance(pick, other = null) {
    const kind = pick.below(100);
    if (kind < 2) return { name: 'nobody', token: hex('guess'), fault: 'unauthenticated' };
    if (kind < 4) return { name: 'ann', token: hex('token ann'), fault: 'forbidden' };
    const name = pick.mostly(85, FINANCE.filter((each) => each !== other), FINANCE);
    return { name, token: hex(`token ${name}`), fault: null };
  }

  // A row of the outbox taken, whenever it is due: its id and token, now and then a token of before.
  async lease(pick, topic, event) {
    const [row] = await this.rows(`update xuqi.outbox set state = 'leased', lease_until = now() + interval '1 hour', lease_token = lease_token + 1,
        attempts = least(attempts + 1, max_attempts) where topic = $1 and event = $2 and state <> 'dead' returning id, lease_token`, [topic, event]);
    if (!row) return { id: 0, token: 0, stale: true };
    return pick.chance(8) ? { id: row.id, token: row.lease_token - 1, stale: true } : { id: row.id, token: row.lease_token, stale: false };
  }

  async news(no) {
    const [news] = await this.rows('select * from model.news($1, $2, $3)', [...this.#last, no ?? '']);
    this.#last = [news.last, news.last_match];
    return { postings: news.postings, matches: JSON.parse(news.matches), faults: news.faults };
  }
}

// What a matched line makes of the books: the money is the payer's, and an order that is full is paid from it.
export const matched = (match) => `match unmatched_receipts:${match.account}>payer_credit:${match.payer}=${match.fen}`;
export const creditUsed = (facts) => `credit_use payer_credit:${facts.payer}>receivable:${facts.order_no}=${facts.amount}`;

async function step(books, operation, pick, seen) {
  const op = await operation(books, pick);
  if (!op) return null;
  if (op.raw) books.rows('set session_replication_role = replica'); // time passes without the triggers
  const answer = books.connection.query(op.sql, op.values);
  if (op.raw) books.rows('set session_replication_role = origin');
  const told = books.news(op.renewal?.no);
  const { rows, error } = await answer;
  const got = error ? `!${error.state}` : op.outcome(rows);
  if (![op.expect].flat().includes(got)) throw unlike(op, got, error);
  seen.set(`${op.procedure} ${got}`, (seen.get(`${op.procedure} ${got}`) ?? 0) + 1);
  const news = await told;
  if (news.faults) throw new Fault(`after ${reported(op)} ${got}: ${news.faults}`);
  if (op.posts !== null && !error) {
    const wanted = [...op.posts(got, rows[0], news)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).join('; ');
    differs(`what ${reported(op)} ${got} has posted`, news.postings, wanted);
  }
  if (error) return op;
  const wrong = await op.wrong(rows[0], rows, got, news);
  if (wrong) throw new Fault(`${reported(op)}: ${got}, but ${wrong}`);
  await op.learns(rows[0], rows, got);
  return op;
}

// What the banks and the gateways have is what the books say they have.
async function whole(books) {
  const clearing = await books.rows(`select a.owner_key as gateway, -model.held(a.id) as fen from xuqi.account as a where a.kind = 'gateway_clearing'`);
  for (const { gateway, fen } of clearing) differs(`what ${gateway} owes us`, Number(fen), books.clearing.get(gateway) ?? 0);
  const lines = await books.rows(`select c.account_no as account, coalesce(sum(l.amount_fen), 0) as fen from xuqi.collecting_account as c
      left join xuqi.statement_line as l on l.collecting_account_id = c.id and l.direction = 'credit' group by 1`);
  for (const { account, fen } of lines)
    differs(`what came in at ${account}`, Number(fen), books.bank.get(account).filter((line) => line.imported && line.fen > 0).reduce((sum, line) => sum + line.fen, 0));
  const refunds = await books.rows(`select refund_no as no, state, payment_id as payment, paid_fen as paid from xuqi.refund where payment_id is not null`);
  for (const refund of refunds) {
    if (refund.state === 'done' && books.given.get(refund.no) !== 'done') throw new Fault(`refund ${refund.no} is done here and not at the gateway`);
    if (refund.state === 'failed' && books.given.get(refund.no) === 'done') throw new Fault(`refund ${refund.no} has failed here and not at the gateway`);
    if ((books.paidBack.get(refund.payment) ?? 0) > Number(refund.paid)) throw new Fault(`payment ${refund.payment} went back more than once`);
  }
}

export const BOOKS = {
  operations: OPERATIONS, opening: OPENING, moves: MOVES, begin: (connection) => new Books(connection).begin(), step, whole,
};
