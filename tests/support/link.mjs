// SPDX-License-Identifier: Apache-2.0
// Has our account's movements read through the bank's link now, and waits until they are read, or until what they say is done.
import assert from 'node:assert/strict';
import { demo, sql } from './world.mjs';

export async function eventually(what, check, seconds = 25) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    const value = await check();
    if (value) return value;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  return assert.fail(`${what} within ${seconds} s; ${sql('select state, records, faults, restarts, rereads, word from xuqi.statement_run order by id desc limit 1')}`);
}
// Waiting is not what is tested: what is put off is due now.
const hurry = () => sql('update xuqi.outbox set run_at = now() where topic = \'statement_link\' and state = \'ready\'');

const latest = () => Number(sql('select coalesce(max(id), 0) from xuqi.statement_run'));

// No run is under way, and none begins by itself for the next half minute: what a test prepares is read by the run that it begins.
export async function rest() {
  await eventually('no run is under way', () => { hurry(); return sql('select count(*) from xuqi.statement_run where ended_at is null') === '0'; });
  sql('update xuqi.statement_run set begun_at = now() where id = (select max(id) from xuqi.statement_run)');
}

// A new run, begun by us or, at the same moment, by the server; its number.
export async function begin() {
  const last = latest();
  await eventually('a run begins', () => {
    hurry();
    sql('update xuqi.statement_run set begun_at = begun_at - interval \'1 hour\' where ended_at is not null');
    sql(`select outcome from xuqi.statement_link_due('citic', '${demo.citic.account}', 30, 3)`);
    return latest() > last;
  });
  return latest();
}
export async function over(id, seconds = 25) {
  return eventually('the run is over', () => { hurry(); return sql(`select state from xuqi.statement_run where id = ${id} and state in ('done', 'failed')`); }, seconds);
}
export const read = async (seconds) => over(await begin(), seconds);
// And what the new lines say is done.
export async function readAndMatch(seconds = 25) {
  assert.equal(await read(seconds), 'done');
  await eventually('its lines are looked at', () => sql('select count(*) from xuqi.outbox where topic = \'statement_imported\'') === '0', seconds);
}
