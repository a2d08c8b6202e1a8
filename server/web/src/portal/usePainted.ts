// SPDX-License-Identifier: Apache-2.0
// What a person came for is on the screen: only then is the rest of the page fetched and built.
import { nextTick, ref, watch } from 'vue';

export function usePainted(isThere: () => boolean) {
  const isPainted = ref(false);
  const painted = () => { isPainted.value = true; };
  // The second frame begins after the first was painted; a page in the background paints none.
  const wait = () => (document.hidden ? painted() : requestAnimationFrame(() => requestAnimationFrame(painted)));
  watch(isThere, (there) => { if (there) void nextTick(wait); }, { immediate: true });
  return isPainted;
}
