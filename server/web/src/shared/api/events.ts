// SPDX-License-Identifier: Apache-2.0
// A renewal's progress as server-sent events (WHATWG HTML 9.2), read with fetch: EventSource cannot send a bearer token.
import { send } from './client';
import { Problem } from './problem';
import type { Progress } from './types';

export interface Watch {
  onProgress(progress: Progress): void;
  onLive(live: boolean): void; // false: what is shown may be out of date
  onRefused(problem: Problem): void; // no use trying again
}

const retryFirst = 1_000;
const retryMost = 30_000;
const silenceMost = 40_000; // the server sends a sign of life every 15 s

export function parseEvent(block: string): { id?: string; data?: string } {
  const event: { id?: string; data?: string } = {};
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue; // a comment or nothing
    const value = line.slice(colon + 1).replace(/^ /, '');
    const field = line.slice(0, colon);
    if (field === 'id') event.id = value;
    if (field === 'data') event.data = event.data === undefined ? value : `${event.data}\n${value}`;
  }
  return event;
}

async function read(response: Response, alive: () => void, take: (block: string) => void) {
  const reader = response.body!.getReader(), decoder = new TextDecoder(); // the stream of that name is younger than browsers in use
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    alive();
    text += decoder.decode(value, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    blocks.forEach(take);
  }
}

const isFinal = (problem: unknown): problem is Problem => problem instanceof Problem && [401, 403, 404].includes(problem.body.status);
const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });

async function watchOnce(path: string, token: string, last: string | undefined, watch: Watch, signal: AbortSignal) {
  const silence = new AbortController();
  signal.addEventListener('abort', () => silence.abort(), { once: true });
  let timer = setTimeout(() => silence.abort(), silenceMost);
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), silenceMost);
  };
  const headers: Record<string, string> = last === undefined ? {} : { 'Last-Event-ID': last };
  try {
    const response = await send(path, { token, headers, signal: silence.signal });
    watch.onLive(true);
    await read(response, alive, (block) => {
      const { id, data } = parseEvent(block);
      if (id !== undefined) last = id;
      if (data !== undefined) watch.onProgress(JSON.parse(data) as Progress);
    });
  } finally {
    clearTimeout(timer);
  }
  return last;
}

// Until the signal: connects, and connects again after every loss, a little later each time.
export async function watchRenewal(no: string, token: string, watch: Watch, signal: AbortSignal) {
  const path = `/api/v1/renewals/${no}/events`;
  let last: string | undefined;
  let retry = retryFirst;
  while (!signal.aborted) {
    const began = Date.now();
    try {
      last = await watchOnce(path, token, last, watch, signal);
    } catch (problem) {
      if (isFinal(problem)) return watch.onRefused(problem);
    }
    if (signal.aborted) return;
    if (Date.now() - began > silenceMost) retry = retryFirst;
    watch.onLive(false);
    await pause(retry, signal);
    retry = Math.min(retry * 2, retryMost);
  }
}
