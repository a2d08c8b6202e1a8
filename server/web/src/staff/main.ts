// SPDX-License-Identifier: Apache-2.0
import '@/shared/theme/element';
import '@/shared/theme/dark';
import './desk.css';
import { createApp } from 'vue';
import { setLanguage, wished } from '@/shared/i18n';
import App from './App.vue';
import { router } from './routes';

void setLanguage(wished()).then(() => createApp(App).use(router).mount('#app'));
