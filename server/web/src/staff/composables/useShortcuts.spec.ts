// SPDX-License-Identifier: Apache-2.0
import { mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defineComponent, h } from 'vue';
import { keysOn, useShortcuts } from './useShortcuts';

const act = vi.fn();
const confirm = vi.fn();
const Page = defineComponent({
  setup() {
    useShortcuts({ a: act, 'Ctrl+Enter': confirm });
    return () => h('div', [h('input', { type: 'text' }), h('input', { type: 'checkbox' }), h('textarea')]);
  },
});
let page: ReturnType<typeof mount>;
const press = (key: string, at: Element | null = null, more: KeyboardEventInit = {}) =>
  (at ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));

beforeEach(() => {
  vi.clearAllMocks();
  keysOn.value = true;
  page = mount(Page, { attachTo: document.body });
});
afterEach(() => { page.unmount(); document.body.innerHTML = ''; });

describe('single keys', () => {
  test('act on the page', () => { press('a'); expect(act).toHaveBeenCalledOnce(); });
  test('act on a box, which nobody types into', () => { press('a', page.find('[type=checkbox]').element); expect(act).toHaveBeenCalledOnce(); });
  test('do nothing in a text field', () => { press('a', page.find('[type=text]').element); press('a', page.find('textarea').element); expect(act).not.toHaveBeenCalled(); });
  test('do nothing while Chinese is composed', () => { press('a', null, { isComposing: true }); expect(act).not.toHaveBeenCalled(); });
  test('do nothing when switched off', () => { keysOn.value = false; press('a'); expect(act).not.toHaveBeenCalled(); });
  test('do nothing once their page has gone', () => { page.unmount(); press('a'); expect(act).not.toHaveBeenCalled(); });
  test('do nothing in front of an open dialog, and do in front of a hidden one', () => {
    const dialog = document.body.appendChild(document.createElement('div'));
    dialog.setAttribute('role', 'dialog');
    dialog.setAttribute('aria-modal', 'true');
    press('a');
    expect(act).toHaveBeenCalledOnce();
    dialog.getClientRects = () => [{}] as unknown as DOMRectList;
    press('a');
    expect(act).toHaveBeenCalledOnce();
  });
});

test('Ctrl+Enter confirms while somebody types', () => {
  press('Enter', page.find('textarea').element, { ctrlKey: true });
  expect(confirm).toHaveBeenCalledOnce();
});
