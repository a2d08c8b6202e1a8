// SPDX-License-Identifier: Apache-2.0
import { ref } from 'vue';

// What the last decision came to, said on the page that opens after it.
export const lastSaid = ref('');
