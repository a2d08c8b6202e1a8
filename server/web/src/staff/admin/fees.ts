// SPDX-License-Identifier: Apache-2.0
// Fee tables: which is in force on a day, and what changes between two.
import type { PriceItem, Prices } from './types';

export type Line = { months: number; name: string; unit_fen: number; quantity: number };
export type LineChange = { months: number; kind: 'added' | 'removed' | 'changed' | 'same'; was: Line | null; becomes: Line | null };

export const daysOf = (prices: Prices): string[] => [...new Set(prices.items.map((it) => it.effective_on))].sort();
export const tableOf = (prices: Prices, day: string): PriceItem[] => prices.items.filter((it) => it.effective_on === day);

// The day of the table that holds on this one; the first of all where none does yet.
export function dayInForce(prices: Prices, day: string): string | undefined {
  const days = daysOf(prices);
  return days.filter((it) => it <= day).pop() ?? days[0];
}

export const linesIn = (prices: Prices, day: string): Line[] => {
  const at = dayInForce(prices, day);
  return at === undefined ? [] : tableOf(prices, at).map(({ months, name, unit_fen, quantity }) => ({ months, name, unit_fen, quantity }));
};

export const sameLine = (one: Line, other: Line) => one.name === other.name && one.unit_fen === other.unit_fen && one.quantity === other.quantity;

// Line by line within each term, as the server compares them.
export function compare(was: Line[], becomes: Line[]): LineChange[] {
  const terms = [...new Set([...was, ...becomes].map((it) => it.months))].sort((one, other) => one - other);
  return terms.flatMap((months) => {
    const [old, fresh] = [was, becomes].map((lines) => lines.filter((it) => it.months === months));
    return Array.from({ length: Math.max(old.length, fresh.length) }, (_, place): LineChange => {
      const [before, after] = [old[place] ?? null, fresh[place] ?? null];
      const kind = before === null ? 'added' : after === null ? 'removed' : sameLine(before, after) ? 'same' : 'changed';
      return { months, kind, was: before, becomes: after };
    });
  });
}

export const amountOf = (line: { unit_fen: number; quantity: number } | null) => (line ? line.unit_fen * line.quantity : 0);

// A day in Beijing, so many days from today.
export const dayAhead = (days: number) => new Date(Date.now() + 8 * 3600_000 + days * 86_400_000).toISOString().slice(0, 10);
