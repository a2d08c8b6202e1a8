// SPDX-License-Identifier: Apache-2.0
// Reads the figures again and again while somebody looks, says when they are too old to go by, and stops on request.
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { components } from '@/shared/api/schema';
import { useAction } from '@/shared/composables/useAction';
import { useNow } from '@/shared/composables/useNow';
import { has, isEnded, read } from '../session';
import { isOld, type Operations } from './figures';

type DeskFigures = components['schemas']['DeskFigures'];

export function useOperations() {
  const operations = shallowRef<Operations | null>(null);
  const desk = shallowRef<DeskFigures | null>(null);
  const names = shallowRef<Record<string, string>>({});
  const readAt = ref(0);
  const paused = ref(false);
  const now = useNow();
  const { busy, problem, run } = useAction(async () => {
    operations.value = await read<Operations>('/api/v1/operations');
    readAt.value = Date.now();
    if (has('senior_reviewer', 'auditor', 'administrator')) desk.value = await read<DeskFigures>('/api/v1/review/figures');
  });
  const naming = useAction(async () => {
    if (!has('finance', 'auditor', 'administrator')) return;
    const { platforms } = await read<components['schemas']['AdminPlatforms']>('/api/v1/admin/platforms');
    names.value = Object.fromEntries(platforms.map((it) => [it.platform, it.name]));
  });
  const period_s = computed(() => operations.value?.period_s ?? 15);
  const isStale = computed(() => readAt.value > 0 && isOld(readAt.value, period_s.value, now.value));
  const age_s = computed(() => (now.value - readAt.value) / 1000);
  const timer = setInterval(() => { if (!paused.value && !isEnded.value && document.visibilityState === 'visible') void run(); }, 15_000);
  onScopeDispose(() => clearInterval(timer));
  void run();
  void naming.run();
  return { operations, desk, names, paused, isStale, age_s, busy, problem, reload: run };
}
