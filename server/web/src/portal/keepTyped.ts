// SPDX-License-Identifier: Apache-2.0
// What is being typed on an order's page survives a reload in the middle, in this tab only: bookkeepers share computers.
import { nextTick, watch } from 'vue';

export function keepTyped<State extends object>(key: string, state: State, isTyped: (state: State) => boolean) {
  const kept = `xuqi-typed-${key}`;
  const known = sessionStorage.getItem(kept);
  if (known !== null) Object.assign(state, JSON.parse(known));
  const forget = () => sessionStorage.removeItem(kept);
  // A form may learn that it was touched only after its field has changed.
  watch([state, () => isTyped(state)], () => { if (isTyped(state)) sessionStorage.setItem(kept, JSON.stringify(state)); else forget(); }, { deep: true });
  // After what clears the form has been noticed.
  return { isKnown: known !== null, forget: () => void nextTick(forget) };
}
