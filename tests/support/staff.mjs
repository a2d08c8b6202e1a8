// SPDX-License-Identifier: Apache-2.0
// Members of staff of a test's own, made by xuqictl, and sessions of theirs.
import { createHash, randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import * as client from './client.mjs';
import { ctl, demo, folder, sql } from './world.mjs';

let made = 0;
const stamp = Date.now().toString(36);

// A new account: {name, password, totp_secret}; the secrets lie in a folder that the installation's owner may write to.
export function hire(roles, ...options) {
  const name = `test-${stamp}-${++made}`;
  const work = mkdtempSync(`${folder}/demo/staff-`);
  const password = randomBytes(12).toString('base64url');
  writeFileSync(`${work}/password`, `${password}\n`, { mode: 0o600 });
  const { uid, gid } = statSync(`${folder}/xuqid.yaml`);
  for (const path of [work, `${work}/password`]) chownSync(path, uid, gid);
  ctl('staff', 'add', '--name', name, '--display', `测试 ${name}`, '--role', roles.join(), '--password-file', `${work}/password`, '--totp-file', `${work}/totp`, ...options);
  return { name, password, totp_secret: readFileSync(`${work}/totp`, 'utf8').trim(), roles };
}

// Logs in as anybody does. step: how many time steps from now the code is of; each works once.
export function enter(person, { step = 0, headers = {}, ...change } = {}) {
  const body = { name: person.name, password: person.password, totp: client.totp(person.totp_secret, Date.now() + step * 30000), ...change };
  return client.call(demo.base_url, 'POST', '/api/v1/staff/sessions', { body, headers });
}

export const digestOf = (token) => createHash('sha256').update(Buffer.from(token, 'base64url')).digest('hex');

// A session that is simply there.
export function seat(person) {
  const token = randomBytes(32).toString('base64url');
  sql(`insert into xuqi.staff_session (token_digest, staff_id, expires_at, idle_s, idle_until)
       select '\\x${digestOf(token)}', id, now() + interval '1 hour', 3600, now() + interval '1 hour' from xuqi.staff where name = '${person.name}'`);
  return token;
}

// The newest events of an action, oldest first: "actor object detail".
export const events = (action, count) => sql(`select actor, object, detail from (select * from xuqi.audit_event where action = '${action}'
  order by id desc limit ${count}) as newest order by id`).split('\n');
