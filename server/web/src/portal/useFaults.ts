// SPDX-License-Identifier: Apache-2.0
// What was refused in a form, field by field as the page shows it: one alone takes the focus, several are told together first
// (parts/FaultSummary.vue).
import { nextTick, shallowRef, watch, type Ref } from 'vue';
import type { Problem } from '@/shared/api/problem';
import { isChinese } from '@/shared/i18n';

export interface Fault { label: string; text: string; field: HTMLElement }

const own = (element: Element | null | undefined) => element?.firstChild?.textContent?.trim() ?? '';

// "第 1 笔转账 付款账号": its label, after the name of the row that it stands in.
function labelOf(field: HTMLInputElement): string {
  const label = field.labels?.[0];
  const row = field.closest('fieldset.row')?.querySelector('legend');
  return [own(row), own(label?.querySelector('span') ?? label)].filter(Boolean).join(' ');
}
const faultOf = (field: HTMLInputElement): Fault => ({ label: labelOf(field), text: own(field.closest('.field, .cell')?.querySelector('em')), field });

export function useFaults(form: Readonly<Ref<HTMLElement | null>>, problem: Readonly<Ref<Problem | null>>) {
  const faults = shallowRef<Fault[]>([]);
  const wrong = () => [...(form.value?.querySelectorAll<HTMLInputElement>('[aria-invalid="true"]') ?? [])];
  const read = () => { faults.value = wrong().length > 1 ? wrong().map(faultOf) : []; };
  watch(isChinese, read, { flush: 'post' });
  watch(problem, async () => {
    read();
    await nextTick();
    (faults.value.length > 0 ? form.value?.querySelector<HTMLElement>('.summary') : wrong()[0])?.focus();
  }, { flush: 'post' });
  return faults;
}
