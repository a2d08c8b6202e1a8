// SPDX-License-Identifier: Apache-2.0
// What the server says about one field, in the reader's language; undefined when it has nothing against it.
import type { Problem } from '@/shared/api/problem';
import { isChinese } from './index';

export function faultText(problem: Problem | null, path: string): string | undefined {
  const field = problem?.field(path);
  return field && (isChinese.value ? field.message : field.message_en);
}
