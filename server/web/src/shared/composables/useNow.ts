// SPDX-License-Identifier: Apache-2.0
import { onScopeDispose, ref } from 'vue';

// The time in ms, moving every second while somebody looks.
export function useNow() {
  const now = ref(Date.now());
  const timer = setInterval(() => { now.value = Date.now(); }, 1000);
  onScopeDispose(() => clearInterval(timer));
  return now;
}
