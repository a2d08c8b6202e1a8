// SPDX-License-Identifier: Apache-2.0
// Our account's movements read through the bank's front end (the sandbox), which is silent in the middle, cuts pages short, repeats
// them, loses movements between them, answers with errors and limits: each movement is there once, and nothing is lost. What the
// statement says of our payouts. Runs like main.mjs.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import * as client from '../support/client.mjs';
import { begin, eventually, over, read, readAndMatch, rest } from '../support/link.mjs';
import { ctl, demo, newSubscriber, sql } from '../support/world.mjs';

const account = demo.citic.account;
const run = String(Date.now() % 1e9).padStart(9, '0');

async function sandbox(path, body) {
  const answer = await client.call(demo.citic.url, body === undefined ? 'GET' : 'POST', path, { body });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}
const receive = (...movements) => sandbox('/sandbox/receive', movements);
const misbehave = (mode, more = {}) => sandbox('/sandbox/reading', { mode, ...more });
const questions = async () => (await sandbox('/?json')).questions;

const lines = (where) => sql(`select count(*), coalesce(sum(amount_fen), 0) from xuqi.statement_line where ${where}`);
const mine = `remark like '${run} %'`;
let made = 0;
const movement = (fen, more = {}) => ({ fen, account: `6222${run}${String(++made).padStart(3, '0')}`, name: `付款单位${made}有限公司`, bank: '中国工商银行深圳某支行', remark: `${run} ${made}`, ...more });

before(() => misbehave('ok'));
after(() => misbehave('ok'));

test('movements of several pages become lines, once', async () => {
  await receive(...Array.from({ length: 45 }, () => movement(1000)));
  assert.equal(await read(), 'done');
  assert.equal(lines(mine), '45 45000');
  assert.equal(await read(), 'done');
  assert.equal(lines(mine), '45 45000');
  assert.equal(sql(`select payer_name, payer_bank, kind, source, imported_by from xuqi.statement_line l join xuqi.statement_import i on i.id = l.import_id where ${mine} order by l.id limit 1`), '付款单位1有限公司 中国工商银行深圳某支行 ordinary link bank:citic');
});

for (const mode of ['silent', 'limit']) {
  test(`after "${mode}" in the middle it goes on where it was`, async () => {
    await rest();
    await receive(movement(7));
    await misbehave(mode, { after: 1 });
    const id = await begin();
    await eventually('a fault', () => sql(`select faults > 0 or state = 'done' from xuqi.statement_run where id = ${id}`) === 't');
    assert.equal(sql(`select faults, pages, state from xuqi.statement_run where id = ${id}`), '1 1 page', 'one page is kept');
    const before = (await questions()).pages.length;
    assert.equal(await over(id), 'done');
    const asked = (await questions()).pages.slice(before);
    assert.equal(asked[0], 21, `the first page is not asked for again: ${asked}`);
    assert.equal(lines(`${mine} and amount_fen = 7`), `${made - 45} ${(made - 45) * 7}`);
  });
}

for (const [mode, word] of [['short', 'movements do not lead to the balance'], ['repeat', 'a movement came twice'], ['drop', 'the balances do not lead on']]) {
  test(`pages that do not fit ("${mode}") are noticed, and read again`, async () => {
    await rest();
    await receive(movement(9));
    await misbehave(mode, { after: 1 });
    const id = await begin();
    await eventually(word, () => sql(`select word from xuqi.statement_run where id = ${id}`) === word || sql(`select restarts + rereads from xuqi.statement_run where id = ${id}`) !== '0');
    assert.equal(await over(id), 'done');
    assert.equal(sql(`select count(*) from xuqi.statement_line where ${mine} and amount_fen = 9`), String(made - 47));
    assert.equal(sql(`select count(*) from xuqi.statement_line where ${mine}`), String(made));
  });
}

test('a movement that the bank writes differently is raised, and stays as it was', async () => {
  const [{ tran_no }] = await receive(movement(11));
  await read();
  await sandbox('/sandbox/edit', { tran_no, remark: `${run} edited` });
  assert.equal(await read(), 'done');
  assert.equal(await read(), 'done');
  assert.equal(sql(`select count(*), min(reason), min(content ->> 'remark') from xuqi.statement_change c join xuqi.statement_line l on l.id = c.line_id where l.bank_ref = '${tran_no}' and c.state = 'open'`), `1 changed ${run} edited`);
});

test('a transfer that was declared is found when the link brings it', async () => {
  const subscriber = newSubscriber();
  const renewal = (await client.submit(demo, subscriber, { platform: 'gd-drug', organisation: subscriber.organisation, change: (form) => ({ ...form, invoice: { kind: 'paper_fixed' } }) })).json;
  const it = movement(renewal.amount_fen, { name: subscriber.organisation, remark: `${run} 续期费` });
  const on = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
  const declared = await client.call(demo.base_url, 'POST', `/api/v1/renewals/${renewal.renewal_no}/transfers`, { token: renewal.access_token, body: { transfers: [{ payer_account: it.account, payer_name: it.name, amount_fen: it.fen, transferred_on: on, remark: '' }] } });
  assert.ok([200, 201].includes(declared.status), declared.text);
  await receive(it);
  await readAndMatch();
  const stands = await client.call(demo.base_url, 'GET', `/api/v1/renewals/${renewal.renewal_no}/transfers`, { token: renewal.access_token });
  assert.equal(stands.json.result, 'success', stands.text);
});

test('operators see the account, when it was read, and how far it is behind', async () => {
  assert.match(ctl('statement', 'links'), new RegExp(`^${account}  citic  读至 read to \\d{4}-\\d\\d-\\d\\d`));
  const metrics = (await client.call(demo.admin_url, 'GET', '/metrics')).text;
  assert.match(metrics, new RegExp(`xuqi_statement_link_lag_seconds\\{account="${account}"\\} \\d`));
  assert.match(metrics, new RegExp(`xuqi_statement_link_behind\\{account="${account}"\\} 0`));
});
