// SPDX-License-Identifier: Apache-2.0
// What every document of the subscribers begins with; the page that it was made for came with it.
import '@/shared/theme/element';
import '@/shared/theme/dark';
import { createApp } from 'vue';
import { setLanguage, wished } from '@/shared/i18n';
import App from './App.vue';
import { routerOf, type Here } from './routes';

export async function start(here: Here) {
  await setLanguage(wished());
  createApp(App).use(routerOf(here)).mount('#app');
}
