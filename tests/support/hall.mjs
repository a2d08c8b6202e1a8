// SPDX-License-Identifier: Apache-2.0
// A renewal applied for in the web hall: a form to be sealed, photos and liveness by telephone.
import assert from 'node:assert/strict';
import * as client from './client.mjs';
import * as portal from './portal.mjs';
import { demo, newSubscriber, sql } from './world.mjs';

let made = 0;

export async function draft(mobile) {
  sql('delete from xuqi.serial_ask; delete from xuqi.sms_code');
  const organisation = `大厅${Date.now().toString(36)}${made++}有限公司`;
  const subscriber = newSubscriber({ organisation, notBefore: '-400 days', notAfter: '-35 days' });
  const body = await client.application(demo, { platform: 'szca-bidding', organisation, change: (it) => ({ ...it, certificate_serial: subscriber.serial }) });
  const answer = await client.call(demo.base_url, 'POST', '/api/v1/renewals', { token: await portal.session(mobile), body });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}
