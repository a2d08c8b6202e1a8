// SPDX-License-Identifier: Apache-2.0
// Has a prepared server reload, and reads in its log how that went. XUQI_SERVER_LOG names the log.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { folder } from './world.mjs';

const log = process.env.XUQI_SERVER_LOG;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const pids = (pattern) => execFileSync('pgrep', ['-f', pattern], { encoding: 'utf8' }).trim().split('\n');
export const roles = () => pids(`xuqid --supervised --config ${folder}/xuqid.yaml`).sort().join(' ');
const webs = () => pids(`xuqid --supervised --config ${folder}/xuqid.yaml --role web`).length;
export const logged = () => readFileSync(log, 'utf8');

// Until web and jobs have each said how it went; `taken`: how many took it.
export async function reload() {
  const from = logged().length;
  const said = () => logged().slice(from);
  const count = (pattern) => (said().match(pattern) ?? []).length;
  execFileSync('kill', ['-HUP', pids(`xuqid --config ${folder}/xuqid.yaml`)[0]]);
  for (let i = 0; i < 200 && count(/reloaded \d+ platforms|reload refused/g) < webs() + 1; i++) await pause(50);
  assert.equal(count(/reloaded \d+ platforms|reload refused/g), webs() + 1, said());
  return { text: said(), taken: count(/reloaded \d+ platforms/g), refused: count(/reload refused/g), all: webs() + 1 };
}
