// SPDX-License-Identifier: Apache-2.0
// The token of an order, which stands behind the # of its address. A gateway brings the payer back without it: the tab that
// was opened for paying has it from the page that opened it (HTML 7.3.1: session storage is copied), and no other has.
const keptAs = (no: string) => `xuqi-order-${no}`;

export function tokenOf(no: string): string {
  const given = window.location.hash.slice(1);
  if (given !== '') sessionStorage.setItem(keptAs(no), given);
  const token = given || (sessionStorage.getItem(keptAs(no)) ?? '');
  if (token !== '' && given === '') window.history.replaceState(window.history.state, '', `${window.location.pathname}#${token}`);
  return token;
}
