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
