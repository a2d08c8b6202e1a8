// SPDX-License-Identifier: Apache-2.0
// One thing that a page shows whole: read at once, again on request, its refusal kept.
import { ref, shallowRef } from 'vue';
import { useAction } from '@/shared/composables/useAction';

export function useLoad<Thing>(fetchIt: () => Promise<Thing>) {
  const thing = shallowRef<Thing | null>(null);
  const readAt = ref<string | null>(null);
  const { busy, problem, run } = useAction(async () => {
    thing.value = await fetchIt();
    readAt.value = new Date().toISOString();
  });
  void run();
  return { thing, readAt, busy, problem, reload: run };
}
