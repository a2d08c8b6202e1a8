// SPDX-License-Identifier: Apache-2.0
// Replies that go on, in raw bytes against tests/support/echo_server: heartbeats, readers that are slow, dead or talk back,
// the end of a stream's life and of the server. XUQI_BUILD names the build folder.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const program = join(resolve(here, process.env.XUQI_BUILD ?? '../../build/dev'), 'tests/support/echo_server');
const get = (target, method = 'GET') => `${method} ${target} HTTP/1.1\r\nHost: test\r\n\r\n`;

async function until(what, condition, limitMs = 8000) {
  const start = Date.now();
  while (!(await condition())) {
    if (Date.now() - start > limitMs) assert.fail(`waited in vain for ${what}`);
    await sleep(5);
  }
  return Date.now() - start;
}

const withServer = (options, story) => async () => {
  const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (text) => { errors += text; });
  const ended = once(child, 'exit');
  const [line] = await Promise.race([once(child.stdout, 'data'), ended.then(() => assert.fail(errors))]);
  const server = { child, ended, ...JSON.parse(line) };
  try {
    await story(server);
  } finally {
    if (!child.killed) child.kill('SIGTERM');
    const [code] = await ended;
    assert.equal(code, 0, errors);
    assert.doesNotMatch(errors, /Sanitizer|runtime error/);
  }
};

function open(server, bytes, { reads = true, port = server.port } = {}) {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  const reader = { socket, text: '', ended: false };
  if (reads) socket.on('data', (part) => { reader.text += part.toString('latin1'); });
  socket.on('error', () => { reader.ended = true; });
  socket.on('close', () => { reader.ended = true; });
  socket.write(bytes);
  return reader;
}

async function counts(server) {
  const reader = open(server, 'GET /counts HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n');
  await until('the counts', () => reader.ended);
  return JSON.parse(reader.text.slice(reader.text.indexOf('\r\n\r\n') + 4));
}

const body = (reader) => reader.text.slice(reader.text.indexOf('\r\n\r\n') + 4);
const quick = ['stream_heartbeat_ms=150'];

test('a stream has the head that browsers and proxies need, a retry and its first piece at once', withServer([], async (server) => {
  const reader = open(server, get('/stream?size=8'));
  await until('the piece', () => reader.text.endsWith('xxxxxxx\n'));
  assert.match(reader.text, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(reader.text, /\r\nContent-Type: text\/event-stream\r\n/);
  assert.match(reader.text, /\r\nCache-Control: no-store\r\n/);
  assert.match(reader.text, /\r\nConnection: close\r\n/);
  assert.match(reader.text, /\r\nX-Accel-Buffering: no\r\n/);
  assert.doesNotMatch(reader.text, /content-length|transfer-encoding/i);
  assert.match(body(reader), /^retry: [1-4]\d{3}\n\nx{7}\n$/);
  reader.socket.destroy();
}));

test('a quiet stream is kept alive by comments', withServer(quick, async (server) => {
  const reader = open(server, get('/stream?size=2&pieces=0'));
  await until('three heartbeats', () => (body(reader).match(/^:$/gm) ?? []).length >= 3);
  assert.equal((await counts(server)).streams_now, 1);
  reader.socket.destroy();
  await until('the count to fall', async () => (await counts(server)).streams_now === 0);
}));

test('HEAD gets the head and no stream', withServer([], async (server) => {
  const reader = open(server, get('/stream', 'HEAD'));
  await until('the end', () => reader.ended);
  assert.match(reader.text, /text\/event-stream/);
  assert.equal(body(reader), '');
  assert.equal((await counts(server)).streams_now, 0);
}));

test('a reader that takes nothing costs one piece and is dropped', withServer(quick, async (server) => {
  const size = 4 * 1024 * 1024;
  const reader = open(server, get(`/stream?size=${size}&pieces=50`), { reads: false });
  reader.socket.pause();
  const before = await counts(server);
  assert.ok(before.pieces <= 4, `${before.pieces} pieces`); // what the kernel took, and one
  await until('the drop', async () => (await counts(server)).streams_now === 0);
  assert.equal((await counts(server)).pieces, before.pieces);
  reader.socket.destroy();
}));

test('a slow reader gets every piece in its own time', withServer(quick, async (server) => {
  const size = 1024 * 1024;
  const reader = open(server, get(`/stream?size=${size}&pieces=10`), { reads: false });
  let taken = 0;
  reader.socket.on('data', async (part) => {
    taken += part.length;
    reader.socket.pause();
    await sleep(1);
    reader.socket.resume();
  });
  await until('all of it', () => taken > 10 * size, 20000);
  assert.equal((await counts(server)).pieces, 10);
  reader.socket.destroy();
}));

test('what a reader says is thrown away', withServer(quick, async (server) => {
  const reader = open(server, get('/stream') + get('/hello'));
  for (let i = 0; i < 50; i++) reader.socket.write(Buffer.alloc(65536, 'GET / HTTP/1.1\r\n'));
  await until('a heartbeat', () => body(reader).includes('\n:\n\n'));
  assert.doesNotMatch(body(reader), /HTTP\/1\.1/);
  assert.equal((await counts(server)).executed, 1);
  reader.socket.destroy();
}));

test('a stream ends with its life, politely', withServer(['stream_heartbeat_ms=100', 'stream_life_ms=450'], async (server) => {
  const reader = open(server, get('/stream'));
  const took = await until('the end', () => reader.ended);
  assert.ok(took >= 400 && took < 2500, `${took} ms`);
  assert.match(body(reader), /: come again\n\n$/);
  await until('its connection is gone', async () => (await counts(server)).connections_now === 1);
}));

test('a stop ends streams with a last comment, at once', withServer([], async (server) => {
  const readers = Array.from({ length: 20 }, () => open(server, get('/stream')));
  await until('all to stream', () => readers.every((reader) => reader.text.includes('xxx')));
  const start = Date.now();
  server.child.kill('SIGTERM');
  await server.ended;
  assert.ok(Date.now() - start < 3000);
  await until('all ends', () => readers.every((reader) => reader.ended));
  for (const reader of readers) assert.match(body(reader), /: the server restarts, come again\n\n$/);
}));

test('a stop does not wait for a reader that takes nothing longer than its deadline', withServer(['stop_ms=500'], async (server) => {
  const reader = open(server, get(`/stream?size=${8 * 1024 * 1024}&pieces=9`), { reads: false });
  reader.socket.pause();
  await until('the stream', async () => (await counts(server)).streams_now === 1);
  const start = Date.now();
  server.child.kill('SIGTERM');
  await server.ended;
  assert.ok(Date.now() - start < 2500);
  reader.socket.destroy();
}));

test('readers that come and go leave nothing behind', withServer(quick, async (server) => {
  for (let round = 0; round < 10; round++) {
    const readers = Array.from({ length: 50 }, (_, i) => open(server, get(`/stream?size=${1 + i * 100}&pieces=${i}`)));
    await sleep(round * 5);
    for (const reader of readers) reader.socket.resetAndDestroy();
  }
  await until('none to be left', async () => (await counts(server)).streams_now === 0);
  assert.equal((await counts(server)).connections_now, 1);
}));

test('a stream over TLS', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'xuqi-streams-'));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', '/CN=test',
    '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')], { stdio: 'ignore' });
  await withServer([...quick, `certificate=${join(folder, 'cert.pem')}`, `key=${join(folder, 'key.pem')}`], async (server) => {
    const socket = tls.connect({ port: server.admin_port, host: '127.0.0.1', ca: readFileSync(join(folder, 'cert.pem')), checkServerIdentity: () => undefined });
    let text = '';
    let ended = false;
    socket.on('data', (part) => { text += part; });
    socket.on('end', () => { ended = true; });
    socket.write(get('/stream?size=5&pieces=3'));
    await until('pieces and a heartbeat', () => text.includes('xxxx\nxxxx\nxxxx\n') && text.endsWith(':\n\n'));
    server.child.kill('SIGTERM');
    await until('the end', () => ended);
    assert.match(text, /: the server restarts, come again\n\n$/);
    socket.destroy();
  })();
  rmSync(folder, { recursive: true });
});
