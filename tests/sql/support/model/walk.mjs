// SPDX-License-Identifier: Apache-2.0
// A walk: operations in a random order that follows from a seed, on a fresh copy of the template. Two kinds take turns:
// life.mjs holds each renewal against a reference that remembers, books.mjs holds each operation on money against what the
// rules make of the facts before it. A failing walk is made as short as it gets.
import { Connection } from './connection.mjs';
import { BOOKS } from './books.mjs';
import { Fault } from './fault.mjs';
import { LIFE } from './life.mjs';
import { Pick } from './random.mjs';

const FULL_CHECK_EVERY = 100;
const TEMPLATE = 'model';
const SHRINK_LIMIT = 300; // replays

const kindOf = (seed) => (seed % 2 === 0 ? BOOKS : LIFE);

// Each step has its own seed: leaving others out changes its surroundings, not its choices.
export function plan(seed, steps) {
  const pick = new Pick(seed);
  const kind = kindOf(seed);
  const total = kind.operations.reduce((sum, [weight]) => sum + weight, 0);
  return Array.from({ length: steps }, (_, index) => {
    let at = pick.below(total);
    const operation = kind.opening[index] ?? kind.operations.find(([weight]) => (at -= weight) < 0)[1];
    return { kind, index, operation, seed: pick.next() };
  });
}

async function fullCheck(kind, state) {
  const { connection } = state;
  const [faults, ledger, moves] = await Promise.all([
    connection.rows('select faults from model.faults()'),
    connection.rows('select invariant, detail from xuqi.ledger_check()'),
    connection.rows('with taken as (delete from model.move returning *) select distinct from_state, to_state from taken'),
  ]);
  if (faults.length > 0) throw new Fault(`invariants: ${faults.map((row) => row.faults).join('; ')}`);
  if (ledger.length > 0) throw new Fault(`ledger_check: ${ledger.map((row) => `${row.invariant} (${row.detail})`).join('; ')}`);
  for (const move of moves)
    if (!kind.moves.includes(`${move.from_state} ${move.to_state}`)) throw new Fault(`a renewal moved ${move.from_state} -> ${move.to_state}`);
  await kind.whole(state);
}

async function walkOn(connection, steps, seen) {
  if (steps.length === 0) return { done: 0 };
  const { kind } = steps[0];
  const state = await kind.begin(connection);
  let done = 0;
  let last = -1;
  try {
    for (const each of steps) {
      last = each.index;
      if (!(await kind.step(state, each.operation, new Pick(each.seed), seen))) continue;
      done++;
      if (done % FULL_CHECK_EVERY === 0) await fullCheck(kind, state);
    }
    await fullCheck(kind, state);
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
  await admin.rows(`create database ${name} template ${TEMPLATE} strategy file_copy`);
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
    operation: (...given) => {
      const noted = (op) => {
        if (op) told.push(`  ${each.index}: ${op.procedure}(${op.values.join(', ').slice(0, 300)}) -> ${[op.expect].flat().join(' or ')}`);
        return op;
      };
      const op = each.operation(...given);
      return op instanceof Promise ? op.then(noted) : noted(op);
    },
  }));
  const { fault } = await walk(speaking, options);
  return `${told.join('\n')}\n  ${fault}`;
}
