// SPDX-License-Identifier: Apache-2.0
// Which documents prove which fields, the best first.
import type { MaterialPage } from './types';

const person = ['id_photo_front', 'agent_id', 'authorisation', 'application_form'];
const organisation = ['business_licence', 'application_form', 'authorisation'];
const form = ['application_form'];

const proofs: [prefix: string, kinds: string[]][] = [
  ['agent.id_number', ['id_photo_front', 'agent_id', 'application_form']],
  ['agent.name', person],
  ['agent.', form],
  ['recipient', form],
  ['organisation.', organisation],
  ['certificate.', organisation],
  ['legal_person.', organisation],
  ['basic_account.', form],
  ['invoice.', form],
];

// Where among the documents that lie here a field is proved; -1 where none does.
export function proofOf(field: string, pages: MaterialPage[]): number {
  const kinds = proofs.find(([prefix]) => field.startsWith(prefix))?.[1] ?? form;
  for (const kind of kinds) {
    const at = pages.findIndex((page) => page.kind === kind);
    if (at >= 0) return at;
  }
  return -1;
}

export const keyOfPage = (page: MaterialPage) => `${page.kind}/${page.page}/${page.sha256.slice(0, 12)}`;
