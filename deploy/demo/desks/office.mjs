// SPDX-License-Identifier: Apache-2.0
// What colleagues do at the desks: review, give back, put on hold, approve and refuse refunds, explain differences.
import { demo } from '../../../tests/support/installation.mjs';
import * as wire from '../../../tests/support/wire.mjs';
import { yuan } from '../../../tests/support/bills.mjs';
import { expect } from './applicant.mjs';
import { colleague } from './people.mjs';

const call = (token, method, path, body) => wire.call(demo.base_url, method, path, { token, ...(body ? { body } : {}) });

export class Office {
  static async open() {
    const it = new Office();
    const all = await Promise.all([colleague('colleague-review', '审核员 孙丽', 'reviewer'), colleague('colleague-review-2', '审核员 冯刚', 'reviewer'),
      colleague('colleague-finance', '财务 钱进', 'finance'), colleague('colleague-finance-2', '财务 朱琳', 'finance')]);
    return Object.assign(it, { reviewers: all.slice(0, 2), finance: all.slice(2) });
  }

  async #decide({ renewal, recipe, isSecond }, rest, body) {
    const token = this.reviewers[(recipe.n + (isSecond ? 1 : 0)) % 2], path = `/api/v1/review/cases/${renewal.renewal_no}`;
    expect(await call(token, 'POST', `${path}/claim`, {}), 200);
    const seen = expect(await call(token, 'GET', path), 200);
    return rest === null ? seen : expect(await call(token, 'POST', `${path}${rest}`, body(seen)), 200);
  }

  claim(it) { return this.#decide(it, null); }
  approve(it) { return this.#decide(it, '/approval', ({ content_sha256 }) => ({ content_sha256 })); }
  reject(it, reason_code, reason_text) { return this.#decide(it, '/rejection', () => ({ reason_code, reason_text })); }
  hold(it, days, reason) { return this.#decide(it, '/hold', () => ({ until: `${new Date(Date.now() + days * 86400e3 + 8 * 3600e3).toISOString().slice(0, 19)}+08:00`, reason })); }
  giveBack(it, fields, materials = []) {
    return this.#decide(it, '/return', ({ content_sha256 }) => ({
      content_sha256,
      fields: fields.map(([name, reason_text]) => ({ name, reason_code: 'wrong', reason_text })),
      materials: materials.map(([kind, reason_text]) => ({ kind, reason_code: 'not_signed', reason_text })),
    }));
  }

  // The refund that the order's page shows last.
  async refundOf(it) { return expect(await it.call('GET', '/order'), 200).refunds.at(-1); }
  async approveRefund(no) { expect(await call(this.finance[0], 'POST', `/api/v1/finance/refunds/${no}/approval`, {}), 200); }
  async refuseRefund(no, reason) { expect(await call(this.finance[1], 'POST', `/api/v1/finance/refunds/${no}/refusal`, { reason }), 200); }
  async askRefund(it, amount_fen, reason) {
    expect(await call(this.finance[1], 'POST', `/api/v1/finance/orders/${it.renewal.order_no}/refunds`, { amount_fen, reason, request_no: `desk-${it.recipe.id}` }), 200, 201, 202);
  }

  async ask(kind, values) { expect(await call(this.finance[0], 'POST', '/api/v1/finance/requests', { kind, ...values }), 200, 202); }
  async lines(query) { return expect(await call(this.finance[0], 'GET', `/api/v1/finance/lines?${query}`), 200); }

  async invoicesDue() { return expect(await call(this.finance[0], 'GET', '/api/v1/finance/invoices?size=200'), 200).invoices; }
  async noteInvoice(order_no, body) { expect(await call(this.finance[0], 'PUT', `/api/v1/finance/orders/${order_no}/invoice`, body), 200); }

  // As CITIC's net bank exports it, the balances leading on (config/banks/citic.yaml).
  async importStatement(account, lines) {
    let balance = 500000;
    const rows = lines.map((it, i) => [it.day, '10:20:00', it.account, it.name, '', '', yuan(it.fen), yuan(balance += it.fen), '转账', '', '', `D${it.day.replaceAll('-', '')}${i}`, it.remark, '人民币', ''].join(','));
    const file = `账户明细\n交易日期,交易时间,对方账号,对方账户名称,对方账号开户网点名称,借方发生额,贷方发生额,账户余额,摘要,退汇标识,退汇日期,柜员交易号,附言,币种,交易账号\n${rows.join('\n')}\n合计,,,\n`;
    expect(await wire.call(demo.base_url, 'POST', `/api/v1/finance/statements?account=${account}&file_name=citic.csv`, { token: this.finance[0], body: Buffer.from(file), type: 'text/csv' }), 200, 201);
  }

  // The bill of the day on which this was paid has it otherwise than our books: not at all, with another amount, or
  // with a refund that we know nothing of.
  async oddBill({ recipe, trade, paid, form }) {
    const fen = Math.round(Number(trade.total_amount) * 100), row = { kind: 'payment', id: trade.trade_no, attempt: form.attempt_no, fen, fee: fen * 6, at: paid.at };
    const odd = {
      billShort: { drop: [row.id], rows: [{ ...row, id: `${row.id.slice(0, -4)}0000`, attempt: `9${row.attempt.slice(1)}` }] },
      billAmount: { drop: [row.id], rows: [{ ...row, fen: fen - 100 }] },
      billState: { rows: [{ kind: 'refund', id: '', original: row.id, attempt: row.attempt, refundNo: `CONSOLE${row.id.slice(-8)}`, fen: 5000, fee: 0, at: paid.at }] },
    }[recipe.state];
    await this.#bill('alipay', paid.day, odd);
  }

  async #bill(rail, day, wish) {
    expect(await wire.call(demo[rail].url, 'POST', '/sandbox/control', { body: { bill: { day, ...wish } } }), 200);
    expect(await call(this.finance[0], 'POST', `/api/v1/finance/reconciliation/${day}/${rail}/run`, {}), 200, 202);
  }

  // A day's bill at a gateway holds money that is not in our books: the difference is for somebody to explain.
  strangeBill(rail, day, rows) { return this.#bill(rail, day, { rows }); }
  async differences() { return expect(await call(this.finance[0], 'GET', '/api/v1/finance/differences'), 200).differences; }
  async explain(id, reason) { expect(await call(this.finance[1], 'POST', `/api/v1/finance/differences/${id}/resolution`, { reason }), 200); }
  async assign(id, version, owner) { expect(await call(this.finance[0], 'POST', `/api/v1/finance/differences/${id}/assignment`, { owner, version }), 200); }
}
