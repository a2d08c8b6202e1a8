// SPDX-License-Identifier: Apache-2.0
// A session of the web hall. Its token is a cookie that no script can read.
import { shallowRef } from 'vue';
import { ask, type Call, ofPage as inSession, send } from '@/shared/api/client';
import { Problem } from '@/shared/api/problem';
import type { PortalSession } from '@/shared/api/types';

export const session = shallowRef<PortalSession | null>(null);

export { inSession };

// Who never logged in here is not asked about.
const opened = 'xuqi-hall-session';

// null: not logged in.
export async function resumeSession() {
  if (localStorage.getItem(opened) === null) return;
  try {
    session.value = await ask<PortalSession>('/api/v1/portal/sessions/current');
  } catch (error) {
    if (!(error instanceof Problem) || error.body.status !== 401) throw error;
    localStorage.removeItem(opened);
    session.value = null;
  }
}

// Within the session. That it has ended is noticed, and asked for anew beside what was typed.
export async function askInSession<T>(path: string, call: Call): Promise<T> {
  try {
    return await ask<T>(path, inSession(call));
  } catch (error) {
    if (error instanceof Problem && error.code === 'unauthenticated') session.value = null;
    throw error;
  }
}

export async function openSession(proof: { account: string; password: string } | { mobile: string; code: string }) {
  await send('/api/v1/portal/sessions', { method: 'POST', json: proof });
  localStorage.setItem(opened, 'yes');
  await resumeSession();
}

export async function closeSession() {
  await send('/api/v1/portal/sessions/current', inSession({ method: 'DELETE' }));
  localStorage.removeItem(opened);
  session.value = null;
}
