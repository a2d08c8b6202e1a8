// SPDX-License-Identifier: Apache-2.0
// Times are shown in Beijing time whatever the computer's own zone is. Beijing is eight hours ahead, the whole year, since
// 1992; Intl would know that as well, but takes longer to say so the first time than all else that a page does.
const ahead_ms = 8 * 3600 * 1000;
const beijing = (time: string) => new Date(Date.parse(time) + ahead_ms).toISOString();

export const date = (time: string) => beijing(time).slice(0, 10);

export const dateTime = (time: string) => beijing(time).slice(0, 19).replace('T', ' ');

// "4:05" of what is left.
export function countdown(seconds: number): string {
  const left = Math.max(0, Math.floor(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
}
