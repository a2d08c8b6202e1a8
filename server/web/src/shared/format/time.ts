// SPDX-License-Identifier: Apache-2.0
// Times are shown in Beijing time whatever the computer's own zone is.

const format = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai', hourCycle: 'h23',
  year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
});

const parts = (time: string) => Object.fromEntries(format.formatToParts(new Date(time)).map(({ type, value }) => [type, value]));

export function date(time: string): string {
  const { year, month, day } = parts(time);
  return `${year}-${month}-${day}`;
}

export function dateTime(time: string): string {
  const { hour, minute, second } = parts(time);
  return `${date(time)} ${hour}:${minute}:${second}`;
}

// "4:05" of what is left.
export function countdown(seconds: number): string {
  const left = Math.max(0, Math.floor(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
}
