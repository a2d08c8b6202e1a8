// SPDX-License-Identifier: Apache-2.0
import { watchEffect } from 'vue';
import { w } from '../words';

export function useTitle(title: () => string) {
  watchEffect(() => { document.title = `${title()} - ${w('site')}`; });
}
