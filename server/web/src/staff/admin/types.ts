// SPDX-License-Identifier: Apache-2.0
// What the administration's pages read, as docs/openapi.yaml describes it.
import type { components } from '@/shared/api/schema';

type Schemas = components['schemas'];
export type Platform = Schemas['AdminPlatform'];
export type FeeVersion = Schemas['FeeVersion'];
export type FeeChange = Schemas['FeeChange'];
export type Account = Schemas['StaffAccount'];
export type Request = Schemas['AdminRequest'];
export type Decision = Schemas['AdminDecision'];
export type Halts = Schemas['AdminHalts'];
export type Calendar = Schemas['AdminCalendar'];
export type Texts = Schemas['AdminTexts'];
export type Events = Schemas['AuditEvents'];
export type Event = Events['events'][number];
export type Proof = Schemas['AuditProof'];
export type Prices = { version: number; items: { effective_on: string; begun: boolean; months: number; name: string; unit_fen: number; quantity: number }[] };
export type PriceItem = Prices['items'][number];

export const roles = ['reviewer', 'senior_reviewer', 'finance', 'auditor', 'administrator'] as const;
