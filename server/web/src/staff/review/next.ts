// SPDX-License-Identifier: Apache-2.0
// The case with the oldest promise that I may take; two who ask at once get two.
import { newKey, write } from '../session';
import type { Claim } from './types';

// null: there is none.
export const claimNext = async () => (await write<Claim>('POST', '/api/v1/review/next', {}, newKey())).renewal_no;

const kept = 'xuqi-open-next';
export const opensNext = () => localStorage.getItem(kept) !== 'no';
export const setOpensNext = (opens: boolean) => localStorage.setItem(kept, opens ? 'yes' : 'no');
