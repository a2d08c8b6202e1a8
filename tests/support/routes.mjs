// SPDX-License-Identifier: Apache-2.0
// THE route table, read from its source.
import { readFileSync } from 'node:fs';
import { here } from './client.mjs';

const source = readFileSync(here('../../server/routes.c'), 'utf8');
const macros = Object.fromEntries([...source.matchAll(/#define (\w+)\s+"([^"]*)"/g)].map(([, name, value]) => [name, value]));

export const routes = [...source.matchAll(/\{"(\w+)",\s+"([^"]+)",\s+(\w+),\s+(\w+),\s*([^,]+),\s*(\w+),\s*(\w+)\}/g)]
  .map(([, method, path, access, type, , handler, listener]) =>
    ({ method, path, access, type: type === 'NULL' ? null : macros[type], handler, listener }));
