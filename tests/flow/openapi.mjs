// SPDX-License-Identifier: Apache-2.0
// The description and the route table name the same calls with the same bodies and the same callers.
import { test } from 'node:test';
import assert from 'node:assert/strict';
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
