// SPDX-License-Identifier: Apache-2.0
// Money that comes in: lines on the statement of one of our accounts, imported by the procedures that xuqictl statement import
// calls, as a file that does not hold the whole day.
import { randomUUID } from 'node:crypto';
import { sql } from './world.mjs';

const quoted = (text) => `'${String(text).replaceAll("'", "''")}'`;
export const today = (days = 0) => new Date(Date.now() + 8 * 3600e3 + days * 86400e3).toISOString().slice(0, 10);
const ours = '7443900182600096874';
const absent = '-9223372036854775808';

// Each line: { fen, account, name, remark, on }. Answers the ids of the lines.
export function receive(...lines) {
  const all = (what) => lines.map(what).join(', ');
  const texts = (what) => `array[${all((it) => quoted(what(it) ?? ''))}]`;
  const each = (value) => `array_fill(${value}, array[${lines.length}])`;
  const upload = `(select max(id) from xuqi.statement_upload)`;
  const out = sql(`select outcome from xuqi.statement_begin_admin('test', '${ours}', 'test.csv');
    select outcome from xuqi.statement_append(${upload}, 1, array[${all((_, i) => i + 1)}]::bigint[], ${texts(() => randomUUID())},
      array[${all((it) => `(date ${quoted(it.on ?? today())} - date '1970-01-01')`)}]::bigint[], ${each(`(${absent})::bigint`)},
      array[${all((it) => it.fen)}]::bigint[], ${each(`(${absent})::bigint`)}, ${texts((it) => it.account)}, ${texts((it) => it.name)},
      ${each("''::text")}, ${texts((it) => it.remark)}, ${texts(() => randomUUID())}, ${each("'ordinary'::text")}, ${each("''::text")});
    select outcome from xuqi.statement_finish_admin('test', ${upload}, true, 'test', null, null, 0, 0, false, null);
    select id from xuqi.statement_line where import_id = (select max(id) from xuqi.statement_import) order by id;`).split('\n');
  if (out.slice(0, 3).join() !== 'begun,kept,imported') throw new Error(out.join(' '));
  return out.slice(3).map(Number);
}
