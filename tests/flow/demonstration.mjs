// SPDX-License-Identifier: Apache-2.0
// The demonstration's desks are filled as deploy/run fills them, a few of each: every step is taken by the API, and one that is
// refused is named and does not pass for success. Runs like main.mjs; XUQI_SERVER_LOG names the server's log.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { here } from '../support/client.mjs';
import { reload } from '../support/reload.mjs';
import { ctl, folder, sql } from '../support/world.mjs';
import { callsOf, few, recipes } from '../../deploy/demo/desks/recipes.mjs';

const diary = () => readFileSync(`${folder}/demo/desks.jsonl`, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const fill = () => new Promise((resolve) => {
  sql('delete from xuqi.serial_ask; delete from xuqi.sms_code; delete from xuqi.login_failure');
  const child = spawn(process.execPath, [here('../../deploy/demo/desks/fill.mjs'), '--few'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (part) => { said += part; });
  child.on('close', (code) => resolve({ code, said }));
});

test('the few make every call that all of them make', () => {
  assert.deepEqual(callsOf(few(recipes())), callsOf(recipes()));
  assert.ok(few(recipes()).length < recipes().length / 10);
});

test('no step of the filling is refused', async () => {
  writeFileSync(`${folder}/config/platforms/demo-two.yaml`, readFileSync(here('../../deploy/demo/platforms/demo-two.yaml')));
  ctl('platform', 'load', '--changed', '--yes');
  ctl('statement', 'accounts');
  assert.equal((await reload()).refused, 0);
  const { code, said } = await fill();
  assert.deepEqual([diary().filter((it) => it.problem), code], [[], 0], said);
  const made = diary().map((it) => it.id);
  for (const { id } of few(recipes())) assert.ok(made.includes(id), id);
});

test('one that is refused is named, and the filling fails', async () => {
  writeFileSync(`${folder}/demo/desks.jsonl`, diary().filter((it) => it.id !== 'assigned').map((it) => `${JSON.stringify(it)}\n`).join(''));
  sql(`update xuqi.staff set roles = '{auditor}', totp_step = 0 where name like 'colleague-finance%'; update xuqi.staff set totp_step = 0 where name like 'colleague-review%'`);
  const { code, said } = await fill();
  assert.equal(code, 1, said);
  assert.match(said, /assigned: 403 forbidden/);
  assert.match(diary().find((it) => it.id === 'assigned').problem, /403 forbidden/);
  rmSync(`${folder}/demo/desks.done`);
});
