// SPDX-License-Identifier: Apache-2.0
// What a person at the web hall does, and the phone in his hand: the messages that the sandbox shows.
import { call, portalToken } from './client.mjs';
import { demo, sql } from './world.mjs';

let taken = 0;
const start = Math.floor(Date.now() / 10) % 1e8;
// A number nobody has used: limits are counted per number.
export const newMobile = () => `13${String(9e8 + ((start + taken++ * 7919) % 1e8)).slice(0, 9)}`;

export const askCode = (mobile, purpose = 'login') => call(demo.base_url, 'POST', '/api/v1/portal/sms_codes', { body: { mobile, purpose } });

export const received = async (mobile) =>
  (await call(demo.sms.sandbox, 'GET', '/?json')).json.filter((it) => it.mobile === mobile);
export const behave = (mobile, mode, times = 1) => call(demo.sms.sandbox, 'POST', '/_behave', { body: { mobile, mode, times } });

export async function until(what, check, ms = 8000) {
  for (const end = Date.now() + ms; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const got = await check();
    if (got) return got;
  }
  throw new Error(`waited in vain for ${what}`);
}

// Asks and waits for the message; the code.
export async function codeFor(mobile, purpose = 'login') {
  const before = (await received(mobile)).length;
  const asked = await askCode(mobile, purpose);
  if (asked.status !== 202) throw new Error(asked.text);
  const [message] = await until(`a message for ${mobile}`, async () => {
    const all = await received(mobile);
    return all.length > before && all;
  });
  return message.param.code;
}

// A minute passes for the limits of every number.
export const aMinuteLater = () => sql("update xuqi.sms_code set requested_at = requested_at - interval '61 seconds'");

export const open = (body) => call(demo.base_url, 'POST', '/api/v1/portal/sessions', { body });
export const register = (body) => call(demo.base_url, 'POST', '/api/v1/portal/accounts', { body });
export const changePassword = (body) => call(demo.base_url, 'PUT', '/api/v1/portal/password', { body });
export const current = (token, options = {}) => call(demo.base_url, 'GET', '/api/v1/portal/sessions/current', { token, ...options });
export const close = (token, options = {}) => call(demo.base_url, 'DELETE', '/api/v1/portal/sessions/current', { token, ...options });

// Logged in with a code; the session's token.
export async function session(mobile = newMobile()) {
  const answer = await open({ mobile, code: await codeFor(mobile) });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.json.token;
}

export const sentOn = (account) => portalToken(demo, account);
