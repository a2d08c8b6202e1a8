// SPDX-License-Identifier: Apache-2.0
// The first thing to run: an order's page has its answers under way while its parts are still being fetched.
import { askEarly } from '@/shared/api/client';
import { tokenOf } from './token';

const no = /^\/order\/(\d+)$/.exec(window.location.pathname)?.[1];
const token = no === undefined ? '' : tokenOf(no);
if (token !== '') {
  askEarly(`/api/v1/renewals/${no}/order`, { token });
  askEarly(`/api/v1/renewals/${no}/events`, { token });
  void import('./pages/OrderPage.vue');
}
void import('./main');
