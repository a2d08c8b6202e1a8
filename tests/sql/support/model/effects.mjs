// SPDX-License-Identifier: Apache-2.0
// The outbox, housekeeping, and time: what a superuser's edits let pass.
import { hex } from './reference.mjs';
import { call, edit } from './call.mjs';

const MAX_ATTEMPTS = 12;
const dueRows = (world) => world.outbox.filter((row) =>
  !row.topic && row.state !== 'dead' && row.due && (row.state === 'ready' || !row.held) && row.attempts < MAX_ATTEMPTS);

export function outbox_lease(world, pick) {
  const batch = 1 + pick.below(5);
  const due = dueRows(world);
  const expect = due.length > 0 ? 'leased' : 'nothing';
  return call({
    procedure: 'outbox_lease', values: ['message', batch, 3600], expect, outcome: (rows) => (rows.length > 0 ? 'leased' : 'nothing'),
    learns(_, rows) {
      for (const got of rows) {
        const row = due.find((it) => it.key() === got.dedup_key);
        Object.assign(row, { id: got.id, state: 'leased', held: true, attempts: row.attempts + 1, token: row.token + 1 });
      }
    },
    wrong: (_, rows) => (rows.length !== Math.min(batch, due.length) ? `${rows.length} rows of ${due.length}`
      : rows.find((got) => !due.some((it) => it.key() === got.dedup_key && it.event === got.event
        && Number(got.attempts) === it.attempts + 1 && Number(got.lease_token) === it.token + 1)) ? 'a row that is not due, or its numbers' : null),
  });
}

// A row with a token: mostly the present one; now and then a stale one, or a row that is gone.
function leased(world, pick) {
  const rows = world.outbox.filter((row) => row.state === 'leased');
  const row = pick.mostly(90, rows, [...world.outbox.filter((it) => it.id), ...world.done]);
  if (!row) return null;
  const token = pick.chance(12) ? row.token - 1 : row.token;
  return { row, token, stale: world.done.includes(row) || row.state !== 'leased' || token !== row.token };
}

export function outbox_finish(world, pick) {
  const held = leased(world, pick);
  if (!held) return null;
  const { row, token, stale } = held;
  return call({
    procedure: 'outbox_finish_each', values: [`{${row.id}}`, `{${token}}`, '{provider 1}'], expect: stale ? 'stale' : 'finished', renewal: row.renewal,
    learns() {
      if (stale) return;
      world.outbox = world.outbox.filter((it) => it !== row);
      world.done.push(row);
    },
  });
}

export function outbox_fail(world, pick) {
  const held = leased(world, pick);
  if (!held) return null;
  const { row, token, stale } = held;
  const retry = !pick.chance(20);
  const expect = stale ? 'stale' : retry && row.attempts < MAX_ATTEMPTS ? 'retry' : 'dead';
  return call({
    procedure: 'outbox_fail', values: [row.id, token, 'timed out', retry], expect, renewal: row.renewal,
    learns() { if (!stale) Object.assign(row, { state: expect === 'retry' ? 'ready' : 'dead', due: false, held: false }); },
  });
}

export function housekeeping(world) {
  const old = world.nonces.filter((n) => n.old);
  const failures = world.failures.filter((f) => f.old);
  const over = world.renewals.filter((r) => ['draft', 'awaiting_payment'].includes(r.status) && r.overdue && !r.attempts.some((a) => a.state === 'open' && !a.dead));
  const slow = world.renewals.filter((r) => r.remind === 'due');
  const wanted = [old.length, 0, failures.length, 0, over.length, slow.length].join(' ');
  return call({
    procedure: 'housekeeping', values: [90000], expect: 'done', outcome: () => 'done',
    learns() {
      world.nonces = world.nonces.filter((n) => !n.old);
      world.failures = world.failures.filter((f) => !f.old);
      for (const row of world.outbox) if (row.state === 'leased' && !row.held && row.attempts >= MAX_ATTEMPTS) row.state = 'dead';
      for (const renewal of over) {
        Object.assign(renewal, { status: 'closed', order: 'cancelled' });
        for (const attempt of renewal.attempts) if (attempt.state === 'open') attempt.state = 'closed';
        world.enqueue(renewal, 'closed');
      }
      for (const renewal of slow) {
        renewal.reminders++;
        renewal.remind = renewal.reminders < 3 ? 'later' : null;
        world.enqueue(renewal, 'reminder', `${renewal.returned.length}.${renewal.reminders}`);
      }
    },
    wrong: (row) => {
      const got = [row.challenges, row.sessions, row.login_failures, row.outbox_done, row.closed, row.reminded].join(' ');
      return got === wanted ? null : `did ${got} instead of ${wanted}`;
    },
  });
}

// -- time --------------------------------------------------------------------------------------------------------------

const nonce = (world, pick) => (world.nonces.length > 0 ? pick.of(world.nonces) : null);
const TIME = [
  (world, pick) => {
    const it = nonce(world, pick);
    return it && edit('time: a nonce expires', `update xuqi.challenge set expires_at = now() - interval '1 s' where nonce_digest = $1`, [hex(it.word)],
      () => { it.expired = true; });
  },
  (world, pick) => {
    const it = nonce(world, pick);
    return it && edit('time: a nonce is of yesterday', `update xuqi.challenge set created_at = now() - interval '25 hours', expires_at = now() - interval '24 hours' where nonce_digest = $1`,
      [hex(it.word)], () => { Object.assign(it, { expired: true, old: true }); });
  },
  (world, pick) => {
    const renewal = pick.mostly(100, world.renewals.filter((r) => r.claim?.live), []);
    return renewal && edit('time: a claim lapses', `update xuqi.renewal set claimed_until = now() - interval '1 s' where renewal_no = $1`, [renewal.no],
      () => { renewal.claim.live = false; }, renewal);
  },
  (world, pick) => {
    const renewal = pick.mostly(100, world.renewals.filter((r) => ['draft', 'awaiting_payment'].includes(r.status)), []);
    return renewal && edit('time: payment is overdue', `update xuqi.renewal set unpaid_close_at = submitted_at - interval '1 s' where renewal_no = $1`, [renewal.no],
      () => { renewal.overdue = true; }, renewal);
  },
  (world, pick) => {
    const attempt = pick.mostly(100, world.renewals.filter((r) => r.status === 'awaiting_payment').flatMap((r) => r.attempts).filter((a) => a.state === 'open'), []);
    return attempt && edit('time: a form is old', `update xuqi.payment_attempt set created_at = created_at - interval '1 hour' where attempt_no = $1`, [attempt.no],
      () => { attempt.old = true; }, attempt.renewal);
  },
  (world, pick) => {
    const attempt = pick.mostly(100, world.renewals.filter((r) => r.status === 'awaiting_payment').flatMap((r) => r.attempts).filter((a) => a.state === 'open'), []);
    return attempt && edit('time: a form is dead', `update xuqi.payment_attempt set created_at = now() - interval '2 days' where attempt_no = $1`, [attempt.no],
      () => { Object.assign(attempt, { old: true, dead: true }); }, attempt.renewal);
  },
  (world, pick) => {
    const renewal = pick.mostly(100, world.renewals.filter((r) => r.remind === 'later'), []);
    return renewal && edit('time: a correction is awaited too long', `update xuqi.renewal set remind_at = now() - interval '1 s' where renewal_no = $1`, [renewal.no],
      () => { renewal.remind = 'due'; }, renewal);
  },
  (world, pick) => {
    const intent = pick.mostly(100, world.issuances.filter((i) => i.state === 'intended'), []);
    return intent && edit('time: an intent is stale', `update xuqi.issuance set intended_at = intended_at - interval '3 minutes' where id = $1`, [intent.id],
      () => { intent.stale = true; }, intent.renewal);
  },
  (world) => edit('time: the issuer lease lapses', `update xuqi.issuer_lease set until = '-infinity'`, [], () => { world.lease.live = false; }),
  (world) => edit('time: what failed is due again', `update xuqi.outbox set run_at = now() where run_at > now()`, [],
    () => { for (const row of world.outbox) row.due = true; }),
  (world) => edit('time: workers go silent', `update xuqi.outbox set lease_until = now() - interval '1 s' where state = 'leased'`, [],
    () => { for (const row of world.outbox) row.held = false; }),
  (world) => edit('time: login failures are of yesterday', `update xuqi.login_failure set at = now() - interval '25 hours'`, [],
    () => { for (const failure of world.failures) failure.old = true; }),
  (world, pick) => {
    const session = pick.mostly(100, world.sessions.filter((s) => !s.ended && !s.idle), []);
    return session && world.sessions.length > 8 ? edit('time: a session is idle', `update xuqi.staff_session set idle_until = now() where token_digest = $1`, [hex(session.word)],
      () => { session.idle = true; }) : null;
  },
];
export const time = (world, pick) => pick.of(TIME)(world, pick);

// What only a gateway or many repetitions would bring about.
export function gateway_closes(world, pick) {
  const renewal = pick.mostly(100, world.renewals.filter((r) => r.status === 'awaiting_payment' && r.attempts.some((a) => a.state === 'open')), []);
  return renewal ? edit('the gateway closes its orders', `update xuqi.payment_attempt set state = 'closed' where order_no = $1 and state = 'open'`, [renewal.orderNo],
    () => { for (const attempt of renewal.attempts) if (attempt.state === 'open') attempt.state = 'closed'; }, renewal) : null;
}

export function attempts_spent(world, pick) {
  const renewal = pick.mostly(100, world.renewals.filter((r) => r.status === 'awaiting_payment'), []);
  return renewal ? edit('all attempts are spent', `update xuqi."order" set attempts = 99 where order_no = $1`, [renewal.orderNo],
    () => { renewal.spent = 99; }, renewal) : null;
}

export function tries_spent(world, pick) {
  const row = pick.mostly(100, world.outbox.filter((it) => it.id && it.state !== 'dead'), []);
  return row ? edit('one try is left', `update xuqi.outbox set attempts = max_attempts - 1 where id = $1`, [row.id],
    () => { row.attempts = MAX_ATTEMPTS - 1; }, row.renewal) : null;
}
