// SPDX-License-Identifier: Apache-2.0
// Calls of the documented API. Each either answers what openapi.yaml promises or throws a Problem.
import { noAnswer, problemOf } from './problem';

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  token?: string; // bearer: of a renewal, a session or a telephone's link
  json?: unknown;
  body?: Blob;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

// A write that a cookie authorises comes from a page of ours: this header no foreign form can send. The desks have a mark of
// their own for each session.
export const ofPage = (call: Call = {}, mark = 'page'): Call => ({ ...call, headers: { ...call.headers, 'X-Xuqi-Request': mark } });

function requestOf(call: Call): RequestInit {
  const headers: Record<string, string> = { Accept: 'application/json', ...call.headers };
  if (call.token) headers.Authorization = `Bearer ${call.token}`;
  if (call.json !== undefined) headers['Content-Type'] = 'application/json';
  else if (call.body) headers['Content-Type'] = call.body.type;
  const body = call.json !== undefined ? JSON.stringify(call.json) : call.body;
  return { method: call.method ?? 'GET', headers, body, signal: call.signal, cache: 'no-store', credentials: 'same-origin' };
}

// What a page reads first may have been asked for before the page was there (portal/boot.ts): the first read of that address gets
// that answer.
function takeEarly(path: string, call: Call): Promise<Response> | undefined {
  const asked = (call.method ?? 'GET') === 'GET' ? window.askedEarly?.get(path) : undefined;
  if (!asked) return undefined;
  window.askedEarly!.delete(path);
  call.signal?.addEventListener('abort', () => asked.ended.abort(), { once: true });
  return asked.answer;
}

// Until the beginning of each of these answers is there: who waits for it draws a page once, not twice. It is read again by
// who asks for it.
export async function arrived() {
  window.askedEarly ??= new Map(); // boot.ts, if it comes now, comes too late
  await Promise.allSettled([...window.askedEarly.values()].map((asked) => {
    const begun = asked.answer.then(async (response) => {
      if (!response.body) return response;
      const [head, all] = response.body.tee();
      const reader = head.getReader();
      await reader.read();
      void reader.cancel(); // or all that follows would be kept for it
      return new Response(all, { status: response.status, headers: response.headers });
    });
    asked.answer = begun;
    return begun;
  }));
}

export async function send(path: string, call: Call = {}): Promise<Response> {
  const response = await (takeEarly(path, call) ?? fetch(path, requestOf(call))).catch((error: unknown) => {
    if (call.signal?.aborted) throw error;
    throw noAnswer();
  });
  if (!response.ok) throw await problemOf(response);
  return response;
}

export async function ask<T>(path: string, call: Call = {}): Promise<T> {
  const response = await send(path, call);
  return (await response.json().catch(() => Promise.reject(noAnswer()))) as T;
}
