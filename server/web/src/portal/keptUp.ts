// SPDX-License-Identifier: Apache-2.0
// What a page reads again at each piece of news. One question at a time, so that no answer is hidden by an older one that took
// longer; what was lost on the way, or a busy server put off, is asked for again by itself, a little later each time.
import { Problem } from '@/shared/api/problem';

const retryFirst_ms = 1_000;
const retryMost_ms = 15_000;

const passes = (error: unknown) => error instanceof Problem && (error.isUnanswered || error.body.status === 429 || error.body.status >= 500);

// The function that it returns ends with an answer to a question asked after the call; several calls may share one.
export function keptUp(read: () => Promise<void>, failed: (error: unknown) => void, until: AbortSignal): () => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<void> | null = null;
  let retry = retryFirst_ms;
  let timer = 0;
  until.addEventListener('abort', () => clearTimeout(timer), { once: true });

  async function once() {
    clearTimeout(timer);
    try {
      await read();
      retry = retryFirst_ms;
    } catch (error) {
      if (passes(error) && !until.aborted) timer = window.setTimeout(() => ask().catch(failed), retry);
      retry = Math.min(retry * 2, retryMost_ms);
      throw error;
    }
  }

  function ask() {
    next ??= last.then(() => { next = null; return once(); });
    last = next.catch(() => undefined);
    return next;
  }
  return ask;
}
