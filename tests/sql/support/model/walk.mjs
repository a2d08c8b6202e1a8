// SPDX-License-Identifier: Apache-2.0
// A walk: operations in a random order that follows from a seed, on a fresh copy of the template, with the reference
// asked before and the database looked at after each. A failing walk is made as short as it gets.
import { Connection } from './connection.mjs';
import { OPERATIONS } from './operations.mjs';
import { Pick } from './random.mjs';
import { MOVES, World } from './reference.mjs';
import { staff_add, staff_session_open } from './desk.mjs';
import { issuer_lease_take } from './issuer.mjs';

const FULL_CHECK_EVERY = 100;
const TEMPLATE = 'model';
const SHRINK_LIMIT = 300; // replays

// Each step has its own seed: leaving others out changes its surroundings, not its choices.
export function plan(seed, steps) {
  const pick = new Pick(seed);
  const total = OPERATIONS.reduce((sum, [weight]) => sum + weight, 0);
  const opening = [...Array(5).fill([staff_add, staff_session_open]).flat(), ...Array(4).fill(staff_session_open), issuer_lease_take];
  return Array.from({ length: steps }, (_, index) => {
    let at = pick.below(total);
    const operation = opening[index] ?? OPERATIONS.find(([weight]) => (at -= weight) < 0)[1];
    return { index, operation, seed: pick.next() };
  });
}

class Fault extends Error {}

const reported = (op) => `${op.procedure}(${op.values.map((value) => (typeof value === 'string' && value.length > 40 ? `${value.slice(0, 12)}…` : value)).join(', ')})`;

async function step(connection, world, { operation, seed }, seen) {
  const op = operation(world, new Pick(seed));
  if (!op) return null;
  const isEdit = op.raw && op.expect === 'done'; // time passes without the triggers
  if (isEdit) connection.query('set session_replication_role = replica');
  const answer = connection.query(op.sql, op.values);
  if (isEdit) connection.query('set session_replication_role = origin');
  const looked = op.renewal ? connection.query('select model.glance($1)', [op.renewal.no]) : null;
  const { rows, error } = await answer;
  const got = error ? `!${error.state}` : op.outcome(rows);
  if (got !== op.expect) throw new Fault(`${reported(op)}: got ${got}${error ? ` (${error.message})` : ''}, expected ${op.expect}`);
  seen.set(`${op.procedure} ${got}`, (seen.get(`${op.procedure} ${got}`) ?? 0) + 1);
  if (!error) {
    const wrong = op.wrong(rows[0], rows);
    if (wrong) throw new Fault(`${reported(op)}: ${got}, but ${wrong}`);
    const touched = op.then(rows[0], rows) ?? op.renewal;
    if (touched && !looked) return { op, looked: connection.query('select model.glance($1)', [touched.no]), touched };
  }
  return { op, looked, touched: op.renewal };
}

function differs(what, got, expected) {
  if (got !== expected) throw new Fault(`${what} is\n     ${got}\n  instead of\n     ${expected}`);
}

async function fullCheck(connection, world) {
  const [glances, totals, faults, ledger, moves] = await Promise.all([
    connection.rows('select renewal_no, model.glance(renewal_no) as glance from xuqi.renewal'),
    connection.rows('select model.totals()'),
    connection.rows('select faults from model.faults()'),
    connection.rows('select invariant, detail from xuqi.ledger_check()'),
    connection.rows('with taken as (delete from model.move returning *) select distinct from_state, to_state from taken'),
  ]);
  if (faults.length > 0) throw new Fault(`invariants: ${faults.map((row) => row.faults).join('; ')}`);
  if (ledger.length > 0) throw new Fault(`ledger_check: ${ledger.map((row) => `${row.invariant} (${row.detail})`).join('; ')}`);
  for (const move of moves)
    if (!MOVES.includes(`${move.from_state} ${move.to_state}`)) throw new Fault(`a renewal moved ${move.from_state} -> ${move.to_state}`);
  differs('the totals', totals[0].totals, world.totals());
  if (glances.length !== world.renewals.length) throw new Fault(`${glances.length} renewals instead of ${world.renewals.length}`);
  for (const { renewal_no: no, glance } of glances) differs(no, glance, world.glance(world.renewals.find((r) => r.no === no)));
}

async function walkOn(connection, steps, seen) {
  const world = new World();
  let done = 0;
  let last = -1;
  try {
    for (const each of steps) {
      last = each.index;
      const answer = await step(connection, world, each, seen);
      if (!answer) continue;
      done++;
      if (answer.looked) {
        const { rows, error } = await answer.looked;
        if (error) throw new Error(error.message);
        differs(`after ${reported(answer.op)}: ${answer.touched.no}`, rows[0].glance, world.glance(answer.touched));
      }
      if (done % FULL_CHECK_EVERY === 0) await fullCheck(connection, world);
    }
    await fullCheck(connection, world);
    return { done };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { done, fault: error.message, last };
  }
}

let made = 0;
// Answers how many operations were done and, when the database and the reference disagree, the fault and its step.
export async function walk(steps, { seen = new Map(), damage = null } = {}) {
  const name = `walk_${process.pid}_${made++}`;
  const admin = await Connection.open('postgres');
  await admin.rows(`create database ${name} template ${TEMPLATE}`);
  try {
    const connection = await Connection.open(name);
    try {
      await connection.rows('set search_path = pg_catalog'); // the procedures must not depend on it
      if (damage) await connection.rows(damage);
      return await walkOn(connection, steps, seen);
    } finally {
      await connection.close();
    }
  } finally {
    await admin.rows(`drop database ${name} with (force)`);
    await admin.close();
  }
}

// Leaves out as much as it can while some fault remains: halves, quarters … single steps.
export async function shrink(steps, last, options) {
  let kept = steps.filter((each) => each.index <= last);
  let replays = 0;
  for (let size = Math.ceil(kept.length / 2); size >= 1 && replays < SHRINK_LIMIT; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = kept.length - size; at > -size && replays < SHRINK_LIMIT; at -= size) {
      const fewer = [...kept.slice(0, Math.max(at, 0)), ...kept.slice(at + size)];
      replays++;
      const { fault, last: reached } = await walk(fewer, options);
      if (fault) kept = fewer.filter((each) => each.index <= reached);
    }
  }
  return kept;
}

// The operations of a short walk in words, and how it ends.
export async function tell(steps, options) {
  const told = [];
  const speaking = steps.map((each) => ({
    ...each,
    operation: (world, pick) => {
      const op = each.operation(world, pick);
      if (op) told.push(`  ${each.index}: ${reported(op)} -> ${op.expect}`);
      return op;
    },
  }));
  const { fault } = await walk(speaking, options);
  return `${told.join('\n')}\n  ${fault}`;
}
