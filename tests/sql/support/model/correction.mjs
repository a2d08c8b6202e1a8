// SPDX-License-Identifier: Apache-2.0
// Returned for correction, and corrected.
import { hex } from './reference.mjs';
import { call } from './call.mjs';
import { holder, refusal, token } from './desk.mjs';

const FIELDS = ['agent.name', 'agent.mobile', 'agent.id_type', 'agent.id_number', 'invoice.title', 'recipient.mobile'];
const DOCUMENTS = ['materials.agent_id', 'materials.business_licence', 'materials.application_form'];
const RECIPIENT = ['recipient.address', 'recipient.mobile', 'recipient.name'];

// What is named besides: the number with its type, and the recipient, whom no application of a walk has, as a whole.
const widened = (names) => [...new Set([...names, ...(names.includes('agent.id_type') ? ['agent.id_number'] : []),
  ...(names.some((name) => name.startsWith('recipient.')) ? RECIPIENT : [])])];
const isField = (name) => !name.startsWith('materials.');
export const kindOf = (name) => name.slice('materials.'.length);
const some = (pick, list, count) => [...new Set(Array.from({ length: count }, () => pick.of(list)))];

export function review_return(world, pick) {
  const again = world.renewals.filter((r) => r.returned.length > 0);
  const renewal = again.length > 0 && pick.chance(12) ? pick.of(again) : world.renewal(pick, 'awaiting_review');
  if (!renewal) return null;
  const earlier = (renewal.returned ?? []).length > 0 && pick.chance(40) ? pick.of(renewal.returned) : null;
  const { session, person, fault } = holder(world, pick, renewal, earlier?.by);
  const names = earlier && pick.chance(80) ? earlier.named
    : pick.chance(3) ? [] : [...some(pick, FIELDS, 1 + pick.below(2)), ...(pick.chance(40) ? some(pick, DOCUMENTS, 1) : [])];
  const seen = earlier ? 'earlier' : pick.chance(6) ? 'other' : 'present';
  const reason = earlier?.reason ?? pick.of(['wrong', 'unreadable']);
  const repeated = earlier && earlier.by === person && names.every((name) => earlier.items.includes(name));
  const expect = fault ?? (repeated ? 'returned' : renewal.unknown ? 'renewal_unknown'
    : refusal(renewal, person) ?? (seen !== 'present' ? 'case_changed' : names.length === 0 ? '!23514' : 'returned'));
  const list = (items) => `{${items.join()}}`;
  return call({
    procedure: 'review_return', expect, renewal,
    sql: `select * from xuqi.review_return($1, $2, case $3::text when 'present' then xuqi.renewal_content_hash($2)
      when 'earlier' then (select content_hash from xuqi.renewal_return where renewal_no = $2 and round = $4::bigint) else sha256('other') end, $5, $6, $7)`,
    values: [token(session), renewal.no, seen, earlier?.round ?? 0, list(names), list(names.map(() => reason)), list(names.map(() => '请更正'))],
    learns() {
      if (repeated || expect !== 'returned') return;
      const round = renewal.returned.length + 1;
      renewal.returned.push({ round, by: person, named: names, reason, items: widened(names), given: new Set() });
      Object.assign(renewal, { status: 'returned', approvals: [], done: 0, claim: null, remind: 'later', reminders: 0 });
      world.enqueue(renewal, 'returned', String(round));
    },
    wrong: (row) => (repeated && expect === 'returned' && row.status !== renewal.status ? `says ${row.status}` : null),
  });
}

// What the present return still lacks, once these fields are given: fields first, by name.
function missing(renewal, names) {
  if (renewal.status !== 'returned') return [];
  const now = renewal.returned.at(-1);
  const answered = [...renewal.materials].filter(([, page]) => page.round === now.round).map(([key]) => `materials.${key.split(' ')[0]}`);
  return [...now.items.filter((name) => isField(name) && !now.given.has(name) && !names.includes(name)).sort(),
    ...now.items.filter((name) => !isField(name) && !answered.includes(name)).sort()];
}

function evidenceOf(world, pick, renewal) {
  const earlier = renewal.corrections ?? [];
  return earlier.length > 0 && pick.chance(10) ? pick.of(earlier) : { word: world.fresh('correction') };
}

export function correction_begin(world, pick) {
  const renewal = world.renewal(pick, 'returned');
  if (!renewal) return null;
  const evidence = evidenceOf(world, pick, renewal);
  const signer = pick.chance(6) ? hex('somebody') : renewal.certificate.fingerprint;
  const expect = renewal.unknown ? 'renewal_unknown' : signer !== renewal.certificate.fingerprint ? 'signer_mismatch'
    : renewal.certificate.revoked ? 'certificate_revoked' : evidence.nonce ? 'repeated' : renewal.status !== 'returned' ? 'renewal_state' : 'ready';
  return call({
    procedure: 'correction_begin', values: [renewal.no, signer, hex(evidence.word)], expect, renewal,
    wrong(row) {
      if (!['ready', 'repeated'].includes(expect)) return null;
      const named = renewal.status === 'returned' ? renewal.returned.at(-1).items.filter(isField).sort() : [];
      const got = [row.status, row.missing, row.named, row.round, row.number].join(' | ');
      const wanted = [renewal.status, missing(renewal, []).join(' '), named.join(' '), renewal.returned.length, renewal.corrections.length].join(' | ');
      return got === wanted ? null : `says ${got} instead of ${wanted}`;
    },
  });
}

const SUBMIT = `select * from xuqi.correction_submit($1, $2, $3, $4, 'sealed correction', $5, $6, $7, $7, $7, $8, convert_to($9, 'UTF8'),
  $9, '440***', '139****9000', 'n***@example.com', '', sha256('id'), sha256('mobile'), null, null, '{}', '{}', $9, 'tax id')`;

export function correction_submit(world, pick) {
  const renewal = world.renewal(pick, 'returned');
  if (!renewal) return null;
  const fresh = world.nonces.filter((n) => !n.used && !n.expired);
  const evidence = evidenceOf(world, pick, renewal);
  const nonce = evidence.nonce ?? (pick.chance(3) || world.nonces.length === 0 ? null : pick.mostly(92, fresh, world.nonces));
  const signer = pick.chance(4) ? hex('somebody') : renewal.certificate.fingerprint;
  const now = renewal.returned?.at(-1);
  const open = now ? missing(renewal, []).filter(isField) : [];
  const names = pick.chance(8) ? open.slice(1) : pick.chance(8) ? [...new Set([...open, pick.of(FIELDS)])]
    : open.length === 0 && now && pick.chance(30) ? now.items.filter(isField).slice(0, 1) : open;
  const round = (renewal.returned?.length ?? 0) - (pick.chance(4) ? 1 : 0);
  const number = (renewal.corrections?.length ?? 0) - (pick.chance(4) ? 1 : 0);
  const repeated = evidence.nonce && signer === renewal.certificate.fingerprint && !renewal.certificate.revoked;
  const lacks = renewal.unknown ? [] : missing(renewal, repeated ? [] : names); // repeated: as things are by now
  const expect = repeated ? (renewal.status === 'returned' ? 'kept' : 'corrected')
    : !nonce ? 'nonce_unknown' : nonce.used ? 'nonce_used' : nonce.expired ? 'nonce_expired' : renewal.unknown ? 'renewal_unknown'
      : signer !== renewal.certificate.fingerprint ? 'signer_mismatch' : renewal.certificate.revoked ? 'certificate_revoked'
        : renewal.status !== 'returned' ? 'renewal_state' : round !== now.round || number !== renewal.corrections.length ? 'stale'
          : names.some((name) => !now.items.includes(name)) ? 'correction_unexpected' : lacks.some(isField) ? 'correction_incomplete'
            : names.length === 0 && lacks.length > 0 ? 'material_missing' : lacks.length > 0 ? 'kept' : 'corrected';
  const who = `who ${evidence.word}`;
  return call({
    procedure: 'correction_submit', sql: SUBMIT, expect, renewal,
    values: [hex(nonce?.word ?? 'never made'), renewal.no, signer, hex(evidence.word), round, number, `{${names.join()}}`,
      `{${names.map(() => 1).join()}}`, who],
    learns() {
      if (repeated || !['kept', 'corrected'].includes(expect)) return;
      nonce.used = { evidence: evidence.word, renewal };
      renewal.corrections.push({ word: evidence.word, nonce });
      renewal.who = who;
      for (const name of names) now.given.add(name);
      if (expect === 'corrected') Object.assign(renewal, { status: 'awaiting_review', remind: null });
    },
    wrong: (row) => (row.missing !== null && !renewal.unknown && row.missing !== lacks.join(' ') ? `lacks ${row.missing} instead of ${lacks.join(' ')}` : null),
  });
}

// The history, as the applicant and the desk see it.
export function return_list(world, pick) {
  const renewal = pick.mostly(90, world.renewals.filter((r) => r.returned.length > 0), world.renewals);
  if (!renewal) return null;
  const wanted = renewal.returned.flatMap((it) => it.items.map((name) => `${it.round} ${name}`)).sort().join();
  return call({
    procedure: 'return_list', values: [renewal.no], expect: 'listed', outcome: () => 'listed', renewal,
    wrong: (_, rows) => {
      const got = rows.map((row) => `${row.round} ${row.name}`).sort().join();
      const fields = rows.filter((row) => isField(row.name) && (row.corrected === 't') !== renewal.returned[row.round - 1].given.has(row.name));
      return got !== wanted ? `lists ${got} instead of ${wanted}` : fields.length > 0 ? `says ${fields[0].name} corrected ${fields[0].corrected}` : null;
    },
  });
}
