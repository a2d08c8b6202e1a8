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

// What a page will read first, asked for before the page is there: the first read of this address gets that answer.
const early = new Map<string, { answer: Promise<Response>; ended: AbortController }>();

export function askEarly(path: string, call: Call) {
  const ended = new AbortController();
  const answer = send(path, { ...call, signal: ended.signal });
  answer.catch(() => undefined); // whoever reads it is told
  early.set(path, { answer, ended });
}

function takeEarly(path: string, call: Call): Promise<Response> | undefined {
  const asked = (call.method ?? 'GET') === 'GET' ? early.get(path) : undefined;
  if (!asked) return undefined;
  early.delete(path);
  call.signal?.addEventListener('abort', () => asked.ended.abort(), { once: true });
  return asked.answer;
}

export async function send(path: string, call: Call = {}): Promise<Response> {
  const asked = takeEarly(path, call);
  if (asked) return asked;
  const response = await fetch(path, requestOf(call)).catch((error: unknown) => {
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
