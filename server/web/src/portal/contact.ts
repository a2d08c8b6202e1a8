// SPDX-License-Identifier: Apache-2.0
// Whose page is shown, and whom to call: in the header of every page.
import { shallowRef } from 'vue';
import { either } from '@/shared/i18n';
import type { Platform } from '@/shared/api/types';

export const contact = shallowRef<{ name: string; hotline: string; qq: string } | null>(null);

export function useContact(platform: Platform) {
  const { hotline, qq } = platform.contact;
  contact.value = { name: either(platform.name, platform.name_en), hotline, qq };
}
