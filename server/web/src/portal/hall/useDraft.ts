// SPDX-License-Identifier: Apache-2.0
// What was typed survives a reload or a lost session, in this tab only: bookkeepers share computers.
import { reactive, watch } from 'vue';
import type { Typed } from './application';

export function useDraft(key: string, empty: Typed): { typed: Typed; forget(): void } {
  const kept = `xuqi-draft-${key}`;
  const known = JSON.parse(sessionStorage.getItem(kept) ?? '{}') as Typed;
  const typed = reactive<Typed>({ ...empty, ...known });
  const stop = watch(typed, () => sessionStorage.setItem(kept, JSON.stringify(typed)));
  return { typed, forget: () => { stop(); sessionStorage.removeItem(kept); } };
}
