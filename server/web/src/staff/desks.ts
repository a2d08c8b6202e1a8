// SPDX-License-Identifier: Apache-2.0
// What each role finds: the navigation, and where somebody begins.
import { w } from './words';
import { has, type Role } from './session';

const reviewers: Role[] = ['reviewer', 'senior_reviewer'];
const sampling: Role[] = [...reviewers, 'auditor'];
const finance: Role[] = ['finance'];
const looking: Role[] = ['finance', 'auditor'];
const administering: Role[] = ['administrator', 'auditor'];
const pricing: Role[] = ['administrator', 'auditor', 'finance'];
const operating: Role[] = ['senior_reviewer', 'finance', 'auditor', 'administrator'];

const desks = [
  { name: 'desk_review', pages: [{ to: '/review', name: 'nav_queue', roles: reviewers }, { to: '/samples', name: 'nav_samples', roles: sampling }] },
  {
    name: 'desk_finance',
    pages: [
      { to: '/finance/statements', name: 'nav_statements', roles: finance },
      { to: '/finance/matching', name: 'nav_matching', roles: finance },
      { to: '/finance/matches', name: 'nav_matches', roles: finance },
      { to: '/finance/requests', name: 'nav_requests', roles: finance },
      { to: '/finance/refunds', name: 'nav_refunds', roles: finance },
      { to: '/finance/invoices', name: 'nav_invoices', roles: finance },
      { to: '/finance/reconciliation', name: 'nav_reconciliation', roles: looking },
      { to: '/finance/differences', name: 'nav_differences', roles: looking },
      { to: '/finance/unknown', name: 'nav_unknown', roles: finance },
      { to: '/finance/changes', name: 'nav_changes', roles: finance },
      { to: '/finance/payouts', name: 'nav_payouts', roles: looking },
      { to: '/finance/ledger', name: 'nav_ledger', roles: looking },
      { to: '/finance/reversals', name: 'nav_reversals', roles: looking },
      { to: '/finance/overview', name: 'nav_overview', roles: looking },
    ],
  },
  {
    name: 'desk_admin',
    pages: [
      { to: '/admin/platforms', name: 'nav_platforms', roles: pricing },
      { to: '/admin/staff', name: 'nav_staff', roles: administering },
      { to: '/admin/requests', name: 'nav_admin_requests', roles: pricing },
      { to: '/admin/issuance', name: 'nav_issuance', roles: administering },
      { to: '/admin/calendar', name: 'nav_calendar', roles: administering },
      { to: '/admin/texts', name: 'nav_texts', roles: administering },
      { to: '/admin/audit', name: 'nav_audit', roles: administering },
    ],
  },
  { name: 'desk_operations', pages: [{ to: '/operations', name: 'nav_operations', roles: operating }] },
] as const;

export const deskPages = () =>
  desks
    .map(({ name, pages }) => ({ name: w(name), pages: pages.filter(({ roles }) => has(...roles)).map(({ to, name: page }) => ({ to, name: w(page) })) }))
    .filter(({ pages }) => pages.length > 0);

// Is there a page of the navigation at this address for who is logged in?
export const mayOpen = (to: string) => desks.some(({ pages }) => pages.some((page) => page.to === to && has(...page.roles)));

// Samples are nobody's day's work.
export const firstPage = () => deskPages().flatMap(({ pages }) => pages).find(({ to }) => to !== '/samples')?.to ?? '/none';
