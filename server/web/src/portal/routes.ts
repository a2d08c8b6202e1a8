// SPDX-License-Identifier: Apache-2.0
// Addresses of the subscribers' pages; server/pages.c knows the same ones.
import { createRouter, createWebHistory } from 'vue-router';
import StartPage from './pages/StartPage.vue';

export const router = createRouter({
  history: createWebHistory('/'),
  routes: [
    { path: '/', component: StartPage },
    { path: '/apply/:platform', component: () => import('./pages/PlatformPage.vue'), props: true },
    { path: '/apply/:platform/form', component: () => import('./pages/ApplyPage.vue'), props: true },
    { path: '/mine', component: () => import('./pages/MinePage.vue') },
    { path: '/order/:no', component: () => import('./pages/OrderPage.vue'), props: true },
    { path: '/:path(.*)*', component: () => import('@/shared/components/MissingPage.vue') },
  ],
});
