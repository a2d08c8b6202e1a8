// SPDX-License-Identifier: Apache-2.0
// An order's page is what most links lead to: its document (order.html) brings the parts of that page with it.
import { arrived } from '@/shared/api/client';
import OrderPage from './pages/OrderPage.vue';
import { start } from './start';

const patience_ms = 300; // then the page says that it is loading

void Promise.race([arrived(), new Promise((over) => { setTimeout(over, patience_ms); })]).then(() => start({ order: OrderPage }));
