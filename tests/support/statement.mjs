// SPDX-License-Identifier: Apache-2.0
// Money that comes in: lines on the statement of one of our accounts, as an import writes them, and its event in the outbox.
import { randomUUID } from 'node:crypto';
import { sql } from './world.mjs';

const quoted = (text) => `'${String(text).replaceAll("'", "''")}'`;
export const today = (days = 0) => new Date(Date.now() + 8 * 3600e3 + days * 86400e3).toISOString().slice(0, 10);
const account = '7443900182600096874';

// Each line: { fen, account, name, remark, on }. Answers the ids of the lines.
export function receive(...lines) {
  const rows = lines.map((it) => `(${quoted(randomUUID())}, ${quoted(it.on ?? today())}::date, ${it.fen}, ${quoted(it.account ?? '')}, ${quoted(it.name ?? '')}, ${quoted(it.remark ?? '')})`);
  return sql(`set search_path = xuqi; begin;
    insert into collecting_account (bank, account_no, account_name, account_id)
    select '中信银行广州花园支行', '${account}', '广东省电子商务认证有限公司', account_open('bank', '${account}')
     where not exists (select from collecting_account where account_no = '${account}');
    with made as (
      insert into statement_import (collecting_account_id, source, format, lines_new, lines_known, lines_raised, credits_fen, debits_fen, imported_by)
      select id, 'file', 'test', ${lines.length}, 0, 0, 0, 0, 'test' from collecting_account where account_no = '${account}' returning *),
    told as (insert into outbox (topic, dedup_key, event, renewal_no) select 'statement_imported', id::text, id::text, '' from made)
    insert into statement_line (collecting_account_id, import_id, line_key, booked_on, direction, amount_fen, payer_account,
                                payer_account_digits, payer_name, payer_name_normal, remark, fingerprint)
    select made.collecting_account_id, made.id, v.key, v.booked_on, 'credit', v.fen, v.account, account_digits(v.account), v.name,
           party_name_normal(v.name), v.remark, sha256(v.key::bytea)
      from made, (values ${rows.join(', ')}) as v (key, booked_on, fen, account, name, remark);
    select count(ledger_post('statement', format('${account}:%s:%s:1', import_id, booked_on), fingerprint(import_id::text, fen::text), now(), 'test',
                       array[account_open('bank', '${account}')], array[account_open('unmatched_receipts', '${account}')], array[fen])) > 0
      from (select import_id, booked_on, sum(amount_fen)::bigint as fen from statement_line
             where import_id = (select max(id) from statement_import) group by 1, 2) as day;
    select id from statement_line where import_id = (select max(id) from statement_import) order by id; commit;`)
    .split('\n').slice(1).map(Number);
}
