// SPDX-License-Identifier: Apache-2.0
// The operator's files change while the server runs: SIGHUP takes in what is good as a whole, and refuses what is not with
// its line, going on as before. Runs against a prepared server, as main.mjs does. XUQI_SERVER_LOG names the server's log.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync, rmSync, existsSync } from 'node:fs';
import * as client from '../support/client.mjs';
import { startWeb } from '../support/extra_web.mjs';
import { demo, folder, newSubscriber, sql, ctl, asOwner, sockets } from '../support/world.mjs';

const PLATFORMS = `${folder}/config/platforms`;
const ID = `sixth-${Date.now().toString(36)}`; // another each time: its prices stay in the database
const SIXTH = `${PLATFORMS}/${ID}.yaml`;
const AGREEMENT = `${folder}/config/agreements/sixth.txt`;
const log = process.env.XUQI_SERVER_LOG;
const original = readFileSync(`${PLATFORMS}/gpo.yaml`, 'utf8');
const good = original.replaceAll('全药网GPO平台', '第六个平台').replace('payment_methods: [unionpay]', 'payment_methods: [alipay]')
  .replaceAll('id: gpo-', `id: ${ID}-`); // texts with the platform's name in them

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const pids = (pattern) => execFileSync('pgrep', ['-f', pattern], { encoding: 'utf8' }).trim().split('\n');
const supervisor = () => pids(`xuqid --config ${folder}/xuqid.yaml`)[0];
const roles = () => pids(`xuqid --supervised --config ${folder}/xuqid.yaml`).sort().join(' ');
const webs = () => pids(`xuqid --supervised --config ${folder}/xuqid.yaml --role web`).length;

before(() => assert.ok(log && existsSync(log), 'XUQI_SERVER_LOG names the server log'));

// Reloads and waits until each role that reloads has said how it went; what the log says of it.
async function reload() {
  const from = readFileSync(log, 'utf8').length;
  const said = () => readFileSync(log, 'utf8').slice(from);
  const ends = () => (said().match(/(reloaded \d+ platforms|reload refused)/g) ?? []).length;
  execFileSync('kill', ['-HUP', supervisor()]);
  for (let i = 0; i < 100 && ends() < webs() + 1; i++) await pause(50);
  assert.equal(ends(), webs() + 1, said());
  return { text: said(), ok: !said().includes('reload refused') };
}
const platform = (id = ID) => client.call(demo.base_url, 'GET', `/api/v1/platforms/${id}`);
const every = async (id, check) => { for (let i = 0; i < 8; i++) check(await platform(id)); }; // each web process, very likely

after(async () => {
  rmSync(SIXTH, { force: true });
  rmSync(AGREEMENT, { force: true });
  writeFileSync(`${PLATFORMS}/gpo.yaml`, original);
  await reload();
});

test('a sixth platform is a sixth file', async () => {
  const running = roles();
  assert.equal((await platform()).status, 404);
  writeFileSync(SIXTH, good);
  const { ok, text } = await reload();
  assert.ok(ok, text);
  assert.match(text, new RegExp(`no prices in force.*${ID}`));
  await every(ID, (it) => assert.deepEqual([it.json.name, it.json.terms], ['第六个平台', []]));
  ctl('platform', 'load', ID, '--yes');
  await every(ID, (it) => assert.equal(it.json.terms.length, 2));
  const answer = await client.submit(demo, newSubscriber(), { platform: ID });
  assert.deepEqual([answer.status, answer.json.amount_fen], [201, 25000], answer.text);
  assert.equal((await client.pay(demo, answer.json)).status, 201);
  assert.equal(roles(), running, 'no process was started anew');
});

// The installation's settings, without WeChat Pay.
const settingsFile = `${folder}/xuqid.yaml`;
const withoutWechat = (settings = readFileSync(settingsFile, 'utf8')) => settings.replace('merchant_id: "1900000109"', 'merchant_id: ""');

test('a method that is not set up is said, and not shown', async () => {
  const id = `${ID}-wechat`;
  const web = await startWeb(id, Number(new URL(demo.base_url).port) + 8, { [id]: () => good.replace('[alipay]', '[alipay, wechat]') }, (settings) => withoutWechat(settings));
  try {
    assert.match(web.log(), new RegExp(`${id}\\.yaml:\\d+: payment_methods: not set up here and not shown: wechat`));
    assert.deepEqual((await client.call(web.demo.base_url, 'GET', `/api/v1/platforms/${id}`)).json.payment_methods, ['alipay']);
  } finally {
    await web.stop();
  }
});

const table = '  - effective_from: 2017-01-01\n    terms:\n      - months: 12\n        items:\n          - { name: 费, unit_price: 1.00, quantity: 1 }\n';
const faults = [
  ['an unknown key', (text) => text.replace('contact:', 'prices: 1\ncontact:'), 'prices: 1', 'prices:'],
  ['fee tables that overlap', (text) => text.replace('tax_rate_percent', `${table}tax_rate_percent`), null, 'fees[2].effective_from: 2017-01-01 is not after 2017-01-01'],
  ['a term that is there twice', (text) => text.replace('months: 24', 'months: 12'), null, 'fees[1].terms[2].months: 12 is there twice'],
  ['an agreement that is missing', (text) => text.replace('netca-eca.txt', 'nowhere.txt'), 'file: nowhere.txt', 'agreement.file:'],
  ['a window that never opens', (text) => text.replace('opens_days_before: 90', 'opens_days_before: 0'), 'opens_days_before: 0', 'window.opens_days_before: 0 never opens'],
  ['a window for nobody', (text) => text.replace('unexpired: true', 'unexpired: false').replace('opens_days_before: 90', 'opens_days_before: 0'), 'unexpired: false', 'window.unexpired: takes no certificate at all'],
  ['a method that nobody knows', (text) => text.replace('[alipay]', '[cash]'), 'payment_methods: [cash]', 'payment_methods[1]: cash is not allowed'],
  ['a certificate profile that is missing', (text) => text.replace('profile: netca-organisation', 'profile: nowhere'), 'profile: nowhere', 'profile: there is no profile nowhere'],
  ['no YAML at all', () => '{', null, `${ID}.yaml:`],
];
for (const [what, spoil, place, words] of faults)
  test(`${what}: refused with its line, and all goes on as before`, async () => {
    const running = roles();
    const text = spoil(good.replaceAll('第六个平台', '不该出现'));
    assert.notEqual(text, good);
    writeFileSync(SIXTH, text);
    writeFileSync(`${PLATFORMS}/gpo.yaml`, original.replaceAll('全药网GPO平台', '也不该出现')); // good by itself, and refused with the other
    const { text: said } = await reload();
    assert.equal(said.match(/reload refused/g).length, webs() + 1, 'web and jobs alike');
    assert.ok(said.includes(words), said);
    if (place) assert.ok(said.includes(`${ID}.yaml:${text.slice(0, text.indexOf(place)).split('\n').length}: `), said);
    await every(ID, (it) => assert.equal(it.json.name, '第六个平台'));
    await every('gpo', (it) => assert.equal(it.json.name, '全药网GPO平台'));
    assert.equal(roles(), running);
    assert.throws(() => ctl('config', 'check'), (error) => error.stderr.includes(words), 'xuqictl config check says the same');
    writeFileSync(SIXTH, good);
    writeFileSync(`${PLATFORMS}/gpo.yaml`, original);
    assert.ok((await reload()).ok);
  });

test('a platform that nobody could pay is refused unless the settings allow it', () => {
  const settings = `${folder}/refuse.yaml`;
  const allowing = `${folder}/allow.yaml`;
  writeFileSync(allowing, withoutWechat());
  writeFileSync(settings, withoutWechat().replace('unpayable: allow', 'unpayable: refuse'));
  execFileSync('chown', ['--reference', settingsFile, settings, allowing]);
  const text = good.replace('[alipay]', '[wechat]');
  writeFileSync(SIXTH, text);
  const line = text.slice(0, text.indexOf('payment_methods')).split('\n').length;
  try {
    for (const command of [['config', 'check'], ['platform', 'load', ID, '--dry-run']])
      assert.throws(() => ctl(...command, '--config', settings),
        (error) => error.stderr.includes(`${ID}.yaml:${line}: payment_methods: none of these is set up here`));
    assert.match(ctl('config', 'check', '--config', allowing), new RegExp(`${ID}\\.yaml:\\d+: payment_methods: not set up here and not shown: wechat`));
  } finally {
    rmSync(settings);
    rmSync(allowing);
    writeFileSync(SIXTH, good);
  }
});

test('another text of an agreement needs another version', async () => {
  writeFileSync(AGREEMENT, '第六个平台的协议\n');
  const text = good.replace('netca-eca.txt', 'sixth.txt').replace('id: netca-eca', 'id: sixth');
  writeFileSync(SIXTH, text);
  assert.ok((await reload()).ok);
  writeFileSync(AGREEMENT, '第六个平台的另一份协议\n');
  const { ok, text: said } = await reload();
  assert.equal(ok, false);
  assert.match(said, new RegExp(`${ID}\\.yaml:\\d+: agreement\\.version: .* is there already with another text`));
  await every(ID, (it) => assert.equal(it.json.agreement.text, '第六个平台的协议\n'));
  writeFileSync(SIXTH, text.replace('version: 2026-11-01', 'version: 2026-11-02'));
  assert.ok((await reload()).ok);
  await every(ID, (it) => assert.equal(it.json.agreement.text, '第六个平台的另一份协议\n'));
  writeFileSync(SIXTH, good);
  assert.ok((await reload()).ok);
});

test('a request under way keeps the platform it began with', async () => {
  const form = await client.application(demo, { platform: ID });
  const cms = client.signCms(newSubscriber(), form);
  // Somebody holds the nonces' table, so that the submission waits in the database.
  const { uid, gid } = JSON.parse(asOwner('stat', '-c', '{"uid":%u,"gid":%g}', `${folder}/xuqid.yaml`));
  const psql = ['psql', '-XAtq', `host=${sockets} dbname=xuqi user=postgres`];
  const [program, ...list] = process.getuid() === 0 ? ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...psql] : psql;
  const holder = spawn(program, list, { cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] });
  const answered = new Promise((resolve) => holder.stdout.once('data', resolve));
  holder.stdin.write('begin; lock table xuqi.challenge in access exclusive mode; select 1;\n');
  await answered;
  const submitted = client.submitSigned(demo, cms);
  for (let i = 0; i < 100 && sql(`select count(*) from pg_locks where relation = 'xuqi.challenge'::regclass and not granted`) === '0'; i++) await pause(20);
  rmSync(SIXTH);
  const { ok } = await reload();
  holder.stdin.end('commit;\n');
  assert.ok(ok);
  assert.equal((await submitted).status, 201);
  await every(ID, (it) => assert.equal(it.status, 404));
});
