// SPDX-License-Identifier: Apache-2.0
// Who submitted in the web hall proves himself by its session for what the order's address alone does not allow: to correct
// and to fetch the certificate.
import { ask, type Call } from '@/shared/api/client';
import type { Platform } from '@/shared/api/types';
import { askInSession } from './session';

export const isOfHall = (platform: Platform) => platform.proofs.some((proof) => proof === 'portal_account' || proof === 'sms_code');

export const newNonce = async () => (await ask<{ nonce: string }>('/api/v1/challenges', { method: 'POST', json: {} })).nonce;

export const askAsSubmitter = <T>(path: string, renewalToken: string, call: Call) =>
  askInSession<T>(path, { ...call, headers: { ...call.headers, 'X-Xuqi-Renewal': renewalToken } });
