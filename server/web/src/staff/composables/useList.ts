// SPDX-License-Identifier: Apache-2.0
// A list that the server gives page by page: read anew when what is asked for changes, longer on request. An answer that a
// later question has overtaken is dropped.
import { ref, shallowRef, watch, type WatchSource } from 'vue';
import { Problem } from '@/shared/api/problem';

const size = 50;

export function useList<Row>(source: WatchSource<unknown>, fetchPage: (last: Row | undefined, size: number) => Promise<Row[]>) {
  const rows = shallowRef<Row[]>([]);
  const more = ref(false);
  const busy = ref(false);
  const problem = shallowRef<Problem | null>(null);
  const readAt = ref<string | null>(null);
  let asked = 0;

  async function load(from: Row[]) {
    const mine = (asked += 1);
    busy.value = true;
    problem.value = null;
    try {
      const page = await fetchPage(from[from.length - 1], size);
      if (mine !== asked) return;
      rows.value = [...from, ...page];
      more.value = page.length === size;
      readAt.value = new Date().toISOString();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (mine === asked) problem.value = error;
    } finally {
      if (mine === asked) busy.value = false;
    }
  }

  watch(source, () => void load([]), { immediate: true });
  return { rows, more, busy, problem, readAt, reload: () => load([]), readMore: () => load(rows.value) };
}
