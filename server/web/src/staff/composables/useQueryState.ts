// SPDX-License-Identifier: Apache-2.0
// What a list shows, kept in its address: a link, a reload or "back" shows the same again. What is standard is left out.
import { computed } from 'vue';
import { useRoute, useRouter } from 'vue-router';

export function useQueryState<State extends Record<string, string>>(standard: State) {
  const route = useRoute();
  const router = useRouter();
  const at = route.path;

  const state = computed<State>(() => {
    const now: Record<string, string> = { ...standard };
    for (const name of Object.keys(standard)) {
      const value = route.query[name];
      if (typeof value === 'string') now[name] = value;
    }
    return now as State;
  });

  const queryOf = (change: Partial<State>): Record<string, string> =>
    Object.fromEntries(Object.entries<string>({ ...state.value, ...change }).filter(([name, value]) => value !== standard[name]));
  const linkTo = (change: Partial<State>) => ({ path: at, query: queryOf(change) });
  const set = (change: Partial<State>) => void router.replace(linkTo(change));

  return { state, linkTo, set };
}

// As the API takes it: what is empty is not sent.
export function queryText(values: Record<string, string | number | boolean | undefined>): string {
  const pairs = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return pairs.length ? `?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}` : '';
}
