// SPDX-License-Identifier: Apache-2.0
// Holds an answer of the running server against docs/openapi.yaml: the status is described, and the body is as its schema
// says, no member more.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { here } from './client.mjs';

export const description = parse(readFileSync(here('../../docs/openapi.yaml'), 'utf8'));
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema({ $id: 'openapi', components: description.components });

const resolve = (node) => (node.$ref ? node.$ref.slice(2).split('/').reduce((at, key) => at[key], description) : node);

export function conforms(method, path, answer) {
  const operation = description.paths[path]?.[method];
  assert.ok(operation, `${method} ${path} is described`);
  const response = operation.responses[String(answer.status)];
  assert.ok(response, `${method} ${path} may answer ${answer.status}: ${answer.text}`);
  const type = (answer.headers['content-type'] ?? '').split(';')[0];
  const media = resolve(response).content[type];
  assert.ok(media, `${method} ${path} ${answer.status} may be ${type}`);
  if (!answer.json) return;
  const schema = JSON.parse(JSON.stringify(media.schema).replaceAll('"#/', '"openapi#/'));
  const check = ajv.compile(schema);
  assert.ok(check(answer.json), `${method} ${path}: ${ajv.errorsText(check.errors)}\n${answer.text}`);
}

// Any value against one of the named schemas.
export function conformsTo(name, value) {
  const check = ajv.compile({ $ref: `openapi#/components/schemas/${name}` });
  assert.ok(check(value), `${name}: ${ajv.errorsText(check.errors)}\n${JSON.stringify(value)}`);
}
