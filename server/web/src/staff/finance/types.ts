// SPDX-License-Identifier: Apache-2.0
// Rows of the finance desk's lists, as docs/openapi.yaml describes them.
import type { components } from '@/shared/api/schema';

type Schemas = components['schemas'];
export type StatementImport = Schemas['StatementImport'];
export type StatementTaken = Schemas['StatementTaken'];
export type StatementLine = Schemas['StatementLine'];
export type FinanceLine = Schemas['FinanceLines']['lines'][number];
export type FinanceOrder = Schemas['FinanceOrders']['orders'][number];
export type Candidate = Schemas['FinanceCandidates']['candidates'][number];
export type Match = Schemas['FinanceMatches']['matches'][number];
export type FinanceRequest = Schemas['FinanceRequests']['requests'][number];
export type FinanceAsking = Schemas['FinanceAsking'];
export type FinanceAsked = Schemas['FinanceAsked'];
export type ReconciledDay = Schemas['ReconciledDay'];
export type Difference = Schemas['Difference'];
export type ClearingDay = Schemas['ClearingDay'];
export type Refund = Schemas['RefundPage']['refunds'][number];
export type RefundMoved = Schemas['RefundMoved'];

export const rails = ['alipay', 'unionpay', 'wechat'] as const;
export type LedgerBalance = Schemas['LedgerBalance'];
export type LedgerTransfer = Schemas['LedgerTransfer'];
export type LedgerPosting = Schemas['LedgerPosting'];
export type Evidence = LedgerPosting['evidence'][number];
export type Reversal = Schemas['Reversal'];
export type Change = Schemas['FinanceChanges']['changes'][number];
export type Payout = Schemas['Payout'];
export type Figure = Schemas['FinanceFigure'];
