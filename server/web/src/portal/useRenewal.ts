// SPDX-License-Identifier: Apache-2.0
// One renewal as its page shows it: followed by events, so that nothing has to be refreshed by hand.
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import { ask } from '@/shared/api/client';
import { watchRenewal } from '@/shared/api/events';
import { Problem } from '@/shared/api/problem';
import type { OrderPage, Platform, Progress } from '@/shared/api/types';
import { useContact } from './contact';
import { keptUp } from './keptUp';

export function useRenewal(no: string, token: string) {
  const progress = shallowRef<Progress | null>(null);
  const order = shallowRef<OrderPage | null>(null);
  const platform = shallowRef<Platform | null>(null);
  const problem = shallowRef<Problem | null>(null);
  const live = ref(true);
  const confirming = ref(false); // the payer is back from a gateway that has not told yet
  const ended = new AbortController();
  const path = `/api/v1/renewals/${no}`;

  const refuse = (error: unknown) => {
    if (!(error instanceof Problem)) throw error;
    problem.value = error;
  };

  async function readOrder() {
    order.value = await ask<OrderPage>(`${path}/order`, { token });
    problem.value = null;
    if (platform.value !== null) return;
    platform.value = await ask<Platform>(`/api/v1/platforms/${order.value.platform}`);
    useContact(platform.value);
  }

  const loadOrder = keptUp(readOrder, refuse, ended.signal);

  // The order is asked for beside the first event, not after it.
  const first = token === '' ? Promise.resolve() : loadOrder().catch(refuse);
  async function follow(news: Progress, isFirst: boolean) {
    await first;
    if (!isFirst || order.value?.status !== news.status) await loadOrder();
  }
  const watch = {
    onProgress(news: Progress) {
      follow(news, progress.value === null).catch(refuse);
      progress.value = news;
    },
    onLive: (is: boolean) => { live.value = is; },
    onRefused: (refusal: Problem) => { problem.value = refusal; },
  };
  if (token !== '') void watchRenewal(no, token, watch, ended.signal);
  onScopeDispose(() => ended.abort());

  return {
    no, token, path, progress, order, platform, problem, live, confirming, loadOrder,
    isUnpaid: computed(() => progress.value?.status === 'awaiting_payment'),
  };
}

export type Renewal = ReturnType<typeof useRenewal>;
