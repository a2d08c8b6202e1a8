// SPDX-License-Identifier: Apache-2.0
// Staff from outside: the desks' own address, logging in, sessions, and what a foreign page, a stolen or an old session may
// not do. Runs like main.mjs.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { call } from '../support/client.mjs';
import { routes } from '../support/routes.mjs';
import { demo } from '../support/world.mjs';

// A path of the route with something in each of its parts.
const somewhere = (route) => route.path.replace(/\{no\}/g, '01202611210000001').replace(/\{day\}/g, '2026-01-01').replace(/\{\w+\}/g, '1');
const at = (base, route) => call(base, route.method, somewhere(route), { exact: true });

test('every route of the desks is answered at the staff\'s address, and at no other', async () => {
  const desks = routes.filter((it) => it.listener === 'LISTENER_STAFF');
  assert.ok(desks.length > 20);
  assert.deepEqual(routes.filter((it) => it.access === 'ACCESS_STAFF' && it.listener !== 'LISTENER_STAFF'), []);
  for (const route of desks) {
    const outside = await at(demo.base_url, route);
    assert.deepEqual([outside.status, outside.json.code], [404, 'not_found'], `${route.method} ${route.path}`);
    assert.notEqual((await at(demo.staff_url, route)).json.code, 'not_found', `${route.method} ${route.path}`);
  }
});

test('no route of subscribers, gateways or monitoring is answered at the staff\'s address', async () => {
  for (const route of routes.filter((it) => it.listener !== 'LISTENER_STAFF')) {
    const answer = await at(demo.staff_url, route);
    assert.deepEqual([answer.status, answer.json?.code], [404, 'not_found'], `${route.method} ${route.path}`);
  }
});
