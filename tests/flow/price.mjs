// SPDX-License-Identifier: Apache-2.0
// Prices, from the operator's file to the applicant's order: loading, the quote, and a change between the two. Runs against
// a prepared server, as main.mjs does. Days do not pass while tests run: the database's owner moves a table's day.
import { test, after } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import * as client from '../support/client.mjs';
import { demo, folder, newSubscriber, sql, ctl } from '../support/world.mjs';
import { conforms } from '../support/openapi.mjs';

const FILE = `${folder}/config/platforms/gpo.yaml`;
const ORIGINAL = readFileSync(FILE, 'utf8');
const table = (day, year, extra = '') => `  - effective_from: ${day}\n${extra}    terms:\n      - months: 12\n        items:
          - { name: 证书服务费用, unit_price: ${year}, quantity: 1 }\n`;
const withTable = (...tables) => ORIGINAL.replace('tax_rate_percent', `${tables.join('')}tax_rate_percent`);
const day = (days) => new Date(Date.now() + 8 * 3600e3 + days * 86400e3).toISOString().slice(0, 10);

// What no procedure can do.
const asIfByMagic = (statement) =>
  sql(`begin; alter table xuqi.fee_table disable trigger user; ${statement}; alter table xuqi.fee_table enable trigger user; commit`);

after(() => {
  asIfByMagic(`update xuqi.fee_table set effective_on = '2098-01-01' where platform = 'gpo' and effective_on > '2017-01-01' and withdrawn_in is null`);
  load(ORIGINAL, '--yes');
});

// What others have decided at the desk meanwhile goes.
function load(text, ...options) {
  writeFileSync(FILE, text);
  try {
    return { ok: true, out: ctl('platform', 'load', 'gpo', '--take-back', ...options) };
  } catch (error) {
    return { ok: false, out: error.stdout, err: error.stderr };
  }
}
const versions = () => Number(sql(`select count(*) from xuqi.fee_version where platform = 'gpo'`));
const lineOf = (text, needle) => text.slice(0, text.indexOf(needle)).split('\n').length;

const offered = async (platform = 'gpo') => {
  const answer = await client.call(demo.base_url, 'GET', `/api/v1/platforms/${platform}`);
  conforms('get', '/api/v1/platforms/{platform}', answer);
  return answer.json.terms;
};
const asked = async (subscriber, platform = 'gpo') => {
  const answer = await client.eligibility(demo, subscriber, { platform });
  assert.equal(answer.status, 200, answer.text);
  conforms('post', '/api/v1/platforms/{platform}/eligibility', answer);
  return answer.json;
};
const submit = async (subscriber, change, platform = 'gpo') => {
  const answer = await client.submit(demo, subscriber, { platform, change });
  conforms('post', '/api/v1/renewals', answer);
  return answer;
};
const lines = (renewal) => sql(`select name, unit_fen, quantity from xuqi.order_line where order_no = '${renewal.order_no}' order by line`);

test('each term has its lines and its quote version', async () => {
  const [year, two] = await offered();
  assert.deepEqual([year.months, year.amount_fen, two.months, two.amount_fen], [12, 25000, 24, 50000]);
  assert.deepEqual(two.items, [{ name: '证书服务费用', unit_price_fen: 25000, quantity: 2, subtotal_fen: 50000 }]);
  assert.equal(year.quote_version, two.quote_version);
  const it = await asked(newSubscriber({ notAfter: '+30 days' }));
  assert.deepEqual(it.terms.map((term) => [term.months, term.quote_version, term.available]), [[12, year.quote_version, true], [24, year.quote_version, true]]);
  assert.equal(it.terms[0].not_after.slice(0, 4), String(Number(it.certificate.not_after.slice(0, 4)) + 1));
});

test('with the quote, the amount, or neither, the order is the fee table\'s', async () => {
  const [, two] = await offered();
  for (const shown of [{ quote_version: two.quote_version }, { quote_version: undefined, amount_fen: 50000 }, { quote_version: undefined },
    { quote_version: two.quote_version, amount_fen: 50000 }]) {
    const answer = await submit(newSubscriber(), (it) => ({ ...it, ...shown, term_months: 24 }));
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.json.amount_fen, 50000);
    assert.equal(lines(answer.json), '证书服务费用 25000 2');
    assert.equal(sql(`select quote_version from xuqi.renewal where renewal_no = '${answer.json.renewal_no}'`), String(two.quote_version));
  }
});

test('what was not shown is not taken', async () => {
  const subscriber = newSubscriber();
  const refused = async (change, code, status = 409) => {
    const answer = await submit(subscriber, (it) => ({ ...it, ...change }));
    assert.deepEqual([answer.status, answer.json.code], [status, code], answer.text);
    return answer.json;
  };
  const cheap = await refused({ quote_version: undefined, amount_fen: 1 }, 'quote_changed');
  assert.deepEqual([cheap.quote.shown.amount_fen, cheap.quote.current.amount_fen], [1, 25000]);
  assert.match(cheap.detail, /0\.01元.*250\.00元/);
  await refused({ quote_version: 999999999 }, 'quote_unknown');
  await refused({ quote_version: (await offered('sz-consumables'))[0].quote_version }, 'quote_unknown');
  assert.deepEqual((await refused({ term_months: 36 }, 'term_not_offered')).quote.offered_months, [12, 24]);
  await refused({ term_months: 121 }, 'fields_invalid', 422);
  await refused({ quote_version: -1 }, 'fields_invalid', 422);
  await refused({ amount_fen: -1 }, 'fields_invalid', 422);
  await refused({ amount_fen: 25000.5 }, 'fields_invalid', 422);
});

test('the same file twice does nothing and says so', () => {
  load(ORIGINAL, '--yes');
  const earlier = versions();
  const again = load(ORIGINAL, '--yes');
  assert.match(again.out, /没有变化，没有做任何事/);
  assert.equal(versions(), earlier);
});

test('another file with the same prices is recorded', () => {
  const earlier = versions();
  assert.match(load(`${ORIGINAL}# 说明\n`, '--yes').out, /已登记新文件/);
  assert.equal(versions(), earlier + 1);
});

test('what is or was in force may neither change nor vanish', () => {
  const earlier = versions();
  const cases = [
    ['a price', ORIGINAL.replace('250.00, quantity: 1', '251.00, quantity: 1'), 'effective_from: 2017-01-01', /2017-01-01.*不能更改/],
    ['an item\'s name', ORIGINAL.replace('证书服务费用, unit_price: 250.00, quantity: 2', '服务费, unit_price: 250.00, quantity: 2'), 'effective_from: 2017-01-01', /不能更改/],
    ['a term', ORIGINAL.replace('months: 24', 'months: 36'), 'effective_from: 2017-01-01', /不能更改/],
    ['the whole table', ORIGINAL.replace('effective_from: 2017-01-01', 'effective_from: 2017-01-02'), 'fees:', /2017-01-01.*不能删除/],
    ['the past', withTable(table('2020-01-01', '9.00')), 'effective_from: 2020-01-01', /2020-01-01.*最早为明天/],
    ['today', withTable(table(day(0), '9.00')), `effective_from: ${day(0)}`, /最早为明天/],
  ];
  for (const [what, text, place, words] of cases) {
    const refused = load(text, '--yes');
    assert.equal(refused.ok, false, what);
    assert.match(refused.err, words, what);
    assert.match(refused.err, new RegExp(`gpo\\.yaml:${lineOf(text, place)}: fees`), what);
  }
  assert.equal(versions(), earlier);
});

test('the difference is shown first, and nothing is loaded unasked', () => {
  const earlier = versions();
  const text = withTable(table(day(40), '260.00', '    note: 董事会二号决定\n'));
  const shown = load(text, '--dry-run');
  assert.match(shown.out, new RegExp(`${day(40)} 起（北京时间0:00） 新增`));
  assert.match(shown.out, /12个月 +证书服务费用 +250\.00×1=250\.00 +→ 260\.00×1=260\.00/);
  assert.match(shown.out, /24个月 +证书服务费用 +250\.00×2=500\.00 +→ —/);
  assert.match(shown.out, /注意.*董事会二号决定/);
  assert.match(shown.out, /仅显示/);
  const unasked = load(text);
  assert.equal(unasked.ok, false);
  assert.match(unasked.err, /--yes/);
  assert.equal(versions(), earlier);
});

test('a price changes on its day, and who was shown the old one is told', async () => {
  const early = newSubscriber();
  const [shown] = await offered();
  assert.equal(load(withTable(table(day(1), '260.00')), '--yes').ok, true);
  assert.equal(sql(`select detail ~ 'added ${day(1)}' from xuqi.audit_event where object = 'platform:gpo' order by id desc limit 1`), 't');
  assert.equal((await offered())[0].quote_version, shown.quote_version);
  const form = await client.application(demo, { platform: 'gpo' });
  asIfByMagic(`update xuqi.fee_table set effective_on = '${day(0)}' where platform = 'gpo' and effective_on = '${day(1)}' and withdrawn_in is null`);

  const told = await client.submitSigned(demo, client.signCms(early, form));
  conforms('post', '/api/v1/renewals', told);
  assert.deepEqual([told.status, told.json.code], [409, 'quote_changed']);
  const { quote } = told.json;
  assert.deepEqual([quote.shown.quote_version, quote.shown.amount_fen, quote.current.amount_fen], [shown.quote_version, 25000, 26000]);
  assert.deepEqual(quote.current.items, [{ name: '证书服务费用', unit_price_fen: 26000, quantity: 1, subtotal_fen: 26000 }]);
  assert.deepEqual(quote.shown.items, shown.items);
  assert.match(told.json.detail, /250\.00元.*260\.00元/);

  // The nonce was not used up: the confirmed form is signed over it.
  const confirmed = await client.submitSigned(demo, client.signCms(early, { ...form, quote_version: quote.current.quote_version }));
  assert.deepEqual([confirmed.status, confirmed.json.amount_fen], [201, 26000], confirmed.text);
  assert.equal(lines(confirmed.json), '证书服务费用 26000 1');

  const gone = await submit(newSubscriber(), (it) => ({ ...it, quote_version: shown.quote_version, term_months: 24 }));
  assert.deepEqual([gone.status, gone.json.code, gone.json.quote.current, gone.json.quote.offered_months], [409, 'term_not_offered', null, [12]]);
});

test('where no fee table is in force nothing is taken, and operations is told', async () => {
  asIfByMagic(`update xuqi.fee_table set effective_on = effective_on + 36500 where platform = 'gpo' and withdrawn_in is null`);
  try {
    const subscriber = newSubscriber();
    const it = await asked(subscriber);
    assert.deepEqual([it.may_apply, it.code, it.terms], [false, 'price_absent', []]);
    assert.deepEqual(await offered(), []);
    const refused = await submit(subscriber);
    assert.deepEqual([refused.status, refused.json.code], [409, 'price_absent']);
    const ready = await client.call(demo.base_url, 'GET', '/readyz');
    conforms('get', '/readyz', ready);
    assert.deepEqual(ready.json, { status: 'ready', platforms_without_price: ['gpo'] });
  } finally {
    asIfByMagic(`update xuqi.fee_table set effective_on = effective_on - 36500 where platform = 'gpo' and withdrawn_in is null`);
  }
  assert.deepEqual((await client.call(demo.base_url, 'GET', '/readyz')).json.platforms_without_price, []);
});

test('a term that cannot be issued is not sold', async () => {
  const subscriber = newSubscriber({ notAfter: '+2100 days' });
  const it = await asked(subscriber, 'gd-drug');
  assert.deepEqual(it.terms.map((term) => [term.months, term.available, term.code]), [[12, true, null], [24, false, 'term_beyond_ca']]);
  assert.deepEqual([it.may_apply, it.code], [true, null]);
  const invoice = (months) => (form) => ({ ...form, client_version: '4.7.6', term_months: months, invoice: { kind: 'paper_fixed' } });
  const refused = await submit(subscriber, invoice(24), 'gd-drug');
  const words = (text) => text.replace(/可签发的[^（]+/, ''); // counted from now, which has gone on
  assert.deepEqual([refused.status, refused.json.code, words(refused.json.detail)], [409, 'term_beyond_ca', words(it.terms[1].reason)]);
  assert.equal((await submit(subscriber, invoice(12), 'gd-drug')).status, 201);
  const none = await asked(newSubscriber({ notAfter: '+2500 days' }), 'gd-drug');
  assert.deepEqual([none.may_apply, none.code], [false, 'term_beyond_ca']);
});
