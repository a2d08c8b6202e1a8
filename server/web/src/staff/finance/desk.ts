// SPDX-License-Identifier: Apache-2.0
// Asking at the finance desk: each request carries a key of its own, so that one sent twice is done once.
import { newKey, write } from '../session';
import type { FinanceAsked, FinanceAsking } from './types';

export { newKey };

export const askFinance = (asking: FinanceAsking) => write<FinanceAsked>('POST', '/api/v1/finance/requests', asking);

export const yesterday = () => dayBefore(1);
// A day in Beijing, so many days ago.
export function dayBefore(days: number): string {
  return new Date(Date.now() + 8 * 3600_000 - days * 86_400_000).toISOString().slice(0, 10);
}
