// SPDX-License-Identifier: Apache-2.0
// Staff, their sessions, and the review desk.
import { hex } from './reference.mjs';
import { call } from './call.mjs';

const LIMIT = 3;
const valid = (session) => session && !session.ended && !session.idle && session.person.status === 'active';
const may = (person) => person.roles.some((role) => ['reviewer', 'senior_reviewer'].includes(role));
export const token = (session) => hex(session?.word ?? 'guess');

// A session to knock with: mostly a reviewer's; now and then somebody else's, an ended one or none.
export function caller(world, pick) {
  const wanted = world.sessions.filter((s) => valid(s) && may(s.person));
  const session = pick.chance(1) ? null : pick.mostly(95, wanted, [null, ...world.sessions]);
  return { session, person: session?.person, fault: !valid(session) ? 'unauthenticated' : !may(session.person) ? 'forbidden' : null };
}

export const refusal = (renewal, person) =>
  renewal.status !== 'awaiting_review' ? 'renewal_state' : renewal.approvals.includes(person) ? 'reviewer_same'
    : !renewal.claim?.live ? 'case_not_claimed' : renewal.claim.by !== person ? 'case_claimed' : null;

export function review_claim(world, pick) {
  const renewal = world.renewal(pick, 'awaiting_review');
  if (!renewal) return null;
  const { session, person, fault } = caller(world, pick);
  const expect = fault ?? (renewal.unknown ? 'renewal_unknown' : renewal.status !== 'awaiting_review' ? 'renewal_state'
    : renewal.claim?.live && renewal.claim.by !== person ? 'case_claimed' : renewal.approvals.includes(person) ? 'reviewer_same' : 'claimed');
  return call({
    procedure: 'review_claim', values: [token(session), renewal.no, 3600], expect, renewal,
    learns() { if (expect === 'claimed') renewal.claim = { by: person, live: true }; },
  });
}

export function review_release(world, pick) {
  const renewal = world.renewal(pick, 'awaiting_review');
  if (!renewal) return null;
  const { session, person, fault } = caller(world, pick);
  const expect = fault ?? (renewal.unknown ? 'renewal_unknown'
    : renewal.claim?.live && renewal.claim.by !== person ? 'case_claimed' : 'released');
  return call({
    procedure: 'review_release', values: [token(session), renewal.no], expect, renewal,
    learns() { if (expect === 'released' && renewal.claim?.by === person) renewal.claim = null; },
  });
}

// Whoever holds it decides, more often than chance would have it.
export function holder(world, pick, renewal, who = renewal.claim?.by) {
  const theirs = world.sessions.find((s) => valid(s) && s.person === who);
  return theirs && pick.chance(75) ? { session: theirs, person: theirs.person, fault: null } : caller(world, pick);
}

export function review_approve(world, pick) {
  const renewal = world.renewal(pick, 'awaiting_review');
  if (!renewal) return null;
  const { session, person, fault } = holder(world, pick, renewal);
  const right = !pick.chance(6);
  const repeated = right && renewal.approvals.includes(person) && renewal.status !== 'rejected';
  const answer = (done) => (done >= renewal.reviews ? 'approved' : 'first_approval');
  const expect = fault ?? (repeated ? answer(renewal.done) : renewal.unknown ? 'renewal_unknown'
    : refusal(renewal, person) ?? (!right ? 'case_changed' : answer(renewal.done + 1)));
  return call({
    procedure: 'review_approve', expect, renewal,
    sql: 'select * from xuqi.review_approve($1, $2, case $3::text when \'seen\' then xuqi.renewal_content_hash($2) else sha256(\'other\') end)',
    values: [token(session), renewal.no, right ? 'seen' : 'other'],
    learns() {
      if (repeated || !['approved', 'first_approval'].includes(expect)) return;
      renewal.approvals.push(person);
      renewal.done++;
      renewal.claim = null;
      world.move(renewal);
      if (renewal.status === 'awaiting_install') world.enqueue(renewal, 'approved'); // else when its account is verified
    },
  });
}

export function review_reject(world, pick) {
  const renewal = world.renewal(pick, 'awaiting_review', 'awaiting_review', 'rejected');
  if (!renewal) return null;
  const { session, person, fault } = holder(world, pick, renewal);
  const code = pick.of(['name_wrong', 'blurred']);
  const repeated = renewal.rejected?.by === person && renewal.rejected?.code === code && person;
  const expect = fault ?? (repeated ? 'rejected' : renewal.unknown ? 'renewal_unknown' : refusal(renewal, person) ?? 'rejected');
  return call({
    procedure: 'review_reject', values: [token(session), renewal.no, code, '名称不符'], expect, renewal,
    learns() {
      if (repeated || expect !== 'rejected') return;
      Object.assign(renewal, { status: 'rejected', rejected: { by: person, code }, claim: null, refund: renewal.amount, asking: false });
      world.enqueueRefund(renewal);
      world.give(world.credit, renewal.payer, renewal.amount);
      world.enqueue(renewal, 'rejected');
    },
  });
}

export function review_case(world, pick) {
  const renewal = world.renewal(pick, 'awaiting_review');
  if (!renewal) return null;
  const { session, fault } = caller(world, pick);
  const expect = fault ?? (renewal.unknown ? 'renewal_unknown' : 'ok');
  return call({
    procedure: 'review_case', values: [token(session), renewal.no], expect, renewal,
    wrong: (row) => (expect === 'ok' && row.status !== renewal.status ? `shows ${row.status}` : null),
  });
}

export function review_list(world, pick) {
  const { session, person, fault } = caller(world, pick);
  const mine = pick.chance(50);
  const wanted = fault ? [] : world.renewals.filter((r) => r.status === 'awaiting_review' && (mine ? r.claim?.live && r.claim.by === person
    : !r.claim?.live && !r.approvals.includes(person))).map((r) => r.no).sort();
  const expect = fault ?? (wanted.length > 0 ? 'ok' : 'empty');
  return call({
    procedure: 'review_list', values: [token(session), mine ? 'mine' : 'waiting', '', 1000], expect,
    wrong: (_, rows) => (expect === 'ok' && rows.map((row) => row.renewal_no).sort().join() !== wanted.join() ? 'lists other cases' : null),
  });
}

// -- staff -------------------------------------------------------------------------------------------------------------

const ROLES = [['reviewer'], ['reviewer'], ['senior_reviewer'], ['finance'], ['reviewer', 'senior_reviewer']];

export function staff_add(world, pick) {
  const again = world.staff.length > 0 && pick.chance(25);
  const person = again ? pick.of(world.staff) : { name: world.fresh('person').replace(' ', '-'), roles: pick.of(ROLES), status: 'active', step: 0 };
  const bad = !again && pick.chance(10);
  return call({
    procedure: 'staff_add', values: [person.name, person.name, 'argon2id', '\\x00', `{${bad ? 'root' : person.roles}}`],
    expect: again ? 'known' : bad ? '!23514' : 'added', learns() { if (!again && !bad) world.staff.push(person); },
  });
}

export function staff_disable(world, pick) {
  const person = pick.chance(80) && world.staff.length > 6 ? pick.of(world.staff) : null;
  return call({
    procedure: 'staff_disable', values: [person?.name ?? 'nobody'], expect: person ? 'disabled' : 'staff_unknown',
    learns() {
      if (!person) return;
      person.status = 'disabled';
      for (const session of world.sessions) if (session.person === person) session.ended = true;
    },
  });
}

export function staff_session_open(world, pick) {
  if (world.staff.length === 0) return null;
  const person = pick.of(world.staff);
  const again = pick.chance(10) ? world.sessions.find((s) => s.person === person) : null;
  const session = again ?? { word: world.fresh('token'), person, ended: false, idle: false };
  const address = `10.0.0.${pick.below(8)}`;
  const accepted = !pick.chance(15);
  const step = pick.chance(10) ? person.step : person.step + 1;
  const failed = (kind, subject) => world.failures.filter((f) => f.kind === kind && f.subject === subject && !f.old).length;
  const repeated = again && !again.ended && accepted;
  const expect = repeated ? 'opened' : failed('name', person.name) >= LIMIT || failed('address', address) >= LIMIT ? 'login_locked'
    : accepted && person.status === 'active' && person.step < step ? (again ? '!23505' : 'opened') : 'login_refused';
  return call({
    procedure: 'staff_session_open', expect,
    sql: `select * from xuqi.staff_session_open((select id from xuqi.staff where name = $1), $1, $2, $3, $4, $5, 900, 36000, ${LIMIT}, 900)`,
    values: [person.name, address, accepted, step, hex(session.word)],
    learns() {
      if (expect === 'login_refused') world.failures.push({ kind: 'name', subject: person.name, old: false }, { kind: 'address', subject: address, old: false });
      if (expect !== 'opened' || repeated) return;
      person.step = step;
      world.failures = world.failures.filter((f) => f.kind !== 'name' || f.subject !== person.name);
      world.sessions.push(session);
    },
  });
}

export function staff_session_close(world, pick) {
  const session = pick.chance(50) && world.sessions.length > 5 ? pick.of(world.sessions) : null;
  return call({
    procedure: 'staff_session_close', values: [token(session)], expect: session ? 'closed' : 'unauthenticated',
    learns() { if (session) session.ended = true; },
  });
}

export function staff_session_get(world, pick) {
  const session = pick.chance(10) ? null : pick.of([null, ...world.sessions]);
  return call({
    procedure: 'staff_session_get', values: [token(session)], expect: valid(session) ? 'ok' : 'unauthenticated',
    wrong: (row) => (valid(session) && row.name !== session.person.name ? `says ${row.name}` : null),
  });
}
