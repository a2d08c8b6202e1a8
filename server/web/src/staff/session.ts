// SPDX-License-Identifier: Apache-2.0
// Who works here. The session's token is a cookie that no script can read. When it ends while somebody works, the page
// stays as it is, asks for the login above it, and what was refused is asked again afterwards.
import { ref, shallowRef } from 'vue';
import { ask, ofPage, send, type Call } from '@/shared/api/client';
import { Problem } from '@/shared/api/problem';
import type { components } from '@/shared/api/schema';
import { either } from '@/shared/i18n';

export type Session = components['schemas']['Session'];
export type Role = Session['roles'][number];

export const session = shallowRef<Session | null>(null);
export const isEnded = ref(false); // the login stands above the page, and nothing of the page is seen
export const isLocked = ref(false); // it was ended by its owner, who has left the desk

let waiting: (() => void)[] = [];
const current = '/api/v1/staff/sessions/current';

const isOver = (error: unknown) => error instanceof Problem && error.body.status === 401;

function loggedInAgain(): Promise<void> {
  isEnded.value = true;
  return new Promise((resolve) => { waiting.push(resolve); });
}

// Somebody has logged in anew in another tab: the mark is that of the session before.
const isMarkOld = (error: unknown) => error instanceof Problem && error.code === 'csrf_foreign';

// A call refused for want of a session has done nothing, and is made again.
async function inSession<T>(call: (mark: string) => Promise<T>): Promise<T> {
  for (let renewed = false; ;)
    try {
      return await call(session.value?.csrf_token ?? '');
    } catch (error) {
      if (session.value === null) throw error;
      if (isOver(error)) await loggedInAgain();
      else if (isMarkOld(error) && !renewed) await resumeSession();
      else throw error;
      renewed = true;
    }
}

export const read = <T>(path: string, call: Call = {}) => inSession(() => ask<T>(path, call));
export const readBytes = (path: string) => inSession(async () => new Uint8Array(await (await send(path, { headers: { Accept: '*/*' } })).arrayBuffer()));
// key: the same request sent again is the same request.
export const write = <T>(method: 'POST' | 'PUT' | 'DELETE', path: string, json?: unknown, key?: string) =>
  inSession((mark) => ask<T>(path, ofPage({ method, json, headers: key ? { 'Idempotency-Key': key } : {} }, mark)));
// A write that is answered with a file.
export const handOut = (path: string, json: unknown) => inSession(async (mark) => (await send(path, ofPage({ method: 'POST', json, headers: { Accept: '*/*' } }, mark))).blob());
export const newKey = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
export const hand = <T>(method: 'POST' | 'PUT', path: string, body: Blob) => inSession((mark) => ask<T>(path, ofPage({ method, body }, mark)));

// One session serves all tabs of a browser: when it ends is what the last of them was told.
const keptUntil = 'xuqi-staff-until';
export const endsAt = () => Date.parse(localStorage.getItem(keptUntil) ?? session.value?.expires_at ?? '');

export async function resumeSession() {
  try {
    session.value = await ask<Session>(current);
    localStorage.setItem(keptUntil, session.value.expires_at);
  } catch (error) {
    if (!isOver(error)) throw error;
    if (session.value !== null) isEnded.value = true;
  }
}

// A session ends when unused, and only this call says that it is used.
export async function keepSession() {
  await resumeSession().catch((error: unknown) => { if (!(error instanceof Problem)) throw error; }); // no answer: next time
}

export async function openSession(name: string, password: string, totp: string) {
  const before = session.value?.name;
  await send('/api/v1/staff/sessions', { method: 'POST', json: { name, password, totp } });
  if (before !== undefined && before !== name) return window.location.reload(); // another person does not see this one's page
  await resumeSession();
  isEnded.value = isLocked.value = false;
  waiting.splice(0).forEach((resume) => resume());
}

export async function closeSession() {
  await send(current, ofPage({ method: 'DELETE' }, session.value?.csrf_token));
  window.location.assign('/staff/');
}

// The page is covered at once and the session is over: whoever comes next needs the password. What was typed stays below.
export async function lockSession(byOwner: boolean) {
  isEnded.value = true;
  isLocked.value = byOwner;
  const end = () => send(current, ofPage({ method: 'DELETE' }, session.value?.csrf_token));
  try {
    await end().catch(async (error: unknown) => {
      if (!isMarkOld(error)) throw error;
      await resumeSession();
      return end();
    });
  } catch (error) {
    if (!isOver(error)) throw error; // over already
  }
}

// As people call a platform; its code where the session does not know it.
export function platformName(id: string): string {
  const known = session.value?.platforms.find((it) => it.platform === id);
  return known ? either(known.name, known.name_en) : id;
}

export const has = (...roles: Role[]) => session.value?.roles.some((role) => roles.includes(role)) ?? false;
