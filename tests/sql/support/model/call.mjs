// SPDX-License-Identifier: Apache-2.0
// One operation: a procedure called with values, the outcome that the reference expects ("!23514" for a refusal that is
// raised), and what the reference learns from it.
// posts: the postings that must come of it, in words; null: not looked at (an edit, or a walk that has totals of its own).
export function call({
  procedure, sql, values = [], expect, outcome = (rows) => rows[0]?.outcome, learns = () => {}, wrong = () => null, renewal = null, raw = false,
  posts = () => [],
}) {
  const text = sql ?? `select * from xuqi.${procedure}(${values.map((_, i) => `$${i + 1}`).join(', ')})`;
  return { procedure, sql: text, values, expect, outcome, learns, wrong, renewal: renewal?.unknown ? null : renewal, raw, posts };
}

// What a superuser does behind the procedures' back: time that passes, an order the gateway has closed.
export const edit = (procedure, sql, values, learns, renewal = null) =>
  call({ procedure, sql, values, expect: 'done', outcome: () => 'done', learns, renewal, raw: true });
