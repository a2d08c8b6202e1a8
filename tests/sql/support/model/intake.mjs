// SPDX-License-Identifier: Apache-2.0
// Applications: challenges and submissions.
import { GATEWAYS, hex, isOpen } from './reference.mjs';
import { call } from './call.mjs';

const SUBMIT = `select * from xuqi.renewal_submit($1, 'sz-consumables', 'v', $2, $3, $4, '2026-12-31 12:00:00+08', '\\x3000', $5, $5,
  $6, $7, 'sealed evidence', $8, 0, $9, $10, '2027-12-31 12:00:00+08', 'profile', '1', $11, $12, 'agreement', '1',
  repeat('0', 64), '4.2.0', '张*', '440***********0011', '138****8000', 'z***@example.com', '', 'electronic', 'title', 'tax id',
  'sealed personal', sha256('id'), sha256('mobile'), $13, 30, '{${GATEWAYS}}', $14)`;
export const GUILD_LIMIT = 3;
const PRICES = { 12: 20000, 24: 20000, 36: 3 }; // fen by months, as every story finds them loaded

export function challenge_create(world, pick) {
  const again = world.nonces.length > 0 && pick.chance(10);
  const nonce = again ? pick.of(world.nonces) : { word: world.fresh('nonce'), expired: pick.chance(8), old: false, used: null };
  return call({
    procedure: 'challenge_create', values: [hex(nonce.word), nonce.expired && !again ? 0 : 3600],
    expect: again ? 'again' : 'made', outcome: () => (again ? 'again' : 'made'),
    learns() { if (!again) world.nonces.push(nonce); },
  });
}

function newCertificate(world, pick) {
  const name = world.fresh('certificate');
  const certificate = {
    name, fingerprint: hex(name), der: name, serial: `c0ffee${hex(name).slice(2, 12)}`, revoked: false, registered: false,
    organisation: pick.chance(30) ? 'guild' : `organisation of ${name}`, reviews: pick.of([0, 1, 1, 2, 2]),
    account: pick.chance(8) ? 'when_paid_online' : 'never', months: pick.of([12, 24, 36]),
    rate: pick.of([600, 600, 0, 1300]), required: pick.chance(15) ? ['business_licence', 'agent_id'] : [],
  };
  world.certificates.push(certificate);
  return certificate;
}

function choice(world, pick) {
  const idle = world.certificates.filter((c) => !world.renewals.some((r) => r.certificate === c && isOpen(r)));
  if (world.certificates.length < 3 || (world.renewals.filter(isOpen).length < 12 && pick.chance(60))) return newCertificate(world, pick);
  return pick.mostly(50, idle, world.certificates);
}

// Why no new renewal of this certificate is made, if so; with the open one.
export function standing(world, certificate) {
  if (certificate.revoked) return ['certificate_revoked'];
  const open = world.renewals.find((r) => r.certificate === certificate && isOpen(r));
  if (open) return ['open', open];
  if (world.renewals.some((r) => r.certificate === certificate && r.status === 'completed')) return ['certificate_renewed'];
  if (certificate.organisation === 'guild' && world.renewals.filter((r) =>
    r.payer === 'guild' && r.certificate !== certificate && isOpen(r)).length >= GUILD_LIMIT) return ['organisation_limit'];
  return [null];
}

function verdict(world, nonce, certificate, evidence, amount) {
  if (!nonce) return ['nonce_unknown'];
  if (nonce.used) {
    const made = world.renewals.find((r) => r === nonce.used.renewal && r.certificate === certificate && nonce.used.evidence === evidence);
    return made ? ['open', made] : ['nonce_used'];
  }
  if (nonce.expired) return ['nonce_expired'];
  const found = standing(world, certificate);
  if (found[0]) return found;
  return amount === PRICES[certificate.months] ? ['created'] : ['quote_changed'];
}

function submission(world, { nonce, certificate, evidence, amount }) {
  const word = nonce?.word ?? 'never made';
  const [expect, made] = verdict(world, nonce, certificate, evidence, amount);
  return call({
    procedure: 'renewal_submit', sql: SUBMIT, expect,
    values: [hex(word), certificate.fingerprint, certificate.serial, certificate.der, `CN=${certificate.name}`, certificate.organisation,
      hex(evidence), certificate.months, amount, certificate.rate,
      certificate.reviews, certificate.account, certificate.organisation === 'guild' ? GUILD_LIMIT : 0, `{${certificate.required}}`],
    learns(row) {
      let renewal = made;
      if (expect === 'created') {
        renewal = {
          no: row.renewal_no, orderNo: row.order_no, certificate, payer: certificate.organisation, amount,
          status: certificate.required.length > 0 ? 'draft' : 'awaiting_payment', required: certificate.required, materials: new Map(),
          order: 'unpaid', spent: 0, reviews: certificate.reviews, account: certificate.account, rate: certificate.rate, done: 0,
          claim: null, approvals: [], rejected: null, attempts: [], refund: null, refunds: 0, asking: false, surplus: [], overdue: false,
          returned: [], corrections: [], who: '张*', replaced: 0, remind: null, reminders: 0,
        };
        world.renewals.push(renewal);
        if (renewal.status !== 'draft') world.enqueue(renewal, 'submitted');
      }
      if (renewal && !nonce.used) nonce.used = { evidence, renewal };
      return renewal;
    },
    // What is answered is the one renewal, whoever asks again.
    wrong: (row) => (made && (row.renewal_no !== made.no || row.order_no !== made.orderNo || Number(row.amount_fen) !== made.amount
      || row.status !== made.status) ? `answered ${row.renewal_no} instead of ${made.no}` : null),
  });
}

export function renewal_submit(world, pick) {
  const fresh = world.nonces.filter((n) => !n.used && !n.expired);
  const nonce = pick.chance(3) || world.nonces.length === 0 ? null : pick.mostly(88, fresh, world.nonces);
  const certificate = choice(world, pick);
  const whole = PRICES[certificate.months];
  return submission(world, { nonce, certificate, evidence: world.fresh('evidence'), amount: pick.chance(3) ? whole + 1 : whole });
}

// The very same signed bytes once more, or some of them with another certificate.
export function renewal_resubmit(world, pick) {
  const used = world.nonces.filter((n) => n.used?.renewal);
  if (used.length === 0) return null;
  const nonce = pick.of(used);
  const certificate = pick.chance(85) ? nonce.used.renewal.certificate : pick.of(world.certificates);
  return submission(world, { nonce, certificate, evidence: nonce.used.evidence, amount: PRICES[certificate.months] });
}
