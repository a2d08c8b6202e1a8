// SPDX-License-Identifier: Apache-2.0
// Invoices at the finance desk: what the pages say, and noting a number.
import type { components } from '@/shared/api/schema';
import { wordsOf } from '@/shared/i18n';
import { read, write } from '../session';

export type Invoice = components['schemas']['FinanceInvoices']['invoices'][number];
export type InvoiceRecord = components['schemas']['InvoiceRecords']['records'][number];
export interface Note { state: 'issued' | 'reversed'; number: string; corrects?: string; reason?: string }

const pathOf = (order_no: string) => `/api/v1/finance/orders/${encodeURIComponent(order_no)}/invoice`;
export const readRecords = async (order_no: string) => (await read<{ records: InvoiceRecord[] }>(pathOf(order_no))).records;
export const noteInvoice = (order_no: string, note: Note) => write('PUT', pathOf(order_no), note);

// What can be done of an order in this state: its next step, or a correction of the last one.
export type Step = 'issue' | 'reverse' | 'correct';
export const stepsOf = (state: Invoice['invoice_state']): Step[] =>
  ({ none: ['issue'], issued: ['correct', 'reverse'], reversed: ['issue', 'correct'] } as const)[state].slice();
export const noteOf = (step: Step, last: { state: Invoice['invoice_state']; number: string }, number: string, reason: string): Note => {
  if (step !== 'correct' || last.state === 'none') return { state: step === 'reverse' ? 'reversed' : 'issued', number };
  return { state: last.state, number, corrects: last.number, reason };
};

export const v = wordsOf({
  invoices: ['发票', 'Invoices'],
  help: ['发票在税务系统开具，这里登记号码。已开具的发票红冲之前，订单不能退款。', 'Invoices are made in the tax system; here their numbers are noted. An order’s price does not go back before its invoice is reversed.'],
  tab_due: ['待开具', 'To be issued'],
  tab_issued: ['已开具', 'Issued'],
  tab_reversed: ['已红冲', 'Reversed'],
  tab_all: ['全部已缴费', 'All paid'],
  find: ['订单编号、业务单号或发票号码', 'Number of order, application or invoice'],
  found: ['查找“{words}”', 'Found for “{words}”'],
  find_all: ['显示全部', 'Show all'],
  none_due: ['没有等待开具的发票。', 'No invoice waits to be issued.'],
  none_found: ['没有已缴费的订单用这个号码，改过的号码也查过了。', 'No paid order has this number, nor had it before a correction.'],
  order: ['订单', 'Order'],
  payer: ['付款单位', 'Payer'],
  amount: ['金额', 'Amount'],
  amount_paid: ['金额、缴费日', 'Amount, paid on'],
  made_out: ['开票信息', 'Made out to'],
  invoice: ['发票号码', 'Invoice'],
  number: ['发票号码', 'Invoice number'],
  number_of: ['订单 {order} 的发票号码', 'Invoice number of order {order}'],
  kind_none: ['无需发票', 'None wanted'],
  kind_: ['未填写', 'Not said'],
  kind_electronic: ['电子发票', 'Electronic'],
  kind_paper_fixed: ['普通定额发票', 'Fixed-amount paper'],
  state_none: ['未开具', 'Not issued'],
  state_issued: ['已开具', 'Issued'],
  state_reversed: ['已红冲', 'Reversed'],
  note: ['登记', 'Note'],
  noted: ['订单 {order}：已登记 {number}', 'Order {order}: {number} noted'],
  open: ['更正、红冲与历史', 'Correct, reverse, history'],
  title: ['订单 {order} 的发票', 'Invoice of order {order}'],
  history: ['历史', 'History'],
  history_none: ['还没有登记过号码。', 'No number has been noted.'],
  did_issued: ['开具', 'Issued'],
  did_reversed: ['红冲', 'Red letter'],
  did_corrected: ['更正，原为 {number}', 'Corrected, was {number}'],
  erased: ['原因已随资料清除', 'The reason was erased with the application'],
  by_nobody: ['不详', 'Not known'],
  step: ['要做什么', 'What to do'],
  step_issue: ['登记开具的发票', 'Note the invoice'],
  step_again: ['登记重新开具的发票', 'Note a new invoice'],
  step_reverse: ['登记红字发票', 'Note the red letter'],
  step_correct: ['更正号码 {number}', 'Correct the number {number}'],
  new_number: ['新号码', 'New number'],
  red_number: ['红字发票号码', 'Number of the red letter'],
  why: ['为什么更正', 'Why it is corrected'],
  length: ['数电发票的号码是 20 位数字，请再核对一次。', 'An electronic invoice’s number has 20 digits: look at it once more.'],
  close: ['关闭', 'Close'],
});

// Fully electronic invoices have twenty digits; the older kinds eight.
export const isUsualNumber = (number: string) => /^(\d{8}|\d{20})$/.test(number.trim()) || number.trim() === '';
