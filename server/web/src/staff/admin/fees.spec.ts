// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { compare, dayInForce, linesIn } from './fees';

const item = (effective_on: string, months: number, name: string, unit_fen: number) => ({ effective_on, begun: true, months, name, unit_fen, quantity: 1 });
const prices = { version: 2, items: [item('2026-01-01', 12, '服务费', 20000), item('2026-07-01', 12, '服务费', 21000), item('2026-07-01', 24, '服务费', 40000)] };

describe('fee tables', () => {
  it('hold from their day until the next one', () => {
    expect(dayInForce(prices, '2026-06-30')).toBe('2026-01-01');
    expect(dayInForce(prices, '2026-07-01')).toBe('2026-07-01');
    expect(linesIn(prices, '2026-08-01')).toHaveLength(2);
  });
  it('are compared with nothing where there are none', () => {
    expect(linesIn({ version: 0, items: [] }, '2026-01-01')).toEqual([]);
  });
  it('differ line by line within each term', () => {
    const was = linesIn(prices, '2026-07-01');
    const becomes = [{ ...was[0], unit_fen: 22000 }, { months: 12, name: '介质', unit_fen: 5000, quantity: 1 }];
    expect(compare(was, becomes).map(({ months, kind }) => `${months} ${kind}`)).toEqual(['12 changed', '12 added', '24 removed']);
    expect(compare(was, was).every(({ kind }) => kind === 'same')).toBe(true);
  });
});
