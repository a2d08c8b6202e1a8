// SPDX-License-Identifier: Apache-2.0
// Taking the payer to a gateway: a form made here and posted, never an inline script.
import type { PaymentForm } from '@/shared/api/types';

let tabs = 0;

export interface Tab {
  name: string;
  storage: Storage; // of the tab: what is kept there is there when the gateway brings the payer back
  close(): void;
}

// A tab that the click has opened and the form will fill; null where the browser refused.
export function openBlank(): Tab | null {
  const name = `xuqi-pay-${Date.now()}-${(tabs += 1)}`;
  const opened = window.open('', name);
  return opened === null ? null : { name, storage: opened.sessionStorage, close: () => opened.close() };
}

// Into the tab, or in place of this page.
export function postForm(payment: PaymentForm, tab: Tab | null): boolean {
  if (!payment.action || !payment.fields) return false;
  const form = document.createElement('form');
  form.method = 'post';
  form.action = payment.action;
  form.acceptCharset = 'utf-8';
  form.target = tab?.name ?? '_self';
  for (const [name, value] of Object.entries(payment.fields)) {
    const input = document.createElement('input');
    Object.assign(input, { type: 'hidden', name, value });
    form.append(input);
  }
  document.body.append(form);
  form.submit();
  form.remove();
  return true;
}

// Which attempt a tab has gone to pay: a gateway brings it back with little more than the order's number.
const keptAs = (no: string) => `xuqi-paying-${no}`;
export const attemptOf = (no: string) => sessionStorage.getItem(keptAs(no));
export const keepAttempt = (no: string, attempt: string, tab: Tab | null) => [sessionStorage, tab?.storage].forEach((storage) => storage?.setItem(keptAs(no), attempt));
export const forgetAttempt = (no: string) => sessionStorage.removeItem(keptAs(no));
