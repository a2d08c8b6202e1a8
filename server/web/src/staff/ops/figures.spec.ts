// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { age, count, duration, find, isOld, worst, type Figure } from './figures';

const figure = (area: string, name: string, what: string, level: Figure['level']): Figure => ({ area, name, figure: what, value: 1, at: null, level, detail: null });

describe('figures', () => {
  it('are as bad as the worst of them', () => {
    const all = [figure('rail', 'a', 'breaker', 'good'), figure('rail', 'b', 'breaker', 'watch'), figure('rail', 'c', 'breaker', 'stale')];
    expect(worst(all)).toBe('stale');
    expect(worst([...all, figure('rail', 'd', 'breaker', 'bad')])).toBe('bad');
    expect(worst([figure('web', '', 'requests', null)])).toBe('good');
  });
  it('are found by area, name and figure', () => {
    expect(find([figure('outbox', 'refund', 'dead', 'bad')], 'outbox', 'dead', 'refund')?.level).toBe('bad');
    expect(find([], 'outbox', 'dead', 'refund')).toBeUndefined();
  });
  it('are old after twice their period', () => {
    expect(isOld(0, 15, 30_000)).toBe(false);
    expect(isOld(0, 15, 30_001)).toBe(true);
  });
  it('are written short', () => {
    expect([age(5), age(600), age(7200), age(200000)]).toEqual(['5 秒', '10 分钟', '2.0 小时', '2 天']);
    expect([duration(500), duration(2500), duration(2_500_000)]).toEqual(['500 µs', '2.5 ms', '2.5 s']);
    expect(count(1234567)).toBe('1,234,567');
  });
});
