// SPDX-License-Identifier: Apache-2.0
// How wide an element is, so that what is drawn in it keeps the size of its letters.
import { onMounted, onScopeDispose, ref, type Ref } from 'vue';

export function useWidth(element: Readonly<Ref<HTMLElement | null>>, atFirst = 640) {
  const width = ref(atFirst);
  const watcher = new ResizeObserver(([entry]) => { width.value = Math.max(240, Math.floor(entry.contentRect.width)); });
  onMounted(() => { if (element.value) watcher.observe(element.value); });
  onScopeDispose(() => watcher.disconnect());
  return width;
}
