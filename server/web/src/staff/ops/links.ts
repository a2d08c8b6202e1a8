// SPDX-License-Identifier: Apache-2.0
// Where a figure's things are listed: the desk that has them, for who may go there. A figure that no list counts has none.
import { mayOpen } from '../desks';

const lists: Record<string, string> = {
  'review waiting': '/review', 'review second': '/review?tab=second', 'review held': '/review?tab=held', 'review returned': '/review?tab=returned',
  'review review_overdue': '/review?age=overdue', 'review review_samples_open': '/review?tab=sample',
  'requests admin': '/admin/requests', 'requests finance': '/finance/requests', 'requests refund': '/finance/refunds', 'requests reversal': '/finance/reversals',
  'refunds asked': '/finance/refunds',
  'bank payouts_open': '/finance/payouts', 'bank statement_changes_open': '/finance/changes', 'bank link_read': '/finance/statements',
  'payments unknown': '/finance/unknown', 'payments days': '/finance/reconciliation',
  'issuer halted': '/admin/issuance', 'audit trail': '/admin/audit', 'calendar calendar_days_left': '/admin/calendar',
};

function listOf(area: string, name: string): string | undefined {
  if (area === 'differences') return `/finance/differences?rail=${name.split(' ')[0]}`;
  return lists[`${area} ${name}`] ?? (area === 'refunds' ? '/finance/refunds?tab=open' : undefined);
}

export function linkOf(area: string, name: string): string | undefined {
  const list = listOf(area, name);
  return list !== undefined && mayOpen(list.split('?')[0]) ? list : undefined;
}
