// SPDX-License-Identifier: Apache-2.0
// What an applicant does between applying and paying: asks, looks up, withdraws, and hands in documents.
import { hex, isOpen } from './reference.mjs';
import { call } from './call.mjs';
import { GUILD_LIMIT, standing } from './intake.mjs';
import { kindOf } from './correction.mjs';
import { caller, token } from './desk.mjs';

export const KINDS = ['application_form', 'business_licence', 'agent_id', 'authorisation'];

export function renewal_cancel(world, pick) {
  const renewal = pick.chance(40) ? world.renewal(pick, 'draft', 'awaiting_payment') : world.renewal(pick);
  if (!renewal) return null;
  const unpaid = ['draft', 'awaiting_payment'].includes(renewal.status);
  const expect = renewal.unknown ? 'renewal_unknown' : unpaid || renewal.status === 'cancelled' ? 'cancelled'
    : ['awaiting_review', 'returned', 'awaiting_account', 'awaiting_install'].includes(renewal.status) ? 'refund_asked' : 'renewal_state';
  return call({
    procedure: 'renewal_cancel', values: [renewal.no], expect, renewal,
    learns() {
      if (expect === 'refund_asked' && !renewal.asking) {
        renewal.asking = true;
        renewal.refunds++;
      }
      if (!unpaid) return;
      Object.assign(renewal, { status: 'cancelled', order: 'cancelled' });
      world.enqueue(renewal, 'cancelled');
    },
  });
}

export function renewal_eligibility(world, pick) {
  if (world.certificates.length === 0) return null;
  const certificate = pick.of(world.certificates);
  const [found] = standing(world, certificate);
  const open = world.renewals.some((r) => r.certificate === certificate && isOpen(r));
  return call({
    procedure: 'renewal_eligibility', renewal: null,
    values: [certificate.fingerprint, certificate.organisation, 'sz-consumables', certificate.organisation === 'guild' ? GUILD_LIMIT : 0],
    expect: found === 'open' || !found ? 'may' : found, outcome: (rows) => rows[0].refusal ?? 'may',
    wrong: (row) => ((row.open === 't') !== open ? `says open ${row.open}` : null),
  });
}

export function renewal_lookup(world, pick) {
  if (world.certificates.length === 0) return null;
  const certificate = pick.of(world.certificates);
  const fresh = world.nonces.filter((n) => !n.used && !n.expired);
  const asked = world.nonces.filter((n) => n.used && !n.used.renewal);
  const nonce = pick.chance(5) || world.nonces.length === 0 ? null : asked.length > 0 && pick.chance(20) ? pick.of(asked) : pick.mostly(80, fresh, world.nonces);
  const evidence = nonce?.used && pick.chance(80) ? nonce.used.evidence : world.fresh('question');
  const theirs = world.renewals.filter((r) => r.certificate === certificate).map((r) => r.no).sort();
  const expect = !nonce ? 'nonce_unknown' : nonce.used && (nonce.used.evidence !== evidence || nonce.used.renewal) ? 'nonce_used'
    : nonce.expired ? 'nonce_expired' : certificate.revoked ? 'certificate_revoked' : theirs.length > 0 ? 'found' : 'empty';
  return call({
    procedure: 'renewal_lookup', values: [hex(nonce?.word ?? 'never made'), hex(evidence), certificate.fingerprint], expect,
    learns() { if (['found', 'empty'].includes(expect) && !nonce.used) nonce.used = { evidence, renewal: null }; },
    wrong: (_, rows) => (expect === 'found' && rows.map((row) => row.renewal_no).sort().join() !== theirs.join() ? 'finds other renewals' : null),
  });
}

// -- documents ---------------------------------------------------------------------------------------------------------

const page = (kind, number) => `${kind} ${number}`;
const named = (renewal) => renewal.returned?.at(-1)?.items.filter((name) => name.startsWith('materials.')).map(kindOf) ?? [];
// The kinds that may change now.
const wanted = (renewal) => (renewal.status === 'draft' ? renewal.required : renewal.status === 'returned' ? named(renewal) : []);
const editable = (renewal) => ['draft', 'returned'].includes(renewal.status);
// A page that a reviewer has seen is kept.
const leaves = (renewal, held) => { if (held && held.round < renewal.returned.length) renewal.replaced++; };

export function material_put(world, pick) {
  const renewal = world.renewal(pick, 'draft', 'returned');
  if (!renewal) return null;
  const kind = pick.mostly(90, renewal.unknown ? [] : wanted(renewal), KINDS);
  const number = pick.chance(3) ? 11 : 1 + pick.below(2);
  const content = `scan ${pick.below(3)}`;
  const held = renewal.materials?.get(page(kind, number));
  const expect = renewal.unknown ? 'renewal_unknown' : !editable(renewal) ? 'renewal_state'
    : !wanted(renewal).includes(kind) ? 'material_unexpected' : held?.content === content ? 'kept' : number > 10 ? '!23514' : held ? 'replaced' : 'created';
  return call({
    procedure: 'material_put', sql: `select * from xuqi.material_put($1, $2, $3, 'image/png', 6, $4, convert_to($5, 'UTF8'))`,
    values: [renewal.no, kind, number, hex(content), `sealed ${content}`], expect, renewal,
    learns() {
      if (!['created', 'replaced'].includes(expect)) return;
      leaves(renewal, held);
      renewal.materials.set(page(kind, number), { content, round: renewal.returned.length });
    },
  });
}

export function material_remove(world, pick) {
  const renewal = world.renewal(pick, 'draft', 'returned');
  if (!renewal) return null;
  const [kind, number] = pick.mostly(70, [...(renewal.materials?.keys() ?? [])], ['agent_id 9']).split(' ');
  const held = renewal.materials?.get(page(kind, number));
  const expect = renewal.unknown ? 'renewal_unknown' : !editable(renewal) ? 'renewal_state'
    : !wanted(renewal).includes(kind) ? 'material_unexpected' : held ? 'removed' : 'material_unknown';
  return call({
    procedure: 'material_remove', values: [renewal.no, kind, number], expect, renewal,
    learns() {
      if (expect !== 'removed') return;
      leaves(renewal, held);
      renewal.materials.delete(page(kind, number));
    },
  });
}

export function draft_submit(world, pick) {
  const renewal = world.renewal(pick, 'draft', 'draft', 'awaiting_payment');
  if (!renewal) return null;
  const missing = (renewal.required ?? []).filter((kind) => ![...renewal.materials.keys()].some((key) => key.startsWith(`${kind} `)));
  const again = renewal.status === 'awaiting_payment' && renewal.required.length > 0;
  const expect = renewal.unknown ? 'renewal_unknown' : again ? 'submitted' : renewal.status !== 'draft' ? 'renewal_state'
    : missing.length > 0 ? 'material_missing' : 'submitted';
  return call({
    procedure: 'draft_submit', values: [renewal.no], expect, renewal,
    learns() {
      if (expect !== 'submitted' || again) return;
      renewal.status = 'awaiting_payment';
      world.enqueue(renewal, 'submitted');
    },
    wrong: (row) => (expect === 'material_missing' && row.missing !== missing.join(' ') ? `misses ${row.missing}` : null),
  });
}

export function review_material(world, pick) {
  const withSome = world.renewals.filter((r) => r.materials.size > 0);
  const renewal = pick.chance(50) && withSome.length > 0 ? pick.of(withSome) : world.renewal(pick, 'awaiting_review');
  if (!renewal) return null;
  const { session, fault } = caller(world, pick);
  const [kind, number] = pick.mostly(80, [...(renewal.materials?.keys() ?? [])], ['agent_id 9']).split(' ');
  const expect = fault ?? (renewal.unknown ? 'renewal_unknown' : renewal.materials.has(page(kind, number)) ? 'ok' : 'material_unknown');
  return call({ procedure: 'review_material', values: [token(session), renewal.no, kind, number], expect, renewal });
}

export function application_form(world, pick) {
  const renewal = world.renewal(pick, 'draft');
  if (!renewal) return null;
  return call({ procedure: 'application_form', values: [renewal.no], expect: renewal.unknown ? 'renewal_unknown' : 'ok', renewal });
}
