// SPDX-License-Identifier: Apache-2.0
// What a walk says when the database and the reference disagree.
export class Fault extends Error {}

export const reported = (op) => `${op.procedure}(${op.values.map((value) => (typeof value === 'string' && value.length > 40 ? `${value.slice(0, 12)}…` : value)).join(', ')})`;

export const unlike = (op, got, error) =>
  new Fault(`${reported(op)}: got ${got}${error ? ` (${error.message})` : ''}, expected ${[op.expect].flat().join(' or ')}`);

export function differs(what, got, expected) {
  if (got !== expected) throw new Fault(`${what} is\n     ${got}\n  instead of\n     ${expected}`);
}
