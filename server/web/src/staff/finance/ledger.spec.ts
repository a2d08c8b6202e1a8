// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { daysOf, inUnit, moved } from './ledger';

describe('the days that the ledger shows', () => {
  it('a month goes from its first to its last day', () => {
    expect(daysOf({ unit: 'month', at: '2026-02', to: '' })).toEqual({ from: '2026-02-01', to: '2026-02-28' });
    expect(daysOf({ unit: 'month', at: '2028-02', to: '' })).toEqual({ from: '2028-02-01', to: '2028-02-29' });
  });
  it('the month before January is last year’s December', () => {
    expect(moved({ unit: 'month', at: '2026-01', to: '' }, -1).at).toBe('2025-12');
    expect(moved({ unit: 'month', at: '2025-12', to: '' }, 1).at).toBe('2026-01');
  });
  it('days of one’s own move by as many as there are', () => {
    expect(moved({ unit: 'span', at: '2026-03-01', to: '2026-03-07' }, -1)).toEqual({ unit: 'span', at: '2026-02-22', to: '2026-02-28' });
  });
  it('a month as days is all of its days', () => {
    expect(inUnit({ unit: 'month', at: '2026-11', to: '' }, 'span')).toEqual({ unit: 'span', at: '2026-11-01', to: '2026-11-30' });
    expect(inUnit({ unit: 'span', at: '2026-11-05', to: '2026-12-01' }, 'month')).toEqual({ unit: 'month', at: '2026-11', to: '' });
  });
});
