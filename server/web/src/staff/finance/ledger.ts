// SPDX-License-Identifier: Apache-2.0
// Which days the ledger shows, as its address says it, and what its accounts are called.
import { shallowRef } from 'vue';
import { either } from '@/shared/i18n';
import { w } from '../words';
import { dayBefore } from './desk';
import type { LedgerBalance } from './types';

export interface Span { unit: string; at: string; to: string }
export const standardSpan = () => ({ unit: 'month', at: dayBefore(0).slice(0, 7), to: '' });

const lastDay = (month: string) => new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).toISOString().slice(0, 10);

// First and last day of what is chosen.
export function daysOf({ unit, at, to }: Span): { from: string; to: string } {
  if (unit === 'month') return { from: `${at.slice(0, 7)}-01`, to: lastDay(at.slice(0, 7)) };
  return unit === 'day' ? { from: at, to: at } : { from: at, to: to || at };
}

// Who posted: a rail by its name, a person by the account; other parts of the system as they are.
export const actorOf = (actor: string) => (actor.startsWith('gateway:') ? w.of('rail', actor.slice(8)) : actor.replace(/^staff:/, ''));

const day_ms = 86_400_000;
const dayText = (ms: number) => new Date(ms).toISOString().slice(0, 10);

// The same span as many periods later.
export function moved({ unit, at, to }: Span, by: number): Span {
  if (unit === 'month') {
    const months = Number(at.slice(0, 4)) * 12 + Number(at.slice(5, 7)) - 1 + by;
    return { unit, at: `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`, to };
  }
  const days = daysOf({ unit, at, to });
  const [from, last] = [Date.parse(days.from), Date.parse(days.to)];
  const step = (last - from + day_ms) * by;
  return { unit, at: dayText(from + step), to: unit === 'day' ? '' : dayText(last + step) };
}

// The span when its unit changes: a day of the month, the month of a day.
export function inUnit(span: Span, unit: string): Span {
  const { from, to } = daysOf(span);
  return { unit, at: unit === 'month' ? from.slice(0, 7) : from, to: unit === 'span' ? to : '' };
}

export const accountName = (it: Pick<LedgerBalance, 'name' | 'name_en'>) => either(it.name, it.name_en);

// The chart of accounts does not change while a page is open.
export const chart = shallowRef(new Map<string, string>());
export const keepChart = (rows: LedgerBalance[]) => { chart.value = new Map([...chart.value, ...rows.map((row) => [row.kind, accountName(row)] as const)]); };
export const kindName = (kind: string) => chart.value.get(kind) ?? kind;

// Whose account: a rail by its name, a payer's key, which says nothing to a person, by its beginning.
export const ownerName = (owner: string | null) =>
  (owner === null ? '' : /^[0-9a-f]{64}$/.test(owner) ? `${owner.slice(0, 12)}…` : w.of('rail', owner));
