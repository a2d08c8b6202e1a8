// SPDX-License-Identifier: Apache-2.0
// All words of the pages, in two languages. A key that English lacks is a type error.
import { computed, ref } from 'vue';
import { en } from './en';
import { zh } from './zh';

export type Key = keyof typeof zh;
export type Language = 'zh' | 'en';

const kept = 'xuqi-language';
const words: Record<Language, Record<Key, string>> = { zh, en };

export const language = ref<Language>(localStorage.getItem(kept) === 'en' ? 'en' : 'zh');
export const isChinese = computed(() => language.value === 'zh');

export function t(key: Key, values: Record<string, string | number> = {}): string {
  return words[language.value][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

// Of the two languages that the server sends.
export const either = (chinese: string | null | undefined, english: string | null | undefined) =>
  (isChinese.value ? chinese : english || chinese) ?? '';

export function setLanguage(to: Language) {
  language.value = to;
  localStorage.setItem(kept, to);
  document.documentElement.lang = to === 'zh' ? 'zh-CN' : 'en';
}
