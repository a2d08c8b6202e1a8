// SPDX-License-Identifier: Apache-2.0
// Personal data stays sealed: 200 people nobody else has heard of go through submission, refusals, the review desk and
// messages; afterwards none of what they told may be found in plain, hex or base64 in a dump, in PostgreSQL's folder with
// its WAL, in the server's and PostgreSQL's logs, in arguments and environments, in any answer, or in what a crash leaves. The
// message spool alone holds the addressee, on purpose: it is what would be handed to the provider. XUQI_SERVER_LOG names the
// server's log. With more people, against a running installation:
//   XUQI_VAR=… XUQI_SERVER_LOG=… node tests/flow/canary.mjs --canaries 1000
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as client from '../support/client.mjs';
import { description } from '../support/openapi.mjs';
import { asOwner, demo, folder, newSubscriber, sockets, sql } from '../support/world.mjs';

const asked = process.argv.indexOf('--canaries');
const PEOPLE = asked < 0 ? 200 : Number(process.argv[asked + 1]);
const REAL = Math.max(10, Math.floor(PEOPLE / 20)); // of them applicants with a certificate of their own; as many are recipients
const work = mkdtempSync(`${tmpdir()}/xuqi-canary-`);
const patterns = `${work}/patterns`;
const dump = `${folder}/canary.dump`;
const answers = [];

// -- people ----------------------------------------------------------------------------------------------------------

const digits = (n) => Array.from({ length: n }, () => randomInt(10)).join('');
const two = (n) => String(n).padStart(2, '0');
const letters = (n) => Array.from({ length: n }, () => 'abcdefghijklmnopqrstuvwxyz'[randomInt(26)]).join('');
const rare = (n) => Array.from({ length: n }, () => String.fromCodePoint(0x8c5a + randomInt(0x400))).join('');

// GB 11643-1999: the check digit by ISO 7064 MOD 11-2.
function idNumber() {
  const body = `440305${1950 + randomInt(50)}${two(1 + randomInt(12))}${two(1 + randomInt(28))}${digits(3)}`;
  const sum = [...body].reduce((total, digit, i) => total + Number(digit) * (2 ** (17 - i) % 11), 0);
  return body + '10X98765432'[sum % 11];
}

const people = Array.from({ length: PEOPLE }, () => ({
  id_type: 'resident_id', id_number: idNumber(), name: rare(3), mobile: `1${3 + randomInt(7)}${digits(9)}`,
  email: `${letters(14)}@${letters(9)}.example`, address: `广东省深圳市${rare(6)}路${100 + randomInt(899)}号`,
}));
const recipient = ({ name, mobile, address }) => ({ name, mobile, address });
const secrets = (person) => [person.id_number, person.name, person.mobile, person.email, person.address];

// As it might be lying about: UTF-8, hex, base64 wherever it begins, percent-encoded, escaped in JSON.
function forms(text) {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const tail = (shift + bytes.length) % 3;
    return whole.replace(/=+$/, '').slice(Math.ceil((shift * 8) / 6), tail === 0 ? undefined : -1);
  });
  const escaped = [...text].map((c) => (c.charCodeAt(0) > 126 ? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}` : c)).join('');
  return [...new Set([text, bytes.toString('hex'), bytes.toString('hex').toUpperCase(), ...base64,
    ...base64.map((it) => it.replaceAll('+', '-').replaceAll('/', '_')), encodeURIComponent(text), escaped])];
}

// The files among these places that hold any form of anybody's data.
const found = (...places) => holding(patterns, places);
function holding(list, places) {
  const grep = spawnSync('grep', ['-rlaF', '--exclude-dir=spool', '-f', list, ...places],
    { encoding: 'utf8', maxBuffer: 1 << 26, env: { PATH: process.env.PATH, LC_ALL: 'C' } });
  assert.ok(grep.status <= 1 || /No such file/.test(grep.stderr), grep.stderr);
  return grep.stdout.split('\n').filter(Boolean);
}

const kept = async (answer) => {
  const got = await answer;
  answers.push(got.text, JSON.stringify(got.headers));
  return got;
};

before(() => {
  writeFileSync(patterns, people.flatMap(secrets).flatMap(forms).join('\n'));
  sql('alter system set wal_compression = off'); // so that whole pages can be read there, too
  sql('select pg_reload_conf()');
});
after(() => {
  sql('alter system reset wal_compression');
  sql('select pg_reload_conf()');
  rmSync(dump, { force: true });
  rmSync(work, { recursive: true });
});

// -- what they do ----------------------------------------------------------------------------------------------------

const apply = (subscriber, person, change = (it) => it) =>
  kept(client.submit(demo, subscriber, { change: (it) => change({ ...it, agent: person }) }));

// However an application may be refused or repeated; each with the status that says so.
const OTHERWISE = [
  ['once more for the same certificate', 200, (subscriber, person) => apply(subscriber, person)],
  ['with a term that nobody sells', 422, (subscriber, person) => apply(subscriber, person, (it) => ({ ...it, term_months: 121 }))],
  ['with everything in the wrong field', 422, (subscriber, person) => apply(subscriber, person, (it) => ({
    ...it, client_version: person.mobile, agent: { ...person, id_number: person.email, mobile: person.id_number, email: person.address } }))],
  // Its refusal names the member, to nobody but its sender: the answer is not among those searched.
  ['with a member that nobody knows', 422, (subscriber, person) => client.submit(demo, subscriber, { change: (it) => ({ ...it, [person.email]: person.id_number, agent: person }) })],
  ['with an agreement of another content', 409, (subscriber, person) => apply(subscriber, person, (it) => ({
    ...it, agreement: { ...it.agreement, sha256: '0'.repeat(64) }, recipient: recipient(person) }))],
  ['with a nonce that nobody made', 409, (subscriber, person) => apply(subscriber, person, (it) => ({ ...it, nonce: 'A'.repeat(43) }))],
  ['with JSON that breaks off', 400, (subscriber, person) => kept(client.submitSigned(demo, client.signCms(subscriber, JSON.stringify(person).slice(0, -1))))],
  ['with a signature over something else', 401, async (subscriber, person) => {
    const cms = client.signCms(subscriber, await client.application(demo, { change: (it) => ({ ...it, agent: person }) }));
    cms.write('sz-consumablez', cms.indexOf('sz-consumables'));
    return kept(client.submitSigned(demo, cms));
  }],
  ['unsigned', 401, (_, person) => kept(client.call(demo.base_url, 'POST', '/api/v1/renewals', { body: { agent: person } }))],
  ['in a lookup', 422, async (subscriber, person) => client.lookupSigned(demo, client.signCms(subscriber, { nonce: await client.challenge(demo), [person.mobile]: person.name }))],
  ['instead of a nonce in a lookup', 409, (subscriber, person) => kept(client.lookupSigned(demo, client.signCms(subscriber, { nonce: person.id_number })))],
  ['as the name of an upload', 422, (_, person, { renewal }) => kept(client.call(demo.base_url, 'PUT', `/api/v1/renewals/${renewal.renewal_no}/materials/agent_id?page=1`,
    { token: renewal.access_token, type: 'image/png', body: Buffer.from(`not a picture of ${person.id_number}`),
      headers: { 'content-disposition': `attachment; filename="${person.id_number} ${person.mobile}.png"` } }))],
  ['as an access token', 401, (_, person, { renewal }) => kept(client.call(demo.base_url, 'GET', `/api/v1/renewals/${renewal.renewal_no}`, { token: person.mobile }))],
  ['in a URL', 404, (_, person) => kept(client.call(demo.base_url, 'GET',
    `/api/v1/people/${person.id_number}?name=${encodeURIComponent(person.name)}&mobile=${person.mobile}`, { headers: { referer: `http://x/?m=${person.email}` } }))],
];

test(`${PEOPLE} people apply, are refused, repeat themselves, are reviewed and written to`, async () => {
  const session = (await client.login(demo, 'reviewer')).json.token;
  const { name, mobile } = people.at(-1); // once: five of them would lock this address for everybody
  await kept(client.call(demo.base_url, 'POST', '/api/v1/staff/sessions', { body: { name: mobile, password: name, totp: mobile.slice(0, 6) } }));
  const applicants = [];
  for (let i = 0; i < REAL; i++) {
    const subscriber = newSubscriber();
    const answer = await apply(subscriber, people[i], (it) => ({ ...it, recipient: recipient(people[REAL + i]) }));
    assert.equal(answer.status, 201, answer.text);
    applicants.push({ subscriber, renewal: answer.json });
  }
  for (let i = 2 * REAL; i < PEOPLE; i++) {
    const [what, status, send] = OTHERWISE[i % OTHERWISE.length];
    const answer = await send(applicants[i % REAL].subscriber, people[i], applicants[i % REAL]);
    assert.equal(answer.status, status, `${what}: ${answer.text}`);
  }
  for (const { renewal } of applicants.slice(0, 4)) {
    const form = (await kept(client.pay(demo, renewal))).json;
    await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, form)));
    await kept(client.progress(demo, renewal));
    const path = `/api/v1/review/cases/${renewal.renewal_no}`;
    await kept(client.call(demo.base_url, 'POST', `${path}/claim`, { token: session, body: {} }));
    const seen = await kept(client.call(demo.base_url, 'GET', path, { token: session }));
    assert.equal(seen.status, 200, seen.text);
    await kept(client.call(demo.base_url, 'GET', '/api/v1/review/cases?size=200', { token: session }));
    const shown = await client.call(demo.base_url, 'POST', `${path}/unmasking`, // to the one who asked, and kept nowhere
      { token: session, body: { fields: ['agent.id_number', 'agent.mobile', 'agent.address'], reason: '核对经办人信息' } });
    assert.ok(people.some((it) => it.id_number === shown.json.values['agent.id_number']), shown.text);
  }
  await kept(everyRoute(session, applicants[0].renewal));
  await kept(client.approve(demo, session, applicants[0].renewal));
  const issued = await kept(client.fetchCertificate(demo, applicants[0].subscriber, applicants[0].renewal));
  assert.equal(issued.status, 200, issued.text);
  await kept(client.call(demo.base_url, 'POST', `/api/v1/review/cases/${applicants[1].renewal.renewal_no}/rejection`,
    { token: session, body: { reason_code: 'name_wrong', reason_text: '名称不符' } }));
  for (const end = Date.now() + 10000; Date.now() < end && sql(`select count(*) from xuqi.outbox where state <> 'dead' and run_at <= now()`) !== '0';)
    await new Promise((resolve) => setTimeout(resolve, 100));
});

// Every call that the description knows, made with the credentials of somebody who may: but for the three whose purpose is to
// show a person's own data or document to who may see it, no answer says anything in plain.
const SHOWS = ['/unmasking', '/application_form.pdf', '/materials/{kind}/{page}'];
async function everyRoute(session, renewal) {
  const answers = [];
  for (const [path, item] of Object.entries(description.paths))
    for (const method of Object.keys(item)) {
      if (SHOWS.some((it) => path.endsWith(it)) || path === '/api/v1/staff/sessions/current' || path.endsWith('/events')) continue;
      const target = path.replace('{no}', renewal.renewal_no).replace('{platform}', 'sz-consumables').replace('{kind}', 'agent_id').replace(/\{\w+\}/g, '1');
      const operation = item[method];
      const token = operation.security?.[0].staff ? session : operation.security?.[0].renewal ? renewal.access_token : undefined;
      if (method !== 'get' && (token === session || path.endsWith('/cancellation'))) continue; // they change the case; they answer its status
      const { text, headers, status } = await client.call(demo.base_url, method.toUpperCase(), target, { token, body: method === 'get' ? undefined : {} });
      answers.push(`${method} ${target} ${status} ${JSON.stringify(headers)} ${text}`);
    }
  assert.ok(answers.filter((it) => / 200 /.test(it)).length >= 8, 'most are answered');
  return { text: answers.join('\n'), headers: {} };
}

// -- where nothing may be --------------------------------------------------------------------------------------------

test('the search finds each form, and the spool holds who is written to', () => {
  for (const form of forms(people[0].address).concat(forms(people[1].id_number))) {
    writeFileSync(`${work}/one`, `xx${form}yy`);
    assert.deepEqual(found(`${work}/one`), [`${work}/one`], form);
  }
  const base64 = Buffer.from(`{"name":"${people[2].name}","mobile":"${people[2].mobile}"}`).toString('base64');
  writeFileSync(`${work}/one`, base64);
  assert.equal(found(`${work}/one`).length, 1, 'also inside of other text');
  rmSync(`${work}/one`);
  const spool = `${folder}/spool`;
  assert.ok(readdirSync(spool).length > 0 && found(...readdirSync(spool).map((name) => `${spool}/${name}`)).length > 0, 'messages were written');
});

test('the search finds what is written in clear into the database: in a dump, in its table and in the WAL', () => {
  const word = letters(20);
  writeFileSync(`${work}/word`, word);
  sql(`create table public.canary as select '${word}' as word`);
  try {
    sql('checkpoint');
    asOwner('pg_dump', '-f', dump, '-t', 'public.canary', `host=${sockets} dbname=xuqi user=postgres`);
    const places = holding(`${work}/word`, [folder]);
    for (const place of [/canary\.dump$/, /\/postgres\/base\//, /\/pg_wal\//]) assert.ok(places.some((path) => place.test(path)), `${place}: ${places}`);
  } finally {
    sql('drop table public.canary');
  }
});

test('no answer says it', () => {
  writeFileSync(`${work}/answers`, answers.join('\n'));
  assert.deepEqual(found(`${work}/answers`), []);
});

test('a process that crashes while it reads an application leaves no core', async () => {
  const person = people[0];
  const webs = () => spawnSync('pgrep', ['-f', `xuqid --supervised --config ${folder}/xuqid.yaml --role web`], { encoding: 'utf8' }).stdout.trim().split('\n').filter(Boolean);
  const before = webs();
  const body = JSON.stringify({ agent: person });
  const sockets = before.concat(before).map(() => connect(Number(new URL(demo.base_url).port), '127.0.0.1').on('error', () => {}));
  for (const socket of sockets) // more is promised than is sent: it lies in the process's memory
    socket.write(`POST /api/v1/renewals HTTP/1.1\r\nHost: x\r\nContent-Type: application/pkcs7-mime\r\nContent-Length: ${body.length + 2000}\r\n\r\n${body}`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const places = new Set([folder, tmpdir()]);
  for (const pid of before) {
    assert.match(readFileSync(`/proc/${pid}/limits`, 'utf8'), /Max core file size +0 +0 /, 'cores are off, and stay off');
    places.add(readlinkSync(`/proc/${pid}/cwd`));
    const sanitized = /libasan/.test(readFileSync(`/proc/${pid}/maps`, 'utf8')); // its leak checker must be able to look
    if (!sanitized) assert.equal(statSync(`/proc/${pid}/environ`).uid, 0, 'not dumpable: its files in /proc are root\'s');
  }
  execFileSync('kill', ['-ABRT', ...before]);
  for (const end = Date.now() + 20000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100)))
    if (webs().length >= before.length && (await client.call(demo.base_url, 'GET', '/readyz').catch(() => ({}))).status === 200) break;
  for (const socket of sockets) socket.destroy();
  assert.ok(!webs().some((pid) => before.includes(pid)), 'they did crash');
  for (const place of places) assert.deepEqual(readdirSync(place).filter((name) => /^core(\.\d+)?$/.test(name)), [], place);
});

test('no dump of the database holds it', () => {
  asOwner('pg_dump', '-f', dump, `host=${sockets} dbname=xuqi user=postgres`);
  assert.match(readFileSync(dump, 'utf8'), /COPY xuqi.renewal_content/);
  assert.deepEqual(found(dump), []);
});

test('nothing under the installation holds it: PostgreSQL with its WAL and log, keys, configuration', () => {
  sql('checkpoint');
  assert.ok(existsSync(`${folder}/postgres/pg_wal`));
  assert.deepEqual(found(folder), []);
});

test('the server logs do not hold it', () => {
  const log = process.env.XUQI_SERVER_LOG;
  assert.ok(log && existsSync(log), 'XUQI_SERVER_LOG names the server log');
  assert.match(readFileSync(log, 'utf8'), /\/api\/v1\/renewals/, 'which tells of requests');
  assert.deepEqual(found(log), []);
});

test('no argument and no environment holds it', () => {
  const pids = execFileSync('pgrep', ['-f', folder], { encoding: 'utf8' }).trim().split('\n').filter((pid) => Number(pid) !== process.pid);
  let read = 0;
  const processes = mkdtempSync(`${work}/processes-`);
  for (const pid of pids)
    for (const file of ['cmdline', 'environ']) {
      try {
        writeFileSync(`${processes}/${pid}.${file}`, readFileSync(`/proc/${pid}/${file}`));
        read++;
      } catch (error) {
        assert.equal(error.code, 'ENOENT', `${pid} ${file}: ${error.message}`); // ended meanwhile
      }
    }
  assert.ok(read >= 8, 'of the supervisor, web, jobs, issuer and PostgreSQL');
  assert.deepEqual(found(processes), []);
});
