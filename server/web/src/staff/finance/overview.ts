// SPDX-License-Identifier: Apache-2.0
// Figures put together for the charts.
import type { Figure } from './types';

export const ageBuckets = ['0', '1', '3', '7', '30'] as const;

export const sumOf = (rows: Figure[], name: 'count' | 'good' | 'amount_fen') => rows.reduce((sum, row) => sum + row[name], 0);

export function by(rows: Figure[], key: (row: Figure) => string): Map<string, Figure[]> {
  const found = new Map<string, Figure[]>();
  for (const row of rows) found.set(key(row), [...(found.get(key(row)) ?? []), row]);
  return found;
}

const most = 1100; // of buckets: as many days as may be asked for

// Every day or month between two days, also those of which there is nothing.
export function bucketsBetween(from: string, to: string, unit: string): { name: string; label: string }[] {
  const names: string[] = [];
  const end = Date.parse(to);
  for (let at = Date.parse(from); at <= end && names.length < most; at += 86_400_000) {
    const name = new Date(at).toISOString().slice(0, unit === 'month' ? 7 : 10);
    if (names[names.length - 1] !== name) names.push(name);
  }
  return names.map((name) => ({ name, label: unit === 'month' ? name : name.slice(5) }));
}
