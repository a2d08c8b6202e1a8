// SPDX-License-Identifier: Apache-2.0
import type { components } from '@/shared/api/schema';

type Schemas = components['schemas'];
export type Case = Schemas['Case'];
export type QueueRow = Schemas['Cases']['cases'][number];
export type MaterialPage = Case['materials'][number];
export type Action = Case['actions'][number]['action'];
export type DeskCounts = Schemas['DeskCounts'];
export type Mistake = Schemas['Mistake'];
export type Pass = Schemas['Pass'];
export type Claim = Schemas['Claim'];
export type Approved = Schemas['Approved'];

export const casePath = (no: string) => `/api/v1/review/cases/${encodeURIComponent(no)}`;
// The same in a tab of its own, with who looks at it across it.
export const originalPath = (no: string, page: MaterialPage) => `/staff/review/${encodeURIComponent(no)}/original/${page.kind}/${page.page}`;
export const materialPath = (no: string, page: MaterialPage) => `${casePath(no)}/materials/${page.kind}/${page.page}`;
