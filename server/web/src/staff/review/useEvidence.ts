// SPDX-License-Identifier: Apache-2.0
// Which document is looked at, how it is turned, and which ones were found good. What was found good is kept for this
// content: a document that is replaced is to be looked at again.
import { computed, reactive, ref, watch, type Ref } from 'vue';
import { keyOfPage, proofOf } from './evidence';
import type { MaterialPage } from './types';

export interface View { zoom: number; turn: number; x: number; y: number }
const fresh = (): View => ({ zoom: 1, turn: 0, x: 0, y: 0 });

// content: the hash of what was applied for. A field that was found good is good in this content only.
export function useEvidence(no: string, pages: Ref<MaterialPage[]>, content: () => string) {
  const kept = `xuqi-ticks-${no}`;
  const at = ref(0);
  const views = reactive(new Map<string, View>());
  const ticks = reactive(new Set<string>(JSON.parse(sessionStorage.getItem(kept) ?? '[]') as string[]));
  watch(ticks, () => sessionStorage.setItem(kept, JSON.stringify([...ticks])));

  const page = computed<MaterialPage | undefined>(() => pages.value[at.value]);
  function viewOf(of: MaterialPage): View {
    const key = keyOfPage(of);
    if (!views.has(key)) views.set(key, fresh());
    return views.get(key)!;
  }
  const view = () => (page.value ? viewOf(page.value) : fresh());
  const isTicked = (of: MaterialPage) => ticks.has(keyOfPage(of));
  const keyOfField = (name: string) => `fields/${name}@${content().slice(0, 12)}`;
  const isFieldTicked = (name: string) => ticks.has(keyOfField(name));
  const tickField = (name: string, good: boolean) => { if (good) ticks.add(keyOfField(name)); else ticks.delete(keyOfField(name)); };
  // As the approval says it.
  const found = () => [
    ...pages.value.filter(isTicked).map((of) => `materials/${of.kind}/${of.page}/${of.sha256}`),
    ...[...ticks].filter((key) => key.startsWith('fields/') && key.endsWith(`@${content().slice(0, 12)}`)).map((key) => key.split('@')[0]),
  ];
  const unticked = computed(() => pages.value.filter((of) => !isTicked(of)).length);

  const show = (index: number) => { if (pages.value[index]) at.value = index; };
  const zoom = (by: number) => { const it = view(); it.zoom = Math.min(8, Math.max(0.25, it.zoom * by)); };
  const tick = (of: MaterialPage, good = true) => { if (good) ticks.add(keyOfPage(of)); else ticks.delete(keyOfPage(of)); };

  return {
    at, page, viewOf, isTicked, tick, isFieldTicked, tickField, found, unticked, show, zoom,
    step: (by: number) => show(at.value + by),
    turn: () => { const it = view(); it.turn = (it.turn + 90) % 360; },
    fit: () => Object.assign(view(), fresh()),
    showProofOf(field: string) {
      const index = proofOf(field, pages.value);
      if (index >= 0) at.value = index;
      return index >= 0;
    },
    // Good; on to the next one that was not looked at yet.
    tickAndGoOn() {
      if (!page.value) return;
      tick(page.value);
      const next = pages.value.findIndex((of) => !isTicked(of));
      if (next >= 0) at.value = next;
    },
    forget: () => sessionStorage.removeItem(kept),
  };
}
export type Evidence = ReturnType<typeof useEvidence>;
