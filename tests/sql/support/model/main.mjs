// SPDX-License-Identifier: Apache-2.0
// Walks of the model against the database that PGHOST names; see tests/sql/model.
import { readFileSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Connection } from './connection.mjs';
import { NOT_MODELLED, SELDOM, UNSEEN } from './operations.mjs';
import { plan, shrink, tell, walk } from './walk.mjs';

const { values: options } = parseArgs({
  options: {
    short: { type: 'boolean' }, seed: { type: 'string' }, walks: { type: 'string' }, steps: { type: 'string' },
    keep: { type: 'string' }, damage: { type: 'string' }, coverage: { type: 'boolean' },
  },
});
const replay = options.seed !== undefined;
const first = Number(options.seed ?? 1);
const walks = replay ? 1 : Number(options.walks ?? (options.short ? 4 : 110));
const steps = Number(options.steps ?? (options.short ? 700 : 1000));
const SIDE_BY_SIDE = 2;
const seen = new Map();
const procedures = new URL('../../../../sql/procedures/', import.meta.url);

// The outcomes that a procedure's header names, with those it takes over from another one.
function headerOutcomes(name) {
  const header = readFileSync(new URL(`${name}.sql`, procedures), 'utf8').split('\n')
    .slice(1).filter((line, i, lines) => lines.slice(0, i + 1).every((it) => it.startsWith('--')))
    .map((line) => line.slice(2)).join(' ').replace(/\([^)]*\)/g, '');
  const list = (header.match(/Outcomes?: ([^.]*)\./) ?? header.match(/One row with outcome ([^.]*)\./))?.[1].replace('rows with outcome', '') ?? '';
  const taken = list.match(/the refusals of (\w+)/)?.[1];
  const words = list.split(/,|\band\b|\bor\b/).map((word) => word.trim()).filter((word) => /^(?!in_)[a-z_]+$/.test(word));
  return taken ? [...words, ...headerOutcomes(taken).filter((word) => !['ready', 'issued'].includes(word))] : words;
}

// Procedures with outcomes that a role may call; those that are walked and of which an outcome was never seen (in the short form
// none), and what the stories do not tell of the others.
async function missing() {
  const connection = await Connection.open('model');
  const rows = await connection.rows(`select proname from pg_proc where pronamespace = 'xuqi'::regnamespace and 'outcome' = any (proargnames)
    and exists (select from unnest(array['xuqi_web', 'xuqi_jobs', 'xuqi_issuer', 'xuqi_admin']) as r where has_function_privilege(r, oid, 'execute'))
    order by 1`);
  await connection.close();
  const known = new Set(readdirSync(procedures).map((file) => file.replace('.sql', '')));
  const names = rows.map((row) => row.proname).filter((name) => known.has(name));
  return [
    ...names.filter((name) => !(name in NOT_MODELLED)).flatMap(options.short ? unwalked : unseen).map((it) => `never seen: ${it}`),
    ...Object.entries(NOT_MODELLED).flatMap(([name, [story]]) => untold(name, story)),
    ...Object.keys(NOT_MODELLED).filter((name) => !names.includes(name)).map((name) => `not modelled, but no procedure: ${name}`),
  ];
}

const unseen = (name) => headerOutcomes(name).map((word) => `${name} ${word}`).filter((it) => !seen.has(it) && !(it in UNSEEN));
const unwalked = (name) => (SELDOM.includes(name) || [...seen.keys()].some((it) => it.startsWith(`${name} `)) ? [] : [name]);

// What the story that stands in for a procedure does not tell of it.
function untold(name, story) {
  const read = (file) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const told = read(`${story}.sql`);
  const text = told + [...told.matchAll(/^\\ir (\S+)$/gm)].map(([, file]) => read(file)).join('');
  return [...(text.includes(name) ? [] : [`${story}.sql does not call ${name}`]),
    ...headerOutcomes(name).filter((word) => !(`${name} ${word}` in UNSEEN) && !new RegExp(`\\b${word}\\b`).test(text)).map((word) => `${story}.sql does not tell ${name} ${word}`)];
}

function printCoverage() {
  const byProcedure = new Map();
  for (const [key, count] of [...seen].sort()) {
    const at = key.lastIndexOf(' ');
    byProcedure.set(key.slice(0, at), [...(byProcedure.get(key.slice(0, at)) ?? []), `${key.slice(at + 1)} ${count}`]);
  }
  for (const [procedure, outcomes] of byProcedure) console.log(`${procedure}: ${outcomes.join(', ')}`);
}

async function failed(seed, fault, last) {
  const settings = { damage: options.damage };
  const short = await shrink(chosen(seed), last, settings);
  const keep = short.map((each) => each.index).join(',');
  console.log(`not ok model: seed ${seed}: ${fault.replaceAll('\n', ' ')}`);
  console.error(`shrunk to ${short.length} operations; again: tests/sql/model --seed ${seed} --steps ${steps} --keep ${keep}`);
  console.error(await tell(short, settings));
}

function chosen(seed) {
  const kept = options.keep?.split(',').map(Number);
  return plan(seed, steps).filter((each) => !kept || kept.includes(each.index));
}

let next = first;
let operations = 0;
let faults = 0;
async function walker() {
  while (next < first + walks && faults === 0) {
    const seed = next++;
    const { done, fault, last } = await walk(chosen(seed), { seen, damage: options.damage });
    operations += done;
    if (fault) {
      faults++;
      await failed(seed, fault, last);
    } else if (options.short || replay) console.log(`ok model: seed ${seed}: ${done} operations as the reference has them`);
  }
}

const start = Date.now();
await Promise.all(Array.from({ length: Math.min(walks, SIDE_BY_SIDE) }, walker));
if (options.coverage) printCoverage();
if (!replay && faults === 0) {
  for (const key of await missing()) {
    faults++;
    console.log(`not ok model: ${key}`);
  }
}
if (!options.short) console.log(`${walks} walks, ${operations} operations, ${seen.size} outcomes in ${((Date.now() - start) / 1000).toFixed(0)} s, ${faults} faults`);
process.exitCode = faults > 0 ? 1 : 0;
