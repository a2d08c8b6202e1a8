// SPDX-License-Identifier: Apache-2.0
// tests/PAYMENTS.md and tests/PAGES.md say which test shows what: each that they name is there, and no cell is empty.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { here } from '../support/client.mjs';

const paper = readFileSync(here('../PAYMENTS.md'), 'utf8');
const place = (name) => here(name.startsWith('unit/') ? `../unit/remote/${name.slice(5)}` : `../flow/${name}`);

// [file, test]: a test belongs to the file that was named last before it.
function named(text) {
  const all = [];
  let file = null;
  for (const [, name, title] of text.matchAll(/`([\w/.]+\.(?:mjs|c|ts))`|“([^”]+)”/g)) {
    if (name) file = name;
    else all.push([file, title.replace(/\s+/g, ' ')]);
  }
  return all;
}

test('every test that is named is in its file', () => {
  const all = named(paper.slice(paper.indexOf('| | Alipay')));
  assert.ok(all.length > 40, `${all.length} names`);
  for (const [file, title] of all) {
    assert.ok(file && existsSync(place(file)), `${file} for “${title}”`);
    assert.ok(readFileSync(place(file), 'utf8').replaceAll("\\'", "'").includes(title), `${file} has no “${title}”`);
  }
});

test('every cell of every rail names one, but for what a rail does not have', () => {
  const rows = paper.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| | '));
  assert.equal(rows.length, 12);
  for (const row of rows) {
    const [, what, ...cells] = row.split(/(?<!\\)\|/);
    const rails = cells.slice(0, 3);
    assert.equal(rails.length, 3, what);
    for (const [i, cell] of rails.entries())
      if (cell.trim() === '–') assert.ok(what.includes('APIv3 key') && i < 2, `${what}: nothing`);
      else assert.ok(named(cell).length > 0, `${what}: ${cell}`);
  }
});

test('every point of the pages names a test that is in its file', () => {
  const rows = readFileSync(here('../PAGES.md'), 'utf8').split('\n').filter((line) => /^\| \d/.test(line));
  assert.deepEqual(rows.map((row) => Number(row.split('|')[1])), Array.from({ length: 40 }, (_, i) => i + 1));
  for (const row of rows) {
    const all = named(row.split('|')[3]);
    assert.ok(all.length > 0, row);
    for (const [file, title] of all) {
      const path = here(file.startsWith('server/') ? `../../${file}` : `../${file}`);
      assert.ok(existsSync(path) && readFileSync(path, 'utf8').replaceAll("\\'", "'").includes(title), `${file} has no “${title}”`);
    }
  }
});
