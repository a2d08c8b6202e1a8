// SPDX-License-Identifier: Apache-2.0
// What is chosen on the matching page: lines on one side, orders on the other, the rest between them.
import { computed, reactive } from 'vue';
import { sum } from './allocate';
import type { Candidate, FinanceLine, FinanceOrder } from './types';

// One row of the orders' side, whichever list it came from.
export interface OrderRow {
  order_no: string;
  renewal_no: string;
  platform: string;
  payer: string;
  amount_fen: number;
  owed_fen: number;
  score: number | null;
  reasons: string[];
}

export const freeOf = (line: FinanceLine) => (line.amount_fen ?? 0) - (line.taken_fen ?? 0);

const common = (row: Candidate | FinanceOrder) => ({
  order_no: row.order_no ?? '', renewal_no: row.renewal_no ?? '', platform: row.platform ?? '', payer: row.payer ?? '', amount_fen: row.amount_fen ?? 0,
});
export const rowOfCandidate = (row: Candidate): OrderRow => ({ ...common(row), owed_fen: row.owed_fen ?? 0, score: row.score, reasons: row.reasons });
export const rowOfOrder = (row: FinanceOrder): OrderRow =>
  ({ ...common(row), owed_fen: Math.max(0, (row.amount_fen ?? 0) - (row.received_fen ?? 0)), score: null, reasons: [] });

export function useChosen() {
  const lines = reactive(new Map<number, FinanceLine>());
  const orders = reactive(new Map<string, OrderRow>());
  const lines_fen = computed(() => sum([...lines.values()].map(freeOf)));
  const orders_fen = computed(() => sum([...orders.values()].map((row) => row.owed_fen)));

  const toggle = <Id, Row>(chosen: Map<Id, Row>, id: Id, row: Row) => { if (!chosen.delete(id)) chosen.set(id, row); };
  return {
    lines, orders, lines_fen, orders_fen,
    difference_fen: computed(() => lines_fen.value - orders_fen.value),
    toggleLine: (line: FinanceLine) => toggle(lines, line.line_id!, line),
    toggleOrder: (row: OrderRow) => toggle(orders, row.order_no, row),
    clear: () => { lines.clear(); orders.clear(); },
  };
}
export type Chosen = ReturnType<typeof useChosen>;

// Up and down among the boxes of one list.
export function moveBetweenBoxes(event: KeyboardEvent) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const boxes = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLInputElement>('input[type="checkbox"]')];
  const at = boxes.indexOf(document.activeElement as HTMLInputElement);
  boxes[Math.min(boxes.length - 1, Math.max(0, at + step))]?.focus();
  event.preventDefault();
}
