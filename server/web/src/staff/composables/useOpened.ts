// SPDX-License-Identifier: Apache-2.0
// The row of a list that is open beside it. It stays open when somebody else's doing takes it off the list, so that what was
// typed is not lost; forget: it may go.
import { computed } from 'vue';

export function useOpened<Row>(rows: () => Row[], isOpen: (row: Row) => boolean) {
  let last: Row | null = null;
  const open = computed<Row | null>(() => {
    const found = rows().find(isOpen) ?? null;
    last = found ?? (last !== null && isOpen(last) ? last : null);
    return last;
  });
  return { open, forget: () => { last = null; } };
}
