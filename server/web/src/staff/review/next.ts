// SPDX-License-Identifier: Apache-2.0
// The next case that nobody else takes first.
import { Problem } from '@/shared/api/problem';
import { read, write } from '../session';
import { casePath, type Claim, type QueueRow } from './types';

const tries = 10;
const taken = ['case_claimed', 'reviewer_same', 'renewal_state'];

// Claims the oldest; null: there is none.
export async function claimNext(): Promise<string | null> {
  const { cases } = await read<{ cases: QueueRow[] }>(`/api/v1/review/cases?tab=waiting&size=${tries}`);
  for (const { renewal_no } of cases)
    try {
      await write<Claim>('POST', `${casePath(renewal_no)}/claim`, {});
      return renewal_no;
    } catch (error) {
      if (!(error instanceof Problem) || !taken.includes(error.code)) throw error;
    }
  return null;
}

const kept = 'xuqi-open-next';
export const opensNext = () => localStorage.getItem(kept) !== 'no';
export const setOpensNext = (opens: boolean) => localStorage.setItem(kept, opens ? 'yes' : 'no');
