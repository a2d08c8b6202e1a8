// SPDX-License-Identifier: Apache-2.0
// One operation: a procedure called with values, the outcome that the reference expects ("!23514" for a refusal that is
// raised), and what the reference learns from it.
export function call({ procedure, sql, values = [], expect, outcome = (rows) => rows[0]?.outcome, then = () => {}, wrong = () => null, renewal = null, raw = false }) {
  const text = sql ?? `select * from xuqi.${procedure}(${values.map((_, i) => `$${i + 1}`).join(', ')})`;
  return { procedure, sql: text, values, expect, outcome, then, wrong, renewal: renewal?.unknown ? null : renewal, raw };
}

// What a superuser does behind the procedures' back: time that passes, an order the gateway has closed.
export const edit = (procedure, sql, values, then, renewal = null) =>
  call({ procedure, sql, values, expect: 'done', outcome: () => 'done', then, renewal, raw: true });
