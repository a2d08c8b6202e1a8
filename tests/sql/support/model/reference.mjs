// SPDX-License-Identifier: Apache-2.0
// The small reference: what the rules of docs/ledger.md and docs/security.md make of a sequence of operations, kept in
// plain objects. It knows nothing of tables; `glance` says of a renewal what model.glance says of its rows.
import { createHash } from 'node:crypto';

export const hex = (text) => `\\x${createHash('sha256').update(text).digest('hex')}`;
const ENDED = ['completed', 'rejected', 'cancelled', 'closed'];
export const isOpen = (renewal) => !ENDED.includes(renewal.status);
export const UNKNOWN_NO = '01000000000000000';
export const GATEWAYS = ['alipay', 'unionpay', 'wechat'];

// The life of a renewal, as the design has it. Each row: from, to.
export const MOVES = [
  'draft awaiting_payment', 'awaiting_payment awaiting_review', 'awaiting_review awaiting_install',
  'awaiting_review awaiting_account', 'awaiting_review returned', 'awaiting_review rejected', 'returned awaiting_review',
  'awaiting_account awaiting_install', 'awaiting_install awaiting_account', 'awaiting_install issued', 'issued completed', 'draft cancelled',
  'awaiting_payment cancelled', 'draft closed', 'awaiting_payment closed', 'awaiting_review cancelled',
  'returned cancelled', 'awaiting_account cancelled', 'awaiting_install cancelled',
];

export class World {
  certificates = []; // subscribers' old ones
  known = []; // in the register: {serial, revoked}
  renewals = [];
  nonces = [];
  staff = [];
  sessions = [];
  failures = []; // {kind, subject}
  booked = new Map(); // gateway:txn -> {gateway, txn, attempt, amount}
  notices = new Set();
  issuances = [];
  serials = [];
  outbox = [];
  done = [];
  crls = new Map();
  lease = { holder: '', live: false, fence: 0 };
  halted = false;
  credit = new Map(); // payer -> fen
  clearing = new Map(); // gateway -> fen
  revenue = 0;
  tax = 0;
  #count = 0;

  fresh(kind) { return `${kind} ${++this.#count}`; }

  // A renewal to try something on: mostly one in these states, now and then any, or none that exists.
  renewal(pick, ...states) {
    if (pick.chance(2)) return { no: UNKNOWN_NO, unknown: true, attempts: [], approvals: [], certificate: { fingerprint: hex('none') } };
    const wanted = this.renewals.filter((r) => states.includes(r.status));
    return pick.mostly(85, wanted, this.renewals);
  }

  move(renewal) {
    if (renewal.status === 'awaiting_payment') {
      renewal.status = 'awaiting_review';
      renewal.overdue = false;
      renewal.closing = false;
    }
    if (renewal.status === 'awaiting_review' && renewal.done >= renewal.reviews) {
      renewal.status = renewal.account === 'never' ? 'awaiting_install' : 'awaiting_account';
      renewal.claim = null;
    }
  }

  // time: which time it is, of what may come again.
  enqueue(renewal, event, time = '') {
    const key = () => `${renewal.no}:${event}${time ? ':' : ''}${time}`;
    this.outbox.push({ renewal, event, key, state: 'ready', attempts: 0, token: 0, due: true, held: false, id: null });
  }

  // What goes back by itself; no walk has a gateway to send it to.
  enqueueRefund(renewal) {
    const event = `${renewal.orderNo}R${String(++renewal.refunds).padStart(3, '0')}`;
    this.outbox.push({ topic: 'refund', renewal, event, key: () => `${renewal.no}:${event}`, state: 'ready', attempts: 0, token: 0, due: true, held: false, id: null });
  }

  give(map, key, fen) { map.set(key, (map.get(key) ?? 0) + fen); }

  live(renewal) { return this.issuances.find((i) => i.renewal === renewal && i.state !== 'abandoned'); }

  // Prices of what was ordered and neither earned nor given back.
  deferred() {
    return this.renewals.filter((r) => !['issued', 'completed', 'rejected', 'closed', 'cancelled'].includes(r.status))
      .reduce((sum, r) => sum + r.amount, 0);
  }

  receivable() { return this.renewals.filter((r) => r.order === 'unpaid').reduce((sum, r) => sum + r.amount, 0); }

  glance(r) {
    const list = (items) => items.sort().join(' ');
    return [
      r.status, r.order, r.spent, r.done,
      r.claim ? r.claim.by.name + (r.claim.live ? '+' : '-') : '',
      list(r.approvals.map((person) => person.name)),
      r.rejected ? `${r.rejected.by.name}:${r.rejected.code}` : '',
      list(r.attempts.map((a) => `${a.no.slice(-2)}:${a.gateway}:${a.state}`)),
      r.order === 'unpaid' ? r.amount : 0,
      r.refund ? `${r.refund}:due` : '',
      list(r.surplus.map((s) => `${s.txn}:${s.amount}:${s.reason}`)),
      list(this.issuances.filter((i) => i.renewal === r).map((i) => `${i.id}:${i.state}`)),
      this.issuances.filter((i) => i.renewal === r && i.state === 'signed').length,
      list(this.outbox.filter((row) => row.renewal === r).map((row) => `${row.event}:${row.state}:${row.attempts}`)),
      this.credit.get(r.payer) ?? 0,
      list([...r.materials].map(([key, page]) => `${key}:${page.round}`)), r.replaced,
      r.returned.length, r.corrections.length, r.who, r.reminders, r.remind ? 'reminded' : '',
    ].join(' | ');
  }

  totals() {
    const rows = { deferred_revenue: this.deferred(), receivable: this.receivable(), revenue: this.revenue, output_tax: this.tax };
    rows.payer_credit = [...this.credit.values()].reduce((sum, fen) => sum + fen, 0);
    rows.gateway_clearing = [...this.clearing.values()].reduce((sum, fen) => sum + fen, 0);
    rows.certificates = this.known.length;
    rows.notices = this.notices.size;
    rows.outbox_done = this.done.length;
    rows.intents = this.issuances.length;
    rows.abandoned = this.issuances.filter((i) => i.state === 'abandoned').length;
    rows.challenges = this.nonces.length;
    rows.sessions = this.sessions.length;
    rows.failures = this.failures.length;
    rows.crls = this.crls.size;
    return Object.entries(rows).map(([name, value]) => `${name}=${value}`).sort().join(' ');
  }
}
