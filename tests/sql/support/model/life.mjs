// SPDX-License-Identifier: Apache-2.0
// The walk through a renewal's life: a small reference of everything (reference.mjs) is asked before each operation and
// compared with the renewal's rows after it, with the whole database now and then.
import { OPERATIONS } from './operations.mjs';
import { MOVES, World } from './reference.mjs';
import { staff_add, staff_session_open } from './desk.mjs';
import { issuer_lease_take } from './issuer.mjs';
import { differs, Fault, reported, unlike } from './fault.mjs';

const OPENING = [...Array(5).fill([staff_add, staff_session_open]).flat(), ...Array(4).fill(staff_session_open), issuer_lease_take];

async function step({ world, connection }, operation, pick, seen) {
  const op = operation(world, pick);
  if (!op) return null;
  const isEdit = op.raw && op.expect === 'done'; // time passes without the triggers
  if (isEdit) connection.query('set session_replication_role = replica');
  const answer = connection.query(op.sql, op.values);
  if (isEdit) connection.query('set session_replication_role = origin');
  let looked = op.renewal ? connection.query('select model.glance($1)', [op.renewal.no]) : null;
  const { rows, error } = await answer;
  const got = error ? `!${error.state}` : op.outcome(rows);
  if (got !== op.expect) throw unlike(op, got, error);
  seen.set(`${op.procedure} ${got}`, (seen.get(`${op.procedure} ${got}`) ?? 0) + 1);
  let touched = op.renewal;
  if (!error) {
    const wrong = op.wrong(rows[0], rows);
    if (wrong) throw new Fault(`${reported(op)}: ${got}, but ${wrong}`);
    touched = op.learns(rows[0], rows) ?? op.renewal;
    if (touched && !looked) looked = connection.query('select model.glance($1)', [touched.no]);
  }
  if (looked) {
    const glance = await looked;
    if (glance.error) throw new Error(glance.error.message);
    differs(`after ${reported(op)}: ${touched.no}`, glance.rows[0].glance, world.glance(touched));
  }
  return op;
}

async function whole({ world, connection }) {
  const [glances, totals] = await Promise.all([
    connection.rows('select renewal_no, model.glance(renewal_no) as glance from xuqi.renewal'),
    connection.rows('select model.totals()'),
  ]);
  differs('the totals', totals[0].totals, world.totals());
  if (glances.length !== world.renewals.length) throw new Fault(`${glances.length} renewals instead of ${world.renewals.length}`);
  for (const { renewal_no: no, glance } of glances) differs(no, glance, world.glance(world.renewals.find((r) => r.no === no)));
}

export const LIFE = {
  operations: OPERATIONS, opening: OPENING, moves: MOVES, begin: (connection) => ({ connection, world: new World() }), step, whole,
};
