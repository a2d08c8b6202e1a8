// SPDX-License-Identifier: Apache-2.0
// Addresses of the staff's pages; server/pages.c knows where they begin.
import { createRouter, createWebHistory } from 'vue-router';
import { placeOf } from '@/shared/composables/placeOf';
import { firstPage } from './desks';

export const router = createRouter({
  history: createWebHistory('/staff/'),
  scrollBehavior: placeOf,
  routes: [
    { path: '/', redirect: () => firstPage() },
    { path: '/none', component: () => import('./NoDeskPage.vue') },
    { path: '/review', component: () => import('./review/QueuePage.vue') },
    { path: '/samples', component: () => import('./review/SamplesPage.vue') },
    { path: '/review/:no', component: () => import('./review/CasePage.vue'), props: true },
    { path: '/review/:no/original/:kind/:page', component: () => import('./review/OriginalPage.vue'), props: true },
    { path: '/me', component: () => import('./MePage.vue') },
    { path: '/finance/statements', component: () => import('./finance/StatementsPage.vue') },
    { path: '/finance/statements/:id', component: () => import('./finance/StatementLinesPage.vue'), props: true },
    { path: '/finance/matching', component: () => import('./finance/MatchingPage.vue') },
    { path: '/finance/matches', component: () => import('./finance/MatchesPage.vue') },
    { path: '/finance/requests', component: () => import('./finance/RequestsPage.vue') },
    { path: '/finance/refunds', component: () => import('./finance/RefundsPage.vue') },
    { path: '/finance/invoices', component: () => import('./finance/InvoicesPage.vue') },
    { path: '/finance/reconciliation', component: () => import('./finance/ReconciliationPage.vue') },
    { path: '/finance/differences', component: () => import('./finance/DifferencesPage.vue') },
    { path: '/finance/overview', component: () => import('./finance/OverviewPage.vue') },
    { path: '/finance/ledger', component: () => import('./finance/LedgerPage.vue') },
    { path: '/finance/ledger/:kind', component: () => import('./finance/LedgerAccountPage.vue'), props: true },
    { path: '/finance/postings/:id', component: () => import('./finance/PostingPage.vue'), props: true },
    { path: '/finance/reversals', component: () => import('./finance/ReversalsPage.vue') },
    { path: '/finance/changes', component: () => import('./finance/ChangesPage.vue') },
    { path: '/finance/payouts', component: () => import('./finance/PayoutsPage.vue') },
    { path: '/finance/unknown', component: () => import('./finance/UnknownPage.vue') },
    { path: '/operations', component: () => import('./ops/OperationsPage.vue') },
    { path: '/admin/platforms', component: () => import('./admin/PlatformsPage.vue') },
    { path: '/admin/platforms/:id', component: () => import('./admin/PlatformPage.vue'), props: true },
    { path: '/admin/staff', component: () => import('./admin/StaffPage.vue') },
    { path: '/admin/requests', component: () => import('./admin/RequestsPage.vue') },
    { path: '/admin/issuance', component: () => import('./admin/IssuancePage.vue') },
    { path: '/admin/calendar', component: () => import('./admin/CalendarPage.vue') },
    { path: '/admin/texts', component: () => import('./admin/TextsPage.vue') },
    { path: '/admin/audit', component: () => import('./admin/AuditPage.vue') },
    { path: '/enrol', component: () => import('./EnrolPage.vue'), meta: { open: true } },
    { path: '/:path(.*)*', component: () => import('@/shared/components/MissingPage.vue') },
  ],
});
