// SPDX-License-Identifier: Apache-2.0
// Holds a signed request against what Tencent Cloud's own SDK would have sent for it.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const { default: Sign } = createRequire(import.meta.url)('tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js');

// `call` as the stand-in recorded it.
export function tc3Judge(call, { secret_id: secretId, secret_key: keyFile }) {
  const expected = Sign.sign3({
    method: 'POST', url: 'https://127.0.0.1/', payload: Buffer.from(call.body), timestamp: Number(call.headers['x-tc-timestamp']),
    service: 'faceid', secretId, secretKey: readFileSync(keyFile, 'utf8').trim(), headers: { 'Content-Type': call.headers['content-type'] },
  });
  return { same: call.headers.authorization === expected, expected };
}
