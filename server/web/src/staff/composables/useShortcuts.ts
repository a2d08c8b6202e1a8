// SPDX-License-Identifier: Apache-2.0
// Single keys of a page. Never while somebody types, composes Chinese, or a dialog is open, nor when switched off
// (WCAG 2.1.4). With Ctrl they work while typing as well.
import { onScopeDispose, ref, watch } from 'vue';

const kept = 'xuqi-keys';
export const keysOn = ref(localStorage.getItem(kept) !== 'off');
watch(keysOn, (on) => localStorage.setItem(kept, on ? 'on' : 'off'));

const typed = new Set(['text', 'password', 'date', 'number', 'search', 'tel', 'email', 'file']);

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return typed.has(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

// A dialog that was open once stays in the page, hidden.
const inDialog = () => [...document.querySelectorAll('[role="dialog"][aria-modal="true"]')].some((dialog) => dialog.getClientRects().length > 0);

export function keyOf(event: KeyboardEvent): string {
  return event.ctrlKey || event.metaKey ? `Ctrl+${event.key}` : event.key;
}

export function useShortcuts(keys: Record<string, (event: KeyboardEvent) => void>) {
  function pressed(event: KeyboardEvent) {
    if (event.isComposing || event.altKey || event.defaultPrevented || inDialog()) return;
    const key = keyOf(event);
    const act = keys[key];
    if (act === undefined || (!key.startsWith('Ctrl+') && (!keysOn.value || isTyping(event.target)))) return;
    event.preventDefault();
    act(event);
  }
  window.addEventListener('keydown', pressed);
  onScopeDispose(() => window.removeEventListener('keydown', pressed));
}
