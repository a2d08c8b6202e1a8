// SPDX-License-Identifier: Apache-2.0
// What is typed into the form, and the application that it becomes. Which blocks and fields there are, the platform says.
import { ask } from '@/shared/api/client';
import type { Application, Platform, Term } from '@/shared/api/types';

export type Block = Platform['form'][number];
export type Field = Block['fields'][number];
export type Typed = Record<string, string>; // by the fields' names: "agent.mobile"

export const copied = 'recipient.copy_from_agent';

export function emptyForm(platform: Platform): Typed {
  const typed: Typed = {};
  for (const { fields } of platform.form)
    for (const { name, choices } of fields) typed[name] = choices?.[0]?.value ?? '';
  typed['invoice.kind'] = platform.invoice.kinds[0];
  return typed;
}

// Is the field shown, given what is typed elsewhere?
export function isShown(field: Field, typed: Typed): boolean {
  return field.demand !== 'when_electronic' || typed['invoice.kind'] === 'electronic';
}

export function isRequired(field: Field, block: Block, expired: boolean): boolean {
  if (field.demand === 'when_expired') return expired;
  if (field.demand === 'when_electronic') return true;
  return block.demand === 'required' && field.demand === 'required';
}

const memberOf = (name: string) => name.slice(name.indexOf('.') + 1);

function blockContent(block: Block, typed: Typed): Record<string, string | boolean> | null {
  if (block.copy_from_agent && typed[copied] === 'true') return { copy_from_agent: true };
  const content: Record<string, string> = {};
  for (const field of block.fields)
    if (isShown(field, typed) && typed[field.name]?.trim()) content[memberOf(field.name)] = typed[field.name].trim();
  const onlyChoices = block.fields.every((field) => field.kind === 'choice' || !content[memberOf(field.name)]);
  return block.demand === 'optional' && onlyChoices ? null : content;
}

const accepted = ({ id, version, sha256 }: Platform['agreement']) => ({ id, version, sha256 });

export interface Chosen {
  serial: string;
  organisation: string;
  term: Term;
}

export async function applicationOf(platform: Platform, typed: Typed, chosen: Chosen): Promise<Application> {
  const { nonce } = await ask<{ nonce: string }>('/api/v1/challenges', { method: 'POST', json: {} });
  const blocks: Record<string, unknown> = {};
  for (const block of platform.form) {
    const content = blockContent(block, typed);
    if (content !== null) blocks[block.name] = content;
  }
  return {
    platform: platform.platform,
    nonce,
    client_version: platform.client.minimum_version_expired || platform.client.minimum_version || '1.0',
    certificate_serial: chosen.serial,
    term_months: chosen.term.months,
    quote_version: chosen.term.quote_version,
    amount_fen: chosen.term.amount_fen,
    agreement: accepted(platform.agreement),
    privacy_notice: accepted(platform.privacy_notice),
    sensitive_consent: accepted(platform.sensitive_consent),
    ...blocks,
    invoice: blocks.invoice ?? { kind: typed['invoice.kind'] },
  } as Application;
}
