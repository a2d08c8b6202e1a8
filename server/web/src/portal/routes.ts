// SPDX-License-Identifier: Apache-2.0
// Addresses of the subscribers' pages; server/pages.c knows the same ones.
import { createRouter, createWebHistory, type RouteComponent } from 'vue-router';
import { placeOf } from '@/shared/composables/placeOf';

// The page that is there already; others are fetched by who goes there.
export interface Here { start?: RouteComponent; order?: RouteComponent }

export const routerOf = (here: Here) => createRouter({
  history: createWebHistory('/'),
  scrollBehavior: placeOf,
  routes: [
    { path: '/', component: here.start ?? (() => import('./pages/StartPage.vue')) },
    { path: '/apply/:platform', component: () => import('./pages/PlatformPage.vue'), props: true },
    { path: '/apply/:platform/form', component: () => import('./pages/ApplyPage.vue'), props: true },
    { path: '/mine', component: () => import('./pages/MinePage.vue') },
    { path: '/order/:no', component: here.order ?? (() => import('./pages/OrderPage.vue')), props: true },
    { path: '/:path(.*)*', component: () => import('@/shared/components/MissingPage.vue') },
  ],
});
