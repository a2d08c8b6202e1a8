// SPDX-License-Identifier: Apache-2.0
// After the build: a gzip copy beside each text file, and the budgets held. Said as a table, so that growth is seen.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const root = process.env.XUQI_WEB_OUT ?? 'dist';
const KB = 1024;
const budgets = { 'portal.html': 220 * KB, 'order.html': 220 * KB, 'staff.html': 220 * KB, 'm.html': 10 * KB }; // gzip, first visit of the largest route

const sizes = new Map();
for (const folder of ['', 'assets'])
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (!entry.isFile() || !/\.(html|m?js|css|svg)$/.test(entry.name)) continue;
    const name = join(folder, entry.name);
    const content = readFileSync(join(root, name));
    const packed = gzipSync(content, { level: 9 });
    if (packed.length < content.length) writeFileSync(join(root, `${name}.gz`), packed);
    sizes.set(name, Math.min(packed.length, content.length));
  }

// What a file pulls in at once, and, for a route, what its page adds to that.
const imports = (name) => [...readFileSync(join(root, name), 'utf8').matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)].map(([, file]) => join('assets', file));
const fetched = (name) => [...readFileSync(join(root, name), 'utf8').matchAll(/"(?:\/|\.\/)?(assets\/[\w.-]+\.(?:js|css))"/g)].map(([, file]) => file);
const closure = (names, seen = new Set()) => {
  for (const name of names)
    if (!seen.has(name) && sizes.has(name)) {
      seen.add(name);
      if (name.endsWith('.js')) closure(imports(name), seen);
    }
  return seen;
};
const weigh = (names) => [...names].reduce((sum, name) => sum + sizes.get(name), 0);

// These two share their parts: one that imported what the other's document begins with would start the pages once more.
let failed = false;
for (const page of ['portal.html', 'order.html'])
  for (const [, entry] of readFileSync(join(root, page), 'utf8').matchAll(/<script [^>]*src="\/(assets\/[\w.-]+\.js)"/g))
    for (const name of [...sizes.keys()].filter((it) => it.endsWith('.js') && it !== entry && imports(it).includes(entry))) {
      failed = true;
      console.log(`${name} imports ${entry}, which starts ${page}`);
    }
for (const [page, budget] of Object.entries(budgets)) {
  const first = closure([page, ...fetched(page)]);
  const entries = [...first].filter((name) => name.endsWith('.js'));
  const routes = entries.flatMap((name) => fetched(name)).filter((name) => /Page-/.test(name) && name.endsWith('.js'));
  const weights = [[page, weigh(first)], ...routes.map((route) => {
    const styles = entries.flatMap((name) => fetched(name)).filter((name) => name.endsWith('.css') && name.startsWith(route.replace(/-[\w-]+\.js$/, '-')));
    return [route, weigh(closure([route, ...styles], new Set(first)))];
  })];
  for (const [name, weight] of weights) {
    const over = weight > budget;
    failed ||= over;
    console.log(`${name.padEnd(44)} ${(weight / KB).toFixed(1).padStart(7)} KB of ${budget / KB} KB${over ? '  TOO LARGE' : ''}`);
  }
}
if (failed) process.exit(1);
