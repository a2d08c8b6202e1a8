// SPDX-License-Identifier: Apache-2.0
import StartPage from './pages/StartPage.vue';
import { start } from './start';

void start({ start: StartPage });
