// SPDX-License-Identifier: Apache-2.0
// What an applicant of the demonstration does, over the wire and at the stand-ins' own pages.
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { demo, folder, startAsOwner, startCertificate } from '../../../tests/support/installation.mjs';
import * as wire from '../../../tests/support/wire.mjs';
import { accountOf, idNumberOf, mobileOf, organisationOf, personOf } from './people.mjs';
import { photo } from './photo.mjs';

export class Refused extends Error {}
export const expect = (answer, ...statuses) => {
  if (!statuses.includes(answer.status)) throw new Refused(`${answer.status} ${answer.json?.code ?? ''} ${answer.text.slice(0, 300)}`);
  return answer.json;
};
export async function until(what, check, ms = 20_000) {
  for (const end = Date.now() + ms; Date.now() < end; await new Promise((resolve) => { setTimeout(resolve, 200); })) {
    const found = await check();
    if (found) return found;
  }
  throw new Refused(`waited in vain: ${what}`);
}

const windows = {
  'gd-drug': ['-330 days', '+35 days'], gpo: ['-300 days', '+65 days'], 'demo-two': ['-300 days', '+65 days'], 'sz-consumables': ['-335 days', '+30 days'], pingan: ['-200 days', '+165 days'],
  expired: ['-400 days', '-35 days'],
};

// One after the other: the token's files are not read while another process writes them.
let token = Promise.resolve();
const inTurn = (act) => { token = token.then(act, act); return token; };
// A certificate, once: a second start finds it.
async function subscriberOf({ id, platform, n, expired }) {
  const name = `desk-${id}`, kept = `${folder}/demo/subscribers/${name}.json`;
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8'));
  const [notBefore, notAfter] = expired || platform === 'szca-bidding' ? windows.expired : windows[platform];
  const subscriber = await inTurn(() => startCertificate('subscriber', { name, organisation: organisationOf(platform, n), notBefore, notAfter }));
  await startAsOwner(`${folder}/bin/xuqictl`, 'certificate', 'import', subscriber.certificate);
  writeFileSync(kept, JSON.stringify(subscriber), { mode: 0o600 });
  return subscriber;
}

// A session of the web hall, by the code that the sandbox shows; several cases of one person share it.
const sessions = new Map();
const hall = (mobile) => sessions.get(mobile) ?? sessions.set(mobile, logIn(mobile)).get(mobile);
async function logIn(mobile) {
  const received = async () => (await wire.call(demo.sms.sandbox, 'GET', '/?json')).json.filter((it) => it.mobile === mobile);
  const before = (await received()).length;
  expect(await wire.call(demo.base_url, 'POST', '/api/v1/portal/sms_codes', { body: { mobile, purpose: 'login' } }), 202);
  const message = await until('the code', async () => { const all = await received(); return all.length > before && all[0]; });
  const { token } = expect(await wire.call(demo.base_url, 'POST', '/api/v1/portal/sessions', { body: { mobile, code: message.param.code } }), 201);
  return token;
}

export class Applicant {
  static async of(recipe) {
    const it = new Applicant();
    Object.assign(it, { recipe, subscriber: await subscriberOf(recipe) });
    return it;
  }

  call(method, rest, options = {}) {
    return wire.call(demo.base_url, method, `/api/v1/renewals/${this.renewal.renewal_no}${rest}`, { token: this.renewal.access_token, ...options });
  }

  session() { return hall(this.mobile()); }
  // Five cases of the web hall belong to one person.
  mobile() { return mobileOf(this.recipe.platform === 'szca-bidding' ? 50000 + Math.floor(this.recipe.n / 5) : this.recipe.n); }

  async status() { return (await wire.progress(demo, this.renewal)).json.status; }

  // Answers false where the application was there already: an earlier start has made it.
  async submit() {
    const { platform, n, months = 12 } = this.recipe;
    const name = personOf(n), mobile = this.mobile();
    const change = (it) => ({
      ...it,
      agent: { ...it.agent, name, mobile, id_number: idNumberOf(n), email: `agent${n}@example.com` },
      ...(it.basic_account ? { basic_account: { ...it.basic_account, number: accountOf(n) } } : {}),
      ...(it.recipient ? { recipient: { ...it.recipient, name } } : {}),
      ...(it.invoice.kind === 'electronic' ? { invoice: { ...it.invoice, title: this.subscriber.organisation } } : {}),
      ...(platform === 'pingan' ? { portal_token: wire.portalToken(demo, `supplier-${n}`) } : {}),
      ...(platform === 'szca-bidding' ? { certificate_serial: this.subscriber.serial } : {}),
    });
    const application = await wire.application(demo, { platform, months, organisation: this.subscriber.organisation, change });
    const answer = platform === 'szca-bidding'
      ? await wire.call(demo.base_url, 'POST', '/api/v1/renewals', { token: await this.session(), body: application })
      : await wire.submitSigned(demo, wire.signCms(this.subscriber, application));
    this.renewal = expect(answer, 200, 201);
    return answer.status === 201;
  }

  async sealedForm() {
    const form = await this.call('GET', '/application_form.pdf');
    expect(await this.call('PUT', '/materials/application_form?page=1', { body: form.bytes, type: 'application/pdf' }), 200, 201);
  }

  // With the telephone: both sides of the card, liveness at the stand-in; the telecom check makes itself.
  async identity() {
    const link = expect(await this.call('POST', '/phone_links', { body: {} }), 201);
    const device = randomUUID().replaceAll('-', ''), token = new URL(link.url).hash.slice(1);
    const phone = (method, rest, options = {}) => wire.call(demo.base_url, method, `/api/v1/phone${rest}`, { token, headers: { 'x-xuqi-device': device }, ...options });
    expect(await phone('POST', '/opening', { body: { device } }), 200);
    for (const side of ['front', 'back']) expect(await phone('PUT', `/photos/${side}`, { body: photo(side, this.recipe.n), type: 'image/png' }), 200, 201);
    expect(await phone('POST', '/completion', { body: {} }), 200);
    const live = expect(await this.call('POST', '/liveness', { body: {} }), 200, 201);
    const BizToken = new URL(live.url).searchParams.get('BizToken');
    expect(await wire.call(demo.faceid.sandbox, 'POST', '/sandbox/result', { body: { biz_token: BizToken, code: 0 } }), 200);
    await wire.call(demo.base_url, 'GET', `/identity/return?BizToken=${BizToken}`);
    await until('identity', async () => (await wire.progress(demo, this.renewal)).json.identity_steps.every((step) => step.state === 'passed'));
  }

  async hand() { expect(await this.call('POST', '/submission', { body: {} }), 200); }

  // Opens an attempt; what the payer's browser would send to the gateway.
  async open(method) {
    this.form = expect(await wire.pay(demo, this.renewal, method), 200, 201);
    if (this.form.action) await wire.call(this.form.action, 'POST', this.form.action, { body: wire.encodeForm(this.form.fields), type: 'application/x-www-form-urlencoded; charset=utf-8' });
    return this.form;
  }

  press(rail, fields, path = '/sandbox/decide') {
    return wire.call(demo[rail].url, 'POST', path, { body: wire.encodeForm(fields), type: 'application/x-www-form-urlencoded; charset=utf-8' });
  }

  async pay(method) {
    const { attempt_no } = await this.open(method);
    if (method === 'alipay') await this.press('alipay', { out_trade_no: attempt_no, action: 'pay' });
    else if (method === 'unionpay') await this.press('unionpay', { orderId: attempt_no, action: 'pay' });
    else await this.press('wechat', { out_trade_no: attempt_no }, '/sandbox/pay');
    await until(`${method} is booked`, async () => (await this.status()) !== 'awaiting_payment');
  }

  // Paid some days ago: the notice comes late.
  async payEarlier(days) {
    const { attempt_no } = await this.open('alipay');
    this.paid = { day: dayBefore(days), at: `${dayBefore(days)} 1${this.recipe.n % 10}:20:00` };
    const told = await wire.call(demo.alipay.url, 'POST', '/sandbox/control', { body: { number: attempt_no, state: 'TRADE_SUCCESS', paid_at: this.paid.at, push: {} } });
    this.trade = expect(told, 200).order;
    await until('the late notice is booked', async () => (await this.status()) !== 'awaiting_payment');
  }

  // What the payer says he has transferred, and what arrives at the bank: fen may differ, 0 has not come yet.
  async transfer({ said = this.renewal.amount_fen, came = said, remark = true, name = this.subscriber.organisation } = {}) {
    const account = accountOf(this.recipe.n), on = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
    if (said > 0) expect(await this.call('POST', '/transfers', { body: { transfers: [{ payer_account: account, payer_name: name, amount_fen: said, transferred_on: on, remark: '' }] } }), 200, 201);
    if (came > 0) await arrives({ fen: came, account, name, remark: remark ? this.renewal.renewal_no : '证书续期' });
  }

  async install() {
    expect(await wire.fetchCertificate(demo, this.subscriber, this.renewal), 200);
    expect(await wire.acknowledge(demo, this.renewal), 200);
  }
}

// A day in Beijing.
export const dayBefore = (days) => new Date(Date.now() + 8 * 3600e3 - days * 86400e3).toISOString().slice(0, 10);

// Money on our account at the bank.
export const arrives = async (movement) => expect(await wire.call(demo.citic.url, 'POST', '/sandbox/receive', { body: { bank: '中国工商银行广州某支行', ...movement } }), 200);
