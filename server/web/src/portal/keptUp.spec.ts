// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { noAnswer, Problem } from '@/shared/api/problem';
import { keptUp } from './keptUp';

const refusal = (status: number) => new Problem({ type: 'about:blank', title: '', status, code: 'x', fix: '', request_id: '' } as Problem['body']);
const answers: ((error?: unknown) => void)[] = [];
const read = vi.fn(() => new Promise<void>((resolve, reject) => { answers.push((error) => (error ? reject(error) : resolve())); }));
const failed = vi.fn();
let ended: AbortController;
let ask: () => Promise<void>;
const moment = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  answers.length = 0;
  ended = new AbortController();
  ask = keptUp(read, failed, ended.signal);
});
afterEach(() => { vi.useRealTimers(); });

describe('news while a question is under way', () => {
  test('are asked for after it, once for all of them', async () => {
    void ask();
    await moment();
    const second = ask(), third = ask();
    await moment();
    expect(read).toHaveBeenCalledTimes(1);
    answers[0]!();
    await moment();
    expect(read).toHaveBeenCalledTimes(2);
    answers[1]!();
    await Promise.all([second, third]);
    expect(read).toHaveBeenCalledTimes(2);
  });
  test('are asked for although it failed', async () => {
    const first = ask().catch((error: Problem) => error.body.status);
    await moment();
    const second = ask();
    answers[0]!(refusal(503));
    expect(await first).toBe(503);
    await moment();
    answers[1]!();
    await second;
  });
});

describe('an answer that did not come', () => {
  test.each([['lost on the way', noAnswer()], ['put off by a busy server', refusal(503)], ['asked for too often', refusal(429)]])('%s is asked for again, later each time, until it is there', async (_, problem) => {
    ask().catch(failed);
    for (const [turn, wait] of [1000, 2000, 4000].entries()) {
      await moment();
      answers[turn]!(problem);
      await vi.advanceTimersByTimeAsync(wait - 1);
      expect(read).toHaveBeenCalledTimes(turn + 1);
      await vi.advanceTimersByTimeAsync(1);
      expect(read).toHaveBeenCalledTimes(turn + 2);
    }
    answers[3]!();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(read).toHaveBeenCalledTimes(4);
    expect(failed).toHaveBeenCalledTimes(3);
  });
  test('because it is refused is not asked for again', async () => {
    ask().catch(failed);
    await moment();
    answers[0]!(refusal(403));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(read).toHaveBeenCalledTimes(1);
  });
  test('is nobody\'s once the page has gone', async () => {
    ask().catch(failed);
    await moment();
    answers[0]!(noAnswer());
    await moment();
    ended.abort();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(read).toHaveBeenCalledTimes(1);
  });
});
