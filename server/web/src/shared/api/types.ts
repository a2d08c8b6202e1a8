// SPDX-License-Identifier: Apache-2.0
// Names for what docs/openapi.yaml describes; schema.d.ts is made from it at build time.
import type { components } from './schema';

type Schemas = components['schemas'];
export type Progress = Schemas['Progress'];
export type OrderPage = Schemas['OrderPage'];
export type Order = OrderPage['orders'][number];
export type Invoice = NonNullable<OrderPage['invoice']>;
export type PaymentForm = Schemas['PaymentForm'];
export type PaymentState = Schemas['PaymentState'];
export type Platform = Schemas['Platform'];
export type Eligibility = Schemas['Eligibility'];
export type Term = Schemas['Term'];
export type PhoneTasks = Schemas['PhoneTasks'];
export type Materials = Schemas['Materials'];
export type RenewalState = Schemas['State'];
export type Issued = Schemas['Issued'];
export type PlatformNames = Schemas['PlatformNames'];
export type PortalSession = Schemas['PortalSession'];
export type Application = Schemas['Application'];
export type Submitted = Schemas['Submitted'];
export type FoundRenewals = Schemas['FoundRenewals'];
export type Banks = Schemas['Banks'];
export type BankTransfer = NonNullable<OrderPage['bank_transfer']>;
export type TransferPage = Schemas['TransferPage'];
export type AccountVerification = Schemas['AccountVerification'];
