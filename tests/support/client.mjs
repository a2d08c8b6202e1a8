// SPDX-License-Identifier: Apache-2.0
// What a subscriber's client, a reviewer and Alipay do, from outside: the wire, and Alipay's own SDK that signs and checks.
// Used by the walkthrough and the flow tests; knows nothing of the server's inside.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AlipaySdk, sign as sdkSign, signatureV3 } from './alipay_sdk.mjs';
import { call, encodeForm } from './wire.mjs';

export * from './wire.mjs';

// -- Alipay ------------------------------------------------------------------------------------------------------

const beijing = (ms) => new Date(ms + 8 * 3600 * 1000).toISOString().slice(0, 19).replace('T', ' ');

export function alipaySdk(demo) {
  return new AlipaySdk({
    appId: demo.alipay.app_id,
    privateKey: readFileSync(demo.alipay.gateway_private_key, 'utf8'),
    keyType: 'PKCS8',
    alipayPublicKey: readFileSync(demo.alipay.gateway_public_key, 'utf8'),
  });
}

// The fields of a notice that the trade succeeded, unsigned. trade_no and notify_id follow from the attempt.
export function alipayNotice(demo, form, change = {}) {
  const order = JSON.parse(form.fields.biz_content);
  const digest = createHash('sha256').update(order.out_trade_no).digest('hex');
  return {
    notify_time: beijing(Date.now()),
    notify_type: 'trade_status_sync',
    notify_id: digest.slice(0, 34),
    charset: 'utf-8',
    version: '1.0',
    sign_type: 'RSA2',
    app_id: demo.alipay.app_id,
    auth_app_id: demo.alipay.app_id,
    trade_no: `2026112122001${BigInt(`0x${digest.slice(0, 12)}`).toString().padStart(15, '0')}`,
    out_trade_no: order.out_trade_no,
    buyer_id: '2088102146225135',
    buyer_logon_id: 'zha***@example.com',
    seller_id: demo.alipay.seller_id,
    trade_status: 'TRADE_SUCCESS',
    total_amount: order.total_amount,
    receipt_amount: order.total_amount,
    buyer_pay_amount: order.total_amount,
    subject: order.subject,
    gmt_create: beijing(Date.now() - 60000),
    gmt_payment: beijing(Date.now() - 1000),
    fund_bill_list: `[{"amount":"${order.total_amount}","fundChannel":"ALIPAYACCOUNT"}]`,
    body: '',
    ...change,
  };
}

// Signs with the SDK's own primitive over the string its own checker builds, has the SDK check the result, and encodes.
export function alipaySigned(demo, notice) {
  const text = Object.keys(notice).filter((key) => key !== 'sign' && key !== 'sign_type').sort()
    .map((key) => `${key}=${notice[key]}`).join('&');
  const key = readFileSync(demo.alipay.gateway_private_key, 'utf8');
  const signed = { ...notice, sign: signatureV3(text, key) };
  if (!alipaySdk(demo).checkNotifySignV2(signed)) throw new Error('alipay-sdk does not accept its own notice');
  return encodeForm(signed);
}

export const notify = (demo, form) =>
  call(demo.base_url, 'POST', '/notify/alipay', { body: form, type: 'application/x-www-form-urlencoded; charset=utf-8' });

// What the SDK itself would have signed for the same request: the judge of the form that the server's jobs signed.
export function alipayFormJudged(demo, form) {
  const { sign, biz_content: bizContent, ...rest } = form.fields;
  const params = { bizContent: JSON.parse(bizContent) };
  const camel = (key) => key.replace(/_([a-z])/g, (_, c) => c.toUpperCase());
  for (const key of Object.keys(rest)) if (key !== 'method') params[camel(key)] = rest[key];
  const judged = sdkSign(form.fields.method, params, {
    appId: rest.app_id, charset: rest.charset, version: rest.version, signType: rest.sign_type,
    privateKey: readFileSync(demo.alipay.app_private_key, 'utf8'), keyType: 'PKCS8',
  });
  return { same: judged.sign === sign, judged };
}
