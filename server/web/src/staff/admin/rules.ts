// SPDX-License-Identifier: Apache-2.0
// A platform's rules in words.
import type { Platform } from './types';
import { a } from './words';

export function windowText({ window: it }: Platform): string {
  const before = !it.unexpired ? a('window_expired_only') : it.opens_days_before < 0 ? a('window_any') : a('window_before', { days: it.opens_days_before });
  if (!it.expired) return it.unexpired ? `${before} · ${a('window_unexpired')}` : before;
  const after = it.closes_days_after > 0 ? a('window_closes', { days: it.closes_days_after }) : it.unexpired ? a('window_expired') : '';
  return [before, after].filter(Boolean).join(' · ');
}

export function reviewText({ review: it }: Platform): string {
  return [
    a.of('review', it.kind),
    it.working_days > 0 ? a('review_promise', { days: it.working_days }) : a('review_no_promise'),
    it.risk_kind ? a('review_risk', { kind: a.of('review', it.risk_kind) }) : '',
    it.kind === 'two' && it.order === 'parallel' ? a('review_parallel') : '',
    it.sample_percent > 0 ? a('review_sample', { percent: it.sample_percent }) : '',
  ].filter(Boolean).join(' · ');
}

const list = (kind: string, words: string[]) => words.map((word) => a.of(kind, word)).join('、');

export function materialsText(it: Platform): string {
  const always = it.materials.length ? list('material', it.materials) : a('materials_none');
  return it.materials_expired.length ? `${always} · ${a('materials_when_expired', { list: list('material', it.materials_expired) })}` : always;
}

export const facts = (it: Platform): { name: string; text: string }[] => [
  { name: a('window'), text: windowText(it) },
  { name: a('proof'), text: list('proof', it.proofs) },
  { name: a('materials'), text: materialsText(it) },
  { name: a('identity'), text: it.identity_steps.length ? list('identity', it.identity_steps) : a('materials_none') },
  { name: a('review'), text: reviewText(it) },
  { name: a('account'), text: a.of('account', it.account_verification.kind) },
  { name: a('invoice'), text: `${list('invoice', it.invoice.kinds)} · ${a.of('moment', it.invoice.moment)}` },
  { name: a('closes_unpaid'), text: a('days', { days: it.unpaid_close_days }) },
  { name: a('per_organisation'), text: it.open_per_organisation > 0 ? String(it.open_per_organisation) : a('no_limit') },
  { name: a('match_two'), text: it.match_two_people ? a('match_two_yes') : a('match_two_no') },
  { name: a('client_version'), text: [it.client.minimum_version && a('client_at_least', { version: it.client.minimum_version }), it.client.minimum_version_expired && a('client_expired', { version: it.client.minimum_version_expired })].filter(Boolean).join(' · ') || a('no_limit') },
  { name: a('profile'), text: it.profile },
  { name: a('hotline'), text: it.contact.hotline },
];
