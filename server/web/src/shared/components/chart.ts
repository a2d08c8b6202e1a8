// SPDX-License-Identifier: Apache-2.0
// What the charts have in common: what they show, and the steps of an axis.
export interface Series { name: string; label: string }
export interface Chart {
  buckets: { name: string; label: string }[];
  series: Series[];
  value: (bucket: string, series: string) => number | null; // null: nothing is known
}

export const plot = { left: 64, right: 8, top: 10, bottom: 26, height: 220 };

// Round steps from nothing to at least this much: 0, 2, 4, 6 of 10^n.
export function steps(most: number, count = 4): number[] {
  if (most <= 0) return [0, 1];
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 2.5, 5, 10].map((it) => it * power).find((it) => it >= rough)!);
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, index) => index * step);
}

// Which of so many labels have room.
export const labelled = (index: number, count: number, width: number) => index % Math.max(1, Math.ceil(count / Math.max(1, Math.floor(width / 64)))) === 0;
