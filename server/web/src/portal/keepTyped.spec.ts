// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, test } from 'vitest';
import { nextTick, reactive } from 'vue';
import { keepTyped } from './keepTyped';

const empty = () => reactive({ title: '' });
const typed = ({ title }: { title: string }) => title !== '';
beforeEach(() => sessionStorage.clear());

describe('what is being typed', () => {
  test('is there again after a reload', async () => {
    const before = empty();
    keepTyped('1', before, typed);
    before.title = '某某有限公司';
    await nextTick();
    const after = empty();
    expect(keepTyped('1', after, typed).isKnown).toBe(true);
    expect(after.title).toBe('某某有限公司');
  });
  test('is of one order alone', async () => {
    const one = empty();
    keepTyped('1', one, typed);
    one.title = '某某有限公司';
    await nextTick();
    expect(keepTyped('2', empty(), typed).isKnown).toBe(false);
  });
  test('is forgotten once it was sent, or taken away again', async () => {
    const state = empty();
    const { forget } = keepTyped('1', state, typed);
    state.title = 'x';
    await nextTick();
    forget();
    await nextTick();
    expect(sessionStorage.length).toBe(0);
    state.title = 'y';
    await nextTick();
    state.title = '';
    await nextTick();
    expect(sessionStorage.length).toBe(0);
  });
});
