// SPDX-License-Identifier: Apache-2.0
// The figures of operations, looked up by area, name and figure, and how they are written.
import type { components } from '@/shared/api/schema';
import { either } from '@/shared/i18n';

export type Figure = components['schemas']['OperationFigure'];
export type Operations = components['schemas']['Operations'];
export type Level = NonNullable<Figure['level']>;

export const worse: Record<string, number> = { bad: 3, stale: 2, watch: 1 };
export const toneOf = (level: string | null | undefined) => ({ good: 'good', watch: 'ask', stale: 'ask', bad: 'bad' })[level ?? ''] ?? '';
export const isTrouble = (figure: Figure) => figure.level !== null && figure.level in worse;
export const worst = (figures: Figure[]): string => figures.reduce((level, it) => ((worse[it.level ?? ''] ?? 0) > (worse[level] ?? 0) ? it.level! : level), 'good');

export const find = (figures: Figure[], area: string, figure: string, name = '') => figures.find((it) => it.area === area && it.figure === figure && it.name === name);
export const namesOf = (figures: Figure[], area: string, figure?: string) => [...new Set(figures.filter((it) => it.area === area && (figure === undefined || it.figure === figure)).map((it) => it.name))];

// "45 s", "12 min", "3.5 h", "2 d": as coarse as somebody looks at it.
export function age(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} ${either('秒', 's')}`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} ${either('分钟', 'min')}`;
  return seconds < 129600 ? `${(seconds / 3600).toFixed(1)} ${either('小时', 'h')}` : `${Math.round(seconds / 86400)} ${either('天', 'd')}`;
}
export const duration = (us: number) => (us < 1000 ? `${us} µs` : us < 1_000_000 ? `${us / 1000} ms` : `${us / 1_000_000} s`);
export const count = (value: number) => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

// Read so long ago that it does not say how it is now: older than twice its period.
export const isOld = (readAt: number, period_s: number, now: number) => now - readAt > 2 * period_s * 1000;
