// SPDX-License-Identifier: Apache-2.0
// A session of the web hall. Its token is a cookie that no script can read; the header says that a page of ours asks.
import { shallowRef } from 'vue';
import { ask, send, type Call } from '@/shared/api/client';
import { Problem } from '@/shared/api/problem';
import type { PortalSession } from '@/shared/api/types';

export const session = shallowRef<PortalSession | null>(null);

export const inSession = (call: Call = {}): Call => ({ ...call, headers: { ...call.headers, 'X-Xuqi-Request': 'page' } });

// null: not logged in.
export async function resumeSession() {
  try {
    session.value = await ask<PortalSession>('/api/v1/portal/sessions/current');
  } catch (error) {
    if (!(error instanceof Problem) || error.body.status !== 401) throw error;
    session.value = null;
  }
}

export async function openSession(proof: { account: string; password: string } | { mobile: string; code: string }) {
  await send('/api/v1/portal/sessions', { method: 'POST', json: proof });
  await resumeSession();
}

export async function closeSession() {
  await send('/api/v1/portal/sessions/current', inSession({ method: 'DELETE' }));
  session.value = null;
}
