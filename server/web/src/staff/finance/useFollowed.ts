// SPDX-License-Identifier: Apache-2.0
// Rows whose work goes on behind the answer: the list is read again by itself until it has ended, so that nobody has to look.
import { onScopeDispose, ref } from 'vue';

const look_ms = 1_500;
const most_ms = 60_000; // whoever is asked may be silent; then the page says so

export function useFollowed<Row>(rows: () => Row[], reload: () => Promise<void>, keyOf: (row: Row) => string) {
  const under = ref(new Set<string>());
  const find = (key: string) => rows().find((row) => keyOf(row) === key);
  let gone = false;
  onScopeDispose(() => { gone = true; });

  // The row as it ended; null when it has not, or is not shown any more.
  async function follow(before: Row, isEnd: (now: Row) => boolean): Promise<Row | null> {
    const key = keyOf(before);
    under.value.add(key);
    try {
      for (let looked = 0; !gone && looked < most_ms / look_ms;) {
        await new Promise((later) => { setTimeout(later, look_ms); });
        if (gone || document.hidden) continue;
        looked += 1;
        await reload();
        const now = find(key);
        if (!now) return null;
        if (isEnd(now)) return now;
      }
      return null;
    } finally {
      under.value.delete(key);
    }
  }
  return { isUnder: (row: Row) => under.value.has(keyOf(row)), follow };
}
