// SPDX-License-Identifier: Apache-2.0
// The HTTP front against what the network can send it, in raw bytes: `node --test tests/flow/framing.mjs`.
// XUQI_BUILD names the build folder; the program under test is its tests/support/echo_server.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { vectors } from './framing_vectors.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const program = join(resolve(here, process.env.XUQI_BUILD ?? '../../build/dev'), 'tests/support/echo_server');
const get = (target, lines = '') => `GET ${target} HTTP/1.1\r\nHost: test\r\n${lines}\r\n`;

// -- the server

async function startServer(...options) {
  const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'pipe'] });
  const server = { child, errors: '' };
  child.stderr.on('data', (text) => { server.errors += text; });
  server.ended = once(child, 'exit');
  const [line] = await Promise.race([once(child.stdout, 'data'), server.ended.then(() => assert.fail(server.errors))]);
  return Object.assign(server, JSON.parse(line));
}

function beginStop(server) {
  server.stopping = true;
  server.child.kill('SIGTERM');
}

// Sanitizers report on stderr and by the exit code.
async function stopServer(server) {
  if (!server.stopping) beginStop(server);
  const [code, signal] = await server.ended;
  assert.equal(signal, null, server.errors);
  assert.equal(code, 0, server.errors);
  assert.doesNotMatch(server.errors, /Sanitizer|runtime error/);
}

const withServer = (options, story) => async () => {
  const server = await startServer(...options);
  try {
    await story(server);
  } finally {
    await stopServer(server);
  }
};

// -- a client that sends bytes

function open(port, options = {}) {
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true, ...options });
  const client = { socket, text: '', ended: false, failed: null };
  socket.on('data', (part) => { client.text += part.toString('latin1'); });
  socket.on('end', () => { client.ended = true; });
  socket.on('error', (error) => { client.failed = error; client.ended = true; });
  socket.on('close', () => { client.ended = true; });
  client.send = (bytes) => socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  return client;
}

async function until(what, condition, limitMs = 8000) {
  const start = Date.now();
  while (!condition()) {
    if (Date.now() - start > limitMs) assert.fail(`waited in vain for ${what}`);
    await sleep(2);
  }
  return Date.now() - start;
}

// Splits what arrived into replies; the last may be incomplete.
function replies(client) {
  const found = [];
  let rest = client.text;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return found;
    const [first, ...lines] = rest.slice(0, end).split('\r\n');
    const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]));
    const status = Number(first.split(' ')[1]);
    const size = status < 200 ? 0 : Number(headers['content-length'] ?? 0);
    if (rest.length < end + 4 + size) return found;
    found.push({ status, headers, body: Buffer.from(rest.slice(end + 4, end + 4 + size), 'latin1').toString('utf8') });
    rest = rest.slice(end + 4 + size);
  }
}

async function reply(client, index = 0) {
  await until(`reply ${index}`, () => replies(client).length > index || client.ended);
  const found = replies(client)[index];
  assert.ok(found, `no reply, but ${JSON.stringify(client.text)} ${client.failed ?? ''}`);
  return found;
}

async function exchange(port, bytes) {
  const client = open(port);
  client.send(bytes);
  const answer = await reply(client);
  client.socket.destroy();
  return answer;
}

const counts = async (server) => JSON.parse((await exchange(server.port, get('/counts', 'Connection: close\r\n'))).body);

function assertProblem(answer, status) {
  assert.equal(answer.status, status);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  const problem = JSON.parse(answer.body);
  assert.equal(problem.status, status);
  assert.equal(problem.type, 'about:blank');
  assert.equal(problem.request_id, answer.headers['x-request-id']);
  for (const name of ['title', 'title_en', 'code', 'fix', 'fix_en']) assert.ok(problem[name].length > 0, name);
  return problem;
}

// -- hostile framing

describe('a message whose end or meaning is unclear', () => {
  let server;
  before(async () => { server = await startServer(); });
  after(() => stopServer(server));

  for (const { name, bytes, status } of vectors) {
    test(`is refused: ${name}`, async () => {
      const before_ = await counts(server);
      const client = open(server.port);
      client.send(bytes);
      await until('the end of the connection', () => client.ended);
      const all = replies(client);
      assert.equal(all.length, 1, client.text);
      assert.equal(all[0].headers.connection, 'close');
      assertProblem(all[0], status);
      client.socket.destroy();
      const after_ = await counts(server);
      assert.equal(after_.executed, before_.executed, 'the request behind it was executed');
    });
  }

  test('is refused as well when its bytes come one by one', async () => {
    const before_ = await counts(server);
    const short = vectors.filter(({ bytes }) => bytes.length < 260);
    assert.ok(short.length > 80);
    await Promise.all(short.map(async ({ name, bytes, status }) => {
      const client = open(server.port);
      for (const byte of bytes) {
        if (client.ended || client.text.length > 0) break;
        client.send(Buffer.from([byte]));
        await sleep(1);
      }
      await until(`the end of ${name}`, () => client.ended, 20000);
      const [answer] = replies(client);
      assert.equal(answer?.status, status, name);
      client.socket.destroy();
    }));
    assert.equal((await counts(server)).executed, before_.executed);
  });
});

// -- well-formed messages

describe('a well-formed message', () => {
  let server;
  before(async () => { server = await startServer('trusted_proxy=127.0.0.1'); });
  after(() => stopServer(server));

  test('is answered with the headers every reply has', async () => {
    const { status, headers, body } = await exchange(server.port, get('/hello'));
    assert.equal(status, 200);
    assert.equal(body, 'hello');
    assert.equal(headers['content-length'], '5');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cache-control'], 'no-store');
    assert.match(headers['x-request-id'], /^[0-9a-f]{16}$/);
    assert.match(headers.date, /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
    assert.equal(headers.server, undefined);
    assert.equal(headers.connection, undefined);
  });

  test('may be preceded by one empty line', async () => {
    assert.equal((await exchange(server.port, `\r\n${get('/hello')}`)).status, 200);
  });

  test('has its parts decoded', async () => {
    const { body } = await exchange(server.port, get('/items/%61.b-C_9?q=%E4%BD%A0+%2B&x&=&&z=[{|}]',
      'Authorization: bearer  abc\r\nX-TEST: \t padded \t \r\nX-Empty:\r\nX-Forwarded-For: 1.2.3.4, 2001:db8::1\r\n'));
    assert.deepEqual(JSON.parse(body), { item: 'a.b-C_9', q: '你 +', address: '2001:db8::1', bearer: 'abc', x: 'padded' });
  });

  test('keeps the proxy\'s own address when what it forwards is none', async () => {
    const { body } = await exchange(server.port, get('/items/a', 'X-Forwarded-For: 1.2.3.4, evil\r\n'));
    assert.equal(JSON.parse(body).address, '127.0.0.1');
  });

  test('prefers a literal segment to a parameter', async () => {
    const { status, headers } = await exchange(server.port, get('/items/special'));
    assert.equal(status, 204);
    assert.equal(headers['content-length'], undefined);
    assert.equal(headers['cache-control'], 'max-age=60');
  });

  test('cannot make a reply header write another one', async () => {
    const { headers } = await exchange(server.port, get('/items/special'));
    assert.equal(headers['x-injected'], undefined);
  });

  test('HEAD is GET without the body', async () => {
    const client = open(server.port);
    client.send('HEAD /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await until('the end', () => client.ended);
    assert.match(client.text, /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(client.text, /Content-Length: 5\r\n/);
    assert.ok(client.text.endsWith('\r\n\r\n'));
  });

  for (const method of ['OPTIONS', 'DELETE', 'TRACE', 'PUT']) {
    test(`${method} where it does not belong names what is allowed`, async () => {
      const answer = await exchange(server.port, `${method} /hello HTTP/1.1\r\nHost: a\r\n\r\n`);
      assertProblem(answer, 405);
      assert.deepEqual(answer.headers.allow.split(', ').sort(), ['GET', 'HEAD', 'POST']);
    });
  }

  for (const path of ['/', '/nothing', '/hello/', '/items/', '/items/a/b', `/items/${'a'.repeat(65)}`, '/items/a:b',
    '/items/%E4%BD%A0', '//hello', '/metrics', '/a'.repeat(40)]) {
    test(`to ${path.slice(0, 20)} finds nothing and may go on`, async () => {
      const client = open(server.port);
      client.send(get(path) + get('/hello'));
      assertProblem(await reply(client), 404);
      assert.equal((await reply(client, 1)).status, 200);
      client.socket.destroy();
    });
  }

  test('with faulty fields is told which', async () => {
    const problem = assertProblem(await exchange(server.port, get('/fields')), 422);
    assert.deepEqual(problem.fields, [{ path: 'agent.mobile', code: 'check_digit', message: '手机号有误', message_en: 'The mobile number is wrong' }]);
    assert.equal(problem.detail, '有一项有误');
    assert.equal(problem.detail_en, 'One field is wrong');
  });

  test('without admission does not reach the handler', async () => {
    const { executed } = await counts(server);
    const answer = await exchange(server.port, get('/private'));
    assertProblem(answer, 401);
    assert.match(answer.headers['www-authenticate'], /^Bearer/);
    assert.equal((await counts(server)).executed, executed);
    assert.equal((await exchange(server.port, get('/private', 'Authorization: Bearer let-me-in\r\n'))).status, 200);
  });

  test('may ask for an upgrade, which is ignored', async () => {
    const client = open(server.port);
    client.send(get('/hello', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n') + get('/hello'));
    assert.equal((await reply(client)).status, 200);
    assert.equal((await reply(client, 1)).status, 200);
    client.socket.destroy();
  });

  test('of HTTP/1.0 ends the connection, unless it asks to keep it', async () => {
    const once_ = open(server.port);
    once_.send('GET /hello HTTP/1.0\r\n\r\n');
    await until('the end', () => once_.ended);
    assert.equal(replies(once_)[0].headers.connection, 'close');
    const kept = open(server.port);
    kept.send('GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
    assert.equal((await reply(kept)).headers.connection, 'keep-alive');
    kept.send('GET /hello HTTP/1.0\r\n\r\n');
    assert.equal((await reply(kept, 1)).status, 200);
    kept.socket.destroy();
  });

  test('with Expect is told to continue when its head is accepted', async () => {
    const client = open(server.port);
    client.send('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n');
    assert.equal((await reply(client)).status, 100);
    client.send('hello');
    assert.equal((await reply(client, 1)).body, 'hello');
    client.socket.destroy();
  });

  test('with Expect is refused at once when its head is not accepted', async () => {
    const client = open(server.port);
    client.send('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 70000\r\nExpect: 100-continue\r\n\r\n');
    await until('the end', () => client.ended);
    assertProblem(replies(client)[0], 413);
  });

  test('is answered after the client has closed its side', async () => {
    const client = open(server.port);
    client.socket.end(Buffer.from(get('/slow?ms=50&q=1') + get('/slow?ms=50&q=2')));
    await until('the end', () => client.ended);
    assert.deepEqual(replies(client).map(({ body }) => JSON.parse(body).q), ['1', '2']);
  });

  test('gives the same answer wherever its body is cut', async () => {
    const head = 'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json; charset=UTF-8\r\n';
    const texts = [`${head}Content-Length: 13\r\n\r\n{"a":"b c d"}`,
      `${head}Transfer-Encoding: Chunked\r\n\r\n5\r\n{"a":\r\n008\r\n"b c d"}\r\n0\r\n\r\n`];
    for (const text of texts) {
      await Promise.all(Array.from({ length: text.length - 1 }, async (_, i) => {
        const client = open(server.port);
        client.send(text.slice(0, i + 1));
        await sleep(10);
        client.send(text.slice(i + 1));
        const { status, body } = await reply(client);
        assert.equal(status, 200, `cut at ${i + 1}`);
        assert.equal(body, '{"a":"b c d"}');
        client.socket.destroy();
      }));
    }
  });

  test('is answered in order when a hundred come at once', async () => {
    const client = open(server.port);
    const post = (i) => `POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: ${String(i).length}\r\n\r\n${i}`;
    const item = (i) => get(`/slow?q=${i}&ms=${i % 7}`);
    client.send(Array.from({ length: 100 }, (_, i) => (i % 2 ? post(i) : item(i))).join(''));
    await reply(client, 99);
    const bodies = replies(client).map(({ body }, i) => (i % 2 ? Number(body) : Number(JSON.parse(body).q)));
    assert.deepEqual(bodies, Array.from({ length: 100 }, (_, i) => i));
    client.socket.destroy();
  });

  test('may be much larger than a head', async () => {
    const body = 'x'.repeat(3_000_000);
    const client = open(server.port);
    client.send(`PUT /blob HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    assert.equal((await reply(client)).body.length, body.length);
    client.socket.destroy();
  });

  test('to the administration address is known only there', async () => {
    assert.equal((await exchange(server.admin_port, get('/metrics'))).status, 200);
    assertProblem(await exchange(server.admin_port, get('/hello')), 404);
  });
});

// -- time

describe('a client that is slow', () => {
  test('to send its head is cut at the absolute deadline', withServer(['headers_ms=600'], async (server) => {
    const client = open(server.port);
    const start = Date.now();
    client.send('GET /hello HTTP/1.1\r\nHost: a\r\n');
    const drip = setInterval(() => client.send('X-A: 1\r\n'), 100);
    await until('the end', () => client.ended);
    clearInterval(drip);
    assertProblem(replies(client)[0], 408);
    assert.ok(Date.now() - start < 1500);
    assert.equal((await counts(server)).executed, 0);
  }));

  test('to send its body is cut at the absolute deadline', withServer(['body_ms=600'], async (server) => {
    const client = open(server.port);
    const start = Date.now();
    client.send('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\n');
    const drip = setInterval(() => client.send('x'), 100);
    await until('the end', () => client.ended);
    clearInterval(drip);
    assertProblem(replies(client)[0], 408);
    assert.ok(Date.now() - start < 1500);
  }));

  test('to send a large body has a second more for each 64 KiB of it', withServer(['body_ms=300'], async (server) => {
    const body = 'x'.repeat(128 * 1024);
    const client = open(server.port);
    client.send(`PUT /blob HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\nContent-Length: ${body.length}\r\n\r\n`);
    await sleep(1200);
    client.send(body);
    assert.equal((await reply(client)).body.length, body.length);
    const start = Date.now();
    client.send(`PUT /blob HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\nContent-Length: ${body.length}\r\n\r\nx`);
    await until('the end', () => client.ended);
    assertProblem(replies(client)[1], 408);
    assert.ok(Date.now() - start > 2000 && Date.now() - start < 4000);
  }));

  test('to ask again is closed without a word', withServer(['idle_ms=300'], async (server) => {
    const client = open(server.port);
    client.send(get('/hello'));
    await reply(client);
    await until('the end', () => client.ended);
    assert.equal(replies(client).length, 1);
    const silent = open(server.port);
    await until('the end', () => silent.ended);
    assert.equal(silent.text, '');
  }));

  test('to read is closed when it takes nothing for the idle time', withServer(['idle_ms=500'], async (server) => {
    const client = open(server.port);
    client.socket.pause();
    client.send(get('/large') + get('/large'));
    await sleep(1800);
    const { connections_now, executed } = await counts(server);
    assert.equal(connections_now, 1, 'only the one that asks');
    assert.equal(executed, 1, 'the second must wait for the first to be read');
    client.socket.destroy();
  }));

  test('but reads on is served', withServer(['idle_ms=400'], async (server) => {
    const client = open(server.port, { highWaterMark: 65536 });
    client.socket.removeAllListeners('data');
    let size = 0;
    client.socket.on('data', (part) => {
      size += part.length;
      client.socket.pause();
      setTimeout(() => client.socket.resume(), 10);
    });
    client.send(get('/large'));
    await until('8 MB', () => size > 8 * 1024 * 1024 || client.ended, 30000);
    assert.ok(size > 8 * 1024 * 1024);
    client.socket.destroy();
  }));

  test('is told at the end of the connection\'s life', withServer(['life_ms=500'], async (server) => {
    const client = open(server.port);
    client.send(get('/hello'));
    assert.equal((await reply(client)).headers.connection, undefined);
    client.send(get('/slow?ms=700'));
    assert.equal((await reply(client, 1)).headers.connection, 'close');
    await until('the end', () => client.ended);
  }));

  test('of a slow handler is told that the server is busy, and the late answer is dropped', withServer(['handler_ms=200'], async (server) => {
    const client = open(server.port);
    client.send(get('/slow?ms=600') + get('/hello'));
    const answer = await reply(client);
    assert.equal(assertProblem(answer, 503).code, 'busy');
    assert.equal(answer.headers['retry-after'], '1');
    assert.equal((await reply(client, 1)).body, 'hello');
    await sleep(700);
    assert.equal(replies(client).length, 2);
    client.socket.destroy();
  }));
});

// -- limits, disconnects, stopping

describe('connections', () => {
  test('beyond the limit wait until there is room', withServer(['connections=5'], async (server) => {
    const held = Array.from({ length: 5 }, () => open(server.port));
    for (const client of held) client.send(get('/hello'));
    await Promise.all(held.map((client) => reply(client)));
    const waiting = Array.from({ length: 3 }, () => open(server.port));
    for (const client of waiting) client.send(get('/hello'));
    await sleep(300);
    assert.deepEqual(waiting.map(({ text }) => text), ['', '', '']);
    for (const client of held) client.socket.destroy();
    for (const client of waiting) assert.equal((await reply(client)).status, 200);
    for (const client of waiting) client.socket.destroy();
  }));

  test('beyond the limit of one address are closed at once', withServer(['connections_per_address=3'], async (server) => {
    const held = Array.from({ length: 3 }, () => open(server.port));
    for (const client of held) client.send(get('/hello'));
    await Promise.all(held.map((client) => reply(client)));
    const fourth = open(server.port);
    await until('the end', () => fourth.ended);
    assert.equal(fourth.text, '');
    held[0].socket.destroy();
    await sleep(100);
    assert.equal((await counts(server)).refused, 1);
    for (const client of held) client.socket.destroy();
  }));

  test('may break at any moment', withServer(['handler_ms=300'], async (server) => {
    const text = 'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello';
    const slow = get('/slow?ms=100');
    const large = get('/large');
    const broken = [];
    for (let i = 0; i <= text.length; i += 3) broken.push([text.slice(0, i), 5]);
    for (const pause of [0, 20, 60, 99, 101, 150]) broken.push([slow, pause], [slow + slow, pause], [large, pause], [get('/slow?ms=500'), pause + 250]);
    await Promise.all(broken.map(async ([bytes, pause], i) => {
      const client = open(server.port);
      client.send(bytes);
      await sleep(pause);
      if (i % 2) client.socket.resetAndDestroy();
      else client.socket.destroy();
    }));
    await sleep(800);
    assert.equal((await counts(server)).connections_now, 1);
  }));

  test('are answered when the server stops, and then closed', async () => {
    const server = await startServer();
    const idle = open(server.port);
    idle.send(get('/hello'));
    await reply(idle);
    const waiting = open(server.port);
    waiting.send(get('/slow?ms=700&q=1'));
    const arriving = open(server.port);
    const post = 'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello';
    arriving.send(post.slice(0, 60));
    const fresh = open(server.port);
    await sleep(100);
    beginStop(server);
    await until('the idle one to be closed', () => idle.ended, 500);
    await assert.rejects(once(net.connect(server.port, '127.0.0.1'), 'connect'));
    fresh.send(get('/hello'));
    assert.equal((await reply(fresh)).headers.connection, 'close');
    await sleep(100);
    arriving.send(post.slice(60));
    const late = await reply(arriving);
    assert.equal(late.body, 'hello');
    assert.equal(late.headers.connection, 'close');
    const answer = await reply(waiting);
    assert.equal(JSON.parse(answer.body).q, '1');
    assert.equal(answer.headers.connection, 'close');
    for (const client of [idle, waiting, arriving, fresh]) client.socket.destroy();
    await stopServer(server);
  });

  test('that wait in the backlog are accepted when the server stops', async () => {
    const server = await startServer();
    server.child.kill('SIGSTOP');
    const clients = Array.from({ length: 20 }, () => open(server.port));
    for (const client of clients) client.send(get('/hello'));
    await sleep(200);
    beginStop(server);
    server.child.kill('SIGCONT');
    for (const client of clients) assert.equal((await reply(client)).status, 200);
    for (const client of clients) client.socket.destroy();
    await stopServer(server);
  });

  test('are cut when stopping takes too long', async () => {
    const server = await startServer('stop_ms=300');
    const client = open(server.port);
    client.send(get('/slow?ms=1000'));
    await sleep(100);
    const start = Date.now();
    beginStop(server);
    await until('the end', () => client.ended);
    assert.ok(Date.now() - start < 900);
    await stopServer(server);
  });
});

// -- TLS

describe('TLS', () => {
  let folder;
  let server;
  const connect = (options = {}) => tls.connect({ port: server.admin_port, host: '127.0.0.1', ca: readFileSync(join(folder, 'cert.pem')), servername: 'test', ...options });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'xuqi-edge-'));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
      '-subj', '/CN=test', '-addext', 'subjectAltName=DNS:test', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')], { stdio: 'ignore' });
    server = await startServer(`certificate=${join(folder, 'cert.pem')}`, `key=${join(folder, 'key.pem')}`, 'tls_ms=500');
  });
  after(async () => {
    await stopServer(server);
    rmSync(folder, { recursive: true });
  });

  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    test(`${version} is spoken, many requests on one connection`, async () => {
      const socket = connect({ minVersion: version, maxVersion: version, ALPNProtocols: ['h2', 'http/1.1'] });
      let text = '';
      socket.on('data', (part) => { text += part; });
      const end = once(socket, 'end');
      await once(socket, 'secureConnect');
      assert.equal(socket.alpnProtocol, 'http/1.1');
      assert.match(socket.getCipher().standardName, /GCM|CHACHA20/);
      for (let i = 1; i <= 20; i++) {
        socket.write(get('/metrics') + (i === 20 ? get('/metrics', 'Connection: close\r\n') : ''));
        await until(`reply ${i}`, () => text.split('HTTP/1.1 200 OK').length > i);
      }
      await end;
      assert.equal(text.split('HTTP/1.1 200 OK').length, 22);
    });
  }

  for (const [name, options] of [['TLS 1.1', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }],
    ['CBC', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' }],
    ['only h2', { ALPNProtocols: ['h2'] }]]) {
    test(`${name} is refused`, async () => {
      const socket = connect(options);
      await assert.rejects(once(socket, 'secureConnect'));
    });
  }

  test('a handshake that stalls is cut', async () => {
    const client = open(server.admin_port);
    client.send('\x16\x03\x01');
    assert.ok(await until('the end', () => client.ended) < 1500);
    client.socket.destroy();
  });

  test('plain HTTP on its port is refused', async () => {
    const client = open(server.admin_port);
    client.send(get('/metrics'));
    await until('the end', () => client.ended);
    assert.doesNotMatch(client.text, /200 OK/);
    client.socket.destroy();
  });

  test('a stream that breaks off is survived', async () => {
    for (let i = 0; i < 10; i++) {
      const socket = connect();
      socket.on('error', () => {});
      await once(socket, 'secureConnect');
      socket.write(get('/metrics').slice(0, i * 4));
      socket.destroy();
    }
    const socket = connect();
    let text = '';
    socket.on('data', (part) => { text += part; });
    socket.write(get('/metrics', 'Connection: close\r\n'));
    await once(socket, 'end');
    assert.match(text, /hello$/);
  });
});
