// SPDX-License-Identifier: Apache-2.0
// Something that a click does: once at a time, its refusal kept where it was tried.
import { ref, shallowRef } from 'vue';
import { Problem } from '@/shared/api/problem';

export function useAction<Arguments extends unknown[]>(act: (...values: Arguments) => Promise<void>) {
  const busy = ref(false);
  const problem = shallowRef<Problem | null>(null);

  async function run(...values: Arguments) {
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    try {
      await act(...values);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problem.value = error;
    } finally {
      busy.value = false;
    }
  }

  return { busy, problem, run };
}
