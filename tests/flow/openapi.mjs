// SPDX-License-Identifier: Apache-2.0
// The description and the route table name the same calls with the same bodies and the same callers.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { here } from '../support/client.mjs';
import { description } from '../support/openapi.mjs';
import { routes as table } from '../support/routes.mjs';

const routes = table.map((it) => ({ ...it, method: it.method.toLowerCase() }));

test('every route is described, and nothing else', () => {
  const described = Object.entries(description.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`));
  assert.ok(routes.length > 10);
  assert.deepEqual(described.sort(), routes.map((it) => `${it.method} ${it.path}`).sort());
});

test('bodies and callers agree', () => {
  for (const route of routes) {
    const operation = description.paths[route.path][route.method];
    const body = operation.requestBody;
    const content = body?.$ref ? description.components.requestBodies[body.$ref.split('/').pop()].content : body?.content;
    assert.deepEqual(content ? Object.keys(content) : [], route.type ? route.type.split('|') : [], `${route.method} ${route.path}`);
    const scheme = operation.security ? Object.keys(operation.security[0])[0] : undefined;
    assert.equal(operation.tags[0] === 'desk', route.listener === 'LISTENER_STAFF', `${route.path}: the tag says where it is answered`);
    assert.equal(scheme, { ACCESS_PUBLIC: undefined, ACCESS_RENEWAL: 'renewal', ACCESS_PHONE: 'phone', ACCESS_STAFF: 'staff', ACCESS_PORTAL: 'portal' }[route.access], route.path);
  }
});

// -- writes that may be sent again: docs/writes.md

const resolve = (schema) => (schema?.$ref ? description.components.schemas[schema.$ref.split('/').pop()] : schema);
const source = (path) => readFileSync(here(`../../${path}`), 'utf8');
const writes = [...source('docs/writes.md').matchAll(/^\| `(\w+) ([^`]+)` \| (\w+) \| `(\w+)` \|$/gm)].map(([, method, path, why, procedure]) => ({ method, path, why, procedure }));
const store = readdirSync(here('../../server/store')).filter((name) => name.endsWith('.c')).map((name) => source(`server/store/${name}`)).join('\n');
// What a procedure says of itself, and its parameters.
const said = (procedure) => source(`sql/procedures/${procedure}.sql`).match(/^--[^]*?(?=^create)/m)[0].replace(/\n-- /g, ' ');
const parameters = (procedure) => source(`sql/procedures/${procedure}.sql`).match(/create or replace function xuqi\.\w+\(([^]*?)\)\s*(?:returns|language)/)[1];

test('every write of the desks says why it may be sent again, and nothing else does', () => {
  const wanted = table.filter((it) => it.listener === 'LISTENER_STAFF' && it.method !== 'GET').map((it) => `${it.method} ${it.path}`);
  assert.deepEqual(writes.map((it) => `${it.method} ${it.path}`).sort(), wanted.sort());
  assert.ok(wanted.length > 40);
});

test('and its procedure says the same', () => {
  for (const { method, path, why, procedure } of writes) {
    const name = `${method} ${path}`;
    assert.ok(store.includes(`xuqi.${procedure}(`), `${name}: nothing calls ${procedure}`);
    if (['key', 'state', 'value', 'content'].includes(why)) assert.match(said(procedure), /safe to call again|the same again is answered the same/i, name);
    else assert.ok(['event', 'token'].includes(why), `${name}: ${why} is not a reason`);
  }
});

test('where a key makes it safe, the call takes one and the procedure looks at it', () => {
  for (const { method, path, why, procedure } of writes.filter((it) => it.why === 'key')) {
    const operation = description.paths[path][method.toLowerCase()], schema = resolve(operation.requestBody?.content['application/json']?.schema);
    const header = (operation.parameters ?? []).some((it) => it.$ref === '#/components/parameters/idempotency');
    assert.ok(header || (schema?.properties?.key ?? schema?.properties?.request_no) !== undefined, `${method} ${path} takes no key (${why})`);
    assert.match(parameters(procedure), /\bin_key text/, procedure);
  }
});

// -- who was faster: a conflict that is somebody else's act says so (`changed`)

const conflicts = [...source('docs/errors.md').matchAll(/^\| `(\w+)` \| 409 \|/gm)].map(([, code]) => code);
// tests/sql/late_writes.sql: what the procedure refuses, and whom the answer names.
const told = (code) => new RegExp(`\\b${code}: (?:[A-Z]{3}|the server) `).test(source('tests/sql/late_writes.sql'));
// These the handler says itself.
const SAID = {
  case_changed: 'flow/desk.mjs: changed', case_claimed: 'flow/desk.mjs: claim', invoice_recorded: 'flow/refund.mjs: changed', invoice_changed: 'flow/refund.mjs: changed',
};
const NOBODY = {
  view_name_taken: 'views are one\'s own', view_limit: 'views are one\'s own', key_reused: 'a key is one\'s own', request_conflict: 'a key is one\'s own',
  reviewer_same: 'one\'s own approval', reviewer_own: 'who one is', reviewer_account: 'who one is', decider_same: 'one\'s own request', reversal_same: 'one\'s own request',
  request_expired: 'nobody did anything', mistakes_open: 'nobody has dealt with them yet', fees_begun: 'the day has come',
  refund_owed: 'a rule', refund_not_whole: 'a rule', change_not_acceptable: 'a rule', posting_held: 'a rule: what holds it is undone instead',
  certificate_issued: 'the applicant installed it', refund_spent: 'the payer used it', credit_absent: 'the payer used it', match_spent: 'the payer used it', overdrawn: 'it was used',
  refund_paying: 'the bank has it', payer_account_unknown: 'the bank did not say it', settlement_line_unknown: 'no statement has it', bill_missing: 'the gateway has not given it',
  notice_mismatch: 'the gateway contradicts it', statement_upload_unknown: 'an upload is one\'s own', client_certificate_off: 'a setting',
};

test('every conflict at the desks names who was faster, or is nobody\'s doing', () => {
  const wanted = new Set(table.filter((it) => it.listener === 'LISTENER_STAFF').flatMap((it) =>
    [...(description.paths[it.path][it.method.toLowerCase()].description ?? '').matchAll(/`(\w+)`/g)].map(([, word]) => word).filter((word) => conflicts.includes(word))));
  assert.ok(wanted.size > 50, `${wanted.size} codes`);
  for (const code of wanted) assert.equal([told(code), code in SAID, code in NOBODY].filter(Boolean).length, 1, `${code}: told ${told(code)}, said ${SAID[code]}, nobody ${NOBODY[code]}`);
  for (const code of [...Object.keys(SAID), ...Object.keys(NOBODY)]) assert.ok(wanted.has(code), `${code}: no desk refuses with it`);
  for (const [code, where] of Object.entries(SAID)) assert.ok(source(`tests/${where.split(':')[0]}`).includes(code), code);
});
