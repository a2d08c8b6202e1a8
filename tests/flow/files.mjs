// SPDX-License-Identifier: Apache-2.0
// The built pages as the edge serves them: `node --test tests/flow/files.mjs`. XUQI_BUILD names the build folder.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

const here = fileURLToPath(new URL('.', import.meta.url));
const program = join(resolve(here, process.env.XUQI_BUILD ?? '../../build/dev'), 'tests/support/echo_server');
const page = '<!doctype html><title>page</title>';
const script = 'console.log("a script");\n'.repeat(50);
let folder, child, port, errors = '';

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xuqi-files-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'page.html'), page);
  writeFileSync(join(folder, 'favicon.ico'), 'icon');
  writeFileSync(join(folder, 'notes.txt'), 'not for anybody');
  writeFileSync(join(folder, 'assets', 'page-1a2b.js'), script);
  writeFileSync(join(folder, 'assets', 'page-1a2b.js.gz'), gzipSync(script));
  symlinkSync('/etc/passwd', join(folder, 'assets', 'linked.js'));
  child = spawn(program, [`files=${folder}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.on('data', (text) => { errors += text; });
  const [line] = await once(child.stdout, 'data');
  ({ port } = JSON.parse(line));
});

after(async () => {
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  rmSync(folder, { recursive: true });
  assert.equal(code, 0, errors);
});

const get = (path, { method = 'GET', headers = {} } = {}) => new Promise((done, failed) => {
  const request = http.request({ port, host: '127.0.0.1', path, method, headers }, (answer) => {
    const parts = [];
    answer.on('data', (part) => parts.push(part));
    answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
  });
  request.on('error', failed);
  request.end();
});

test('a document stands at its address and everywhere below, and no browser keeps it', async () => {
  for (const path of ['/', '/page', '/page/', '/page/0120170921000084601?from=gateway']) {
    const answer = await get(path);
    assert.equal(answer.status, 200, path);
    assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.equal(answer.headers['content-security-policy'], "default-src 'none'");
    assert.equal(answer.headers['referrer-policy'], 'no-referrer');
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.equal(answer.body.toString(), page);
  }
});

test('an asset may be kept for a year', async () => {
  const answer = await get('/assets/page-1a2b.js');
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.equal(answer.headers['content-type'], 'text/javascript; charset=utf-8');
  assert.equal(answer.headers['content-encoding'], undefined);
  assert.equal(answer.body.toString(), script);
});

test('who accepts gzip is given it', async () => {
  const answer = await get('/assets/page-1a2b.js', { headers: { 'accept-encoding': 'br, gzip' } });
  assert.equal(answer.headers['content-encoding'], 'gzip');
  assert.equal(answer.headers.vary, 'Accept-Encoding');
  assert.equal(gunzipSync(answer.body).toString(), script);
});

test('who refuses gzip is not given it', async () => {
  const answer = await get('/assets/page-1a2b.js', { headers: { 'accept-encoding': 'gzip;q=0, identity' } });
  assert.equal(answer.headers['content-encoding'], undefined);
});

test('HEAD is answered with the size and nothing else', async () => {
  const answer = await get('/page', { method: 'HEAD' });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-length'], String(page.length));
  assert.equal(answer.body.length, 0);
});

test('a missing asset is 404, never a page', async () => {
  const answer = await get('/assets/page-0000.js');
  assert.equal(answer.status, 404);
  assert.equal(JSON.parse(answer.body).code, 'not_found');
});

for (const [path, why] of [['/pages', 'another address'], ['/page.html', 'a document by its file name'],
  ['/notes.txt', 'a kind that no page asks for'], ['/assets/linked.js', 'a symbolic link'],
  ['/assets', 'a folder'], ['/assets/page-1a2b.js.gz', 'the gzip copy by name'], ['/assets/..%2fpage.html', 'an encoded slash'],
  ['/assets/../page.html', 'a dot segment'], ['/page%00.html', 'a NUL']])
  test(`${why} is not served`, async () => {
    const answer = await get(path);
    assert.ok(answer.status === 404 || answer.status === 400, `${path} ${answer.status}`);
  });

test('a page cannot be posted to', async () => {
  assert.equal((await get('/page', { method: 'POST', headers: { 'content-length': 0 } })).status, 404);
});

test('routes of the program win over pages', async () => {
  assert.equal((await get('/hello')).body.toString(), 'hello');
});

test('a folder without its document is refused at start, by name', () => {
  const empty = mkdtempSync(join(tmpdir(), 'xuqi-files-'));
  mkdirSync(join(empty, 'assets'));
  const ended = spawnSync(program, [`files=${empty}`], { encoding: 'utf8' });
  execFileSync('rm', ['-r', empty]);
  assert.equal(ended.status, 1);
  assert.match(ended.stderr, /no page\.html among the built pages/);
});
