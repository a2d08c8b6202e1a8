// SPDX-License-Identifier: Apache-2.0
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { defineComponent, h, ref } from 'vue';
import TextInput from './TextInput.vue';

describe('a field', () => {
  it('tells at once what is typed, to who holds its text as well', async () => {
    const told: string[] = [];
    const held = ref('');
    const page = mount(defineComponent(() => () => h(TextInput, { modelValue: held.value, 'onUpdate:modelValue': (text: string) => { held.value = text; }, onInput: (text: string) => told.push(text), maxlength: 5 })));
    await page.find('input').setValue('工商');
    expect([told, held.value, page.find('input').element.value, page.find('input').attributes('maxlength')]).toEqual([['工商'], '工商', '工商', '5']);
  });
});
