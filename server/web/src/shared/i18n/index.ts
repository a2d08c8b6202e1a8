// SPDX-License-Identifier: Apache-2.0
// All words of the pages, in two languages. A key that English lacks is a type error.
import { computed, ref } from 'vue';
import { zh } from './zh';

export type Key = keyof typeof zh;
export type Language = 'zh' | 'en';

const kept = 'xuqi-language';
const words: Record<Language, Record<Key, string>> = { zh, en: zh }; // English is fetched by who reads it

export const wished = (): Language => (localStorage.getItem(kept) === 'en' ? 'en' : 'zh');
export const language = ref<Language>('zh');
export const isChinese = computed(() => language.value === 'zh');

type Values = Record<string, string | number>;
const fill = (text: string, values: Values) => text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));

export const t = (key: Key, values: Values = {}) => fill(words[language.value][key], values);

// The words of one desk, Chinese and English side by side; each desk's are fetched with its pages.
export function wordsOf<const Pairs extends Record<string, readonly [string, string]>>(pairs: Pairs) {
  const say = (key: string, values: Values) => fill(pairs[key][isChinese.value ? 0 : 1], values);
  const spoken = (key: keyof Pairs & string, values: Values = {}) => say(key, values);
  // A word of the server's, such as a state; one that only a newer server knows is shown as it came.
  const of = (kind: string, word: string | null | undefined) => (word ? (`${kind}_${word}` in pairs ? say(`${kind}_${word}`, {}) : word) : '');
  return Object.assign(spoken, { of });
}

// Of the two languages that the server sends.
export const either = (chinese: string | null | undefined, english: string | null | undefined) =>
  (isChinese.value ? chinese : english || chinese) ?? '';

export async function setLanguage(to: Language) {
  if (to === 'en') words.en = (await import('./en')).en;
  language.value = to;
  if (to !== wished()) localStorage.setItem(kept, to);
  document.documentElement.lang = to === 'zh' ? 'zh-CN' : 'en';
}
