// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { bucketsBetween, by, sumOf } from './overview';
import type { Figure } from './types';

describe('the overview', () => {
  it('days without anything have their place', () => expect(bucketsBetween('2026-02-27', '2026-03-01', 'day').map(({ label }) => label)).toEqual(['02-27', '02-28', '03-01']));
  it('a month comes once', () => expect(bucketsBetween('2026-01-31', '2026-03-01', 'month').map(({ name }) => name)).toEqual(['2026-01', '2026-02', '2026-03']));
  it('what belongs together is added up', () => {
    const row = (bucket: string, rail: string, amount_fen: number): Figure => ({ part: 'income', bucket, platform: 'p', rail, count: 1, good: 0, amount_fen });
    const found = by([row('a', 'x', 1), row('a', 'y', 2), row('a', 'x', 4)], ({ rail }) => rail);
    expect(sumOf(found.get('x')!, 'amount_fen')).toBe(5);
    expect(sumOf(found.get('x')!, 'count')).toBe(2);
  });
});
