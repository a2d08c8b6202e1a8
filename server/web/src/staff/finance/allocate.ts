// SPDX-License-Identifier: Apache-2.0
// Which part of which line pays which order: in the order chosen, each line until it is used up, each order until it is paid.

export interface Free { id: number; free_fen: number }
export interface Owed { no: string; owed_fen: number }
export interface Share { line_id: number; order_no: string; amount_fen: number }
export type Rest = 'line' | 'credit'; // what becomes of money beyond the orders: stays on its line, or is the payer's credit

export function allocate(lines: Free[], orders: Owed[], rest: Rest): Share[] {
  const shares: Share[] = [];
  let at = 0;
  let owed = orders[0]?.owed_fen ?? 0;
  for (const line of lines) {
    let free = line.free_fen;
    while (free > 0 && at < orders.length) {
      const amount_fen = Math.min(free, owed);
      if (amount_fen > 0) shares.push({ line_id: line.id, order_no: orders[at].no, amount_fen });
      free -= amount_fen;
      owed -= amount_fen;
      if (owed === 0) {
        at += 1;
        owed = orders[at]?.owed_fen ?? 0;
      }
    }
    if (free > 0 && rest === 'credit' && orders.length > 0) addCredit(shares, line.id, orders[orders.length - 1].no, free);
  }
  return shares;
}

function addCredit(shares: Share[], line_id: number, order_no: string, amount_fen: number) {
  const same = shares.find((share) => share.line_id === line_id && share.order_no === order_no);
  if (same) same.amount_fen += amount_fen;
  else shares.push({ line_id, order_no, amount_fen });
}

export const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
