// SPDX-License-Identifier: Apache-2.0
// The quick way through a mutation campaign: a story is told once, and after each of its checks that leave nothing behind the
// check is made again without the rule it is about, in a transaction that is rolled back. Rules whose check then still says ok
// are left to whole stories (mutants.sh).
//   node mutants.mjs script STORY MUTANTS     prints what psql is to run
//   node mutants.mjs verdicts STORY MUTANTS   reads what psql printed, prints "number <tab> fact" of each killed mutant, number 0
//                                             for a story that does not hold without one
// MUTANTS: lines "number, name, table, statement, undo" with tabs between.
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';

const [, , what, storyFile, mutantsFile] = process.argv;
const story = basename(storyFile, '.sql');

const mutants = readFileSync(mutantsFile, 'utf8').split('\n').filter(Boolean).map((line) => {
  const [number, name, table, statement, undo] = line.split('\t');
  return { number, name, kind: name.split(' ')[0], rule: name.split(/[ .]/).at(-1), table, statement, undo };
}).filter((it) => !it.undo);

// Statements of psql as it reads them: to a semicolon or \gset at the end of a line outside of quotes, a backslash command alone.
function statements(text) {
  const all = [];
  let open = '';
  for (const line of text.split('\n')) {
    if (open === '' && (line.startsWith('\\') || line.startsWith('--') || line === '')) { all.push(line); continue; }
    open += `${line}\n`;
    const bare = open.replace(/(\$[a-z]*\$).*?\1/gs, '');
    if (!/\$[a-z]*\$/.test(bare) && (bare.match(/'/g) ?? []).length % 2 === 0 && /(;|\\gset.*)\s*$/.test(line)) { all.push(open.trimEnd()); open = ''; }
  }
  return all;
}

// Checks that put back what they do, and of the roles' story those that only look.
const pure = (statement) => /^select (refused|breaks|doubles|named|finds)\(/.test(statement) || (['roles', 'ledger_close', 'ledger_verify'].includes(story) && /^select same\(/.test(statement) && !statement.includes('close('));
const word = (name) => new RegExp(`(^|[^a-z0-9_])${name.replace(/[^a-z0-9_]/g, '\\$&')}([^a-z0-9_]|$)`);

function about(statement) {
  return mutants.filter((it) => {
    if (story === 'roles') return it.kind === 'grant' || it.kind === 'not';
    if (it.kind === 'invariant') return story === 'ledger_verify' && statement.includes(it.name.slice('invariant '.length).replaceAll("'", "''"));
    if (story === 'ledger_verify') return false; // it takes rules away itself
    if (it.kind === 'trigger') return word(it.table).test(statement) || story === 'kept';
    return (it.kind === 'constraint' || it.kind === 'index') && word(it.rule).test(statement);
  });
}

function script() {
  const out = [];
  let inTransaction = false;
  for (const statement of statements(readFileSync(storyFile, 'utf8'))) {
    if (/^\\c /.test(statement)) break; // another role: not the place for mutants
    out.push(statement.replace(/^\\ir /, `\\i ${dirname(storyFile)}/`));
    if (/^begin\b/.test(statement)) inTransaction = true;
    if (/^(rollback|commit)\b/.test(statement)) inTransaction = false;
    if (inTransaction || !pure(statement)) continue;
    for (const mutant of about(statement)) {
      out.push('\\set ON_ERROR_STOP off', 'begin;', `${mutant.statement};`, '\\if :ERROR', '\\else', `\\echo @mutant ${mutant.number}`, statement,
        '\\if :ERROR', `\\echo not ok an error`, '\\endif', '\\echo @end', '\\endif', 'rollback;', '\\set ON_ERROR_STOP on');
    }
  }
  return out.join('\n');
}

function verdicts(text) {
  const killed = new Map();
  let number = null;
  for (const line of text.split('\n')) {
    if (line.startsWith('@mutant ')) number = line.slice(8);
    else if (line === '@end') number = null;
    else if (line.startsWith('not ok') && !killed.has(number ?? '0')) killed.set(number ?? '0', line); // 0: without any mutant
  }
  return [...killed].map(([it, fact]) => `${it}\t${fact}`).join('\n');
}

console.log(what === 'script' ? script() : verdicts(readFileSync(0, 'utf8')));
