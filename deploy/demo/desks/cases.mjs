// SPDX-License-Identifier: Apache-2.0
// The steps that recipes.mjs names, each by the applicant or a colleague.
import { readFileSync } from 'node:fs';
import { demo } from '../../../tests/support/installation.mjs';
import * as wire from '../../../tests/support/wire.mjs';
import { Applicant, expect, Refused, until } from './applicant.mjs';
import { accountOf, mobileOf } from './people.mjs';

const onHold = ['等待门户核实单位名称', '已致电经办人，等待回复', '营业执照正在变更，等待新照'];
const wrong = [['agent.mobile', '手机号码是空号，请核对'], ['agent.email', '邮箱收不到通知，请更换'], ['agent.name', '与身份证号码不符，请核对']];
const corrections = { 'agent.mobile': (n) => ({ mobile: mobileOf(n + 30000) }), 'agent.email': (n) => ({ email: `correct${n}@example.com` }), 'agent.name': () => ({ name: '王小明' }) };
const earliest = 16; // days ago
const bills = ['billShort', 'billAmount', 'billState'];
const behave = async (body) => expect(await wire.call(demo.citic.url, 'POST', '/sandbox/behave', { body }), 200);

async function answers(it, office, words) {
  const { refund_no } = await office.refundOf(it);
  expect(await wire.call(demo.alipay.url, 'POST', '/sandbox/control', { body: { number: it.form.attempt_no, about: refund_no, answers: words } }), 200);
}

// The 0.01 yuan with its remark, on the account of the applicant.
async function cameToAccount(it) {
  const paid = async () => (await wire.call(demo.citic.url, 'GET', '/?json')).json.payments.find((row) => row.account === accountOf(it.recipe.n) && row.state === 'paid');
  const payment = await until('0.01 yuan', paid, 60_000);
  await until('it may be confirmed', async () => (await wire.progress(demo, it.renewal)).json.account_verification?.state === 'confirming', 60_000);
  return payment;
}

export const steps = (office) => ({
  form: (it) => it.sealedForm(),
  identity: (it) => it.identity(),
  hand: (it) => it.hand(),
  pay: (it) => it.pay(it.recipe.method),
  async payFails(it) {
    const { attempt_no } = await it.open('unionpay');
    await it.press('unionpay', { orderId: attempt_no, action: 'fail' });
  },
  transfer: (it) => it.transfer(),
  transferAnnounced: (it) => it.transfer({ came: 0 }),
  transferShort: (it) => it.transfer({ said: it.renewal.amount_fen, came: it.renewal.amount_fen - 5000 }),
  transferOver: (it) => it.transfer({ said: it.renewal.amount_fen + 10000, came: it.renewal.amount_fen + 10000 }),
  // Nothing declared, no number in the remark: a person finds whose it is.
  transferUnnamed: (it) => it.transfer({ said: 0, came: it.renewal.amount_fen, remark: false }),

  claim: (it) => office.claim(it),
  payEarlier: (it) => it.payEarlier(earliest - it.recipe.place * 4 - bills.indexOf(it.recipe.state)).then(() => office.oddBill(it)),
  claimOther: (it) => office.claim({ ...it, isSecond: true }),
  holdOther: (it) => office.hold({ ...it, isSecond: true }, 2, '初审记录与营业执照不一致，向初审人核实'),
  giveBackOther: (it) => office.giveBack({ ...it, isSecond: true }, [wrong[it.recipe.n % wrong.length]]),
  approveOther: (it) => office.approve({ ...it, isSecond: true }),
  approve: (it) => office.approve(it),
  reject: (it) => office.reject(it, 'organisation_mismatch', '申请单位与证书单位不一致，请重新申请'),
  hold: (it) => office.hold(it, 1 + it.recipe.n % 3, onHold[it.recipe.n % onHold.length]),
  giveBack: (it) => office.giveBack(it, [wrong[it.recipe.n % wrong.length]], it.recipe.expired ? [['application_form', '公章不清楚，请重新盖章扫描']] : []),
  async correct(it) {
    const [name] = wrong[it.recipe.n % wrong.length];
    expect(await wire.correct(demo, it.subscriber, it.renewal, { agent: corrections[name](it.recipe.n) }), 200);
  },

  async cancel(it) { expect(await wire.cancel(demo, it.renewal), 200, 202); },
  async approveRefund(it) { await office.approveRefund((await office.refundOf(it)).refund_no); },
  async refuseRefund(it) { await office.refuseRefund((await office.refundOf(it)).refund_no, '证书已制作，按协议不退'); },
  askRefund: (it) => office.askRefund(it, it.renewal.amount_fen, '客户来电，单位已注销，不再续期'),
  // The gateway does not answer about this refund: it stays unknown, and nothing is sent twice.
  silenceRefund: (it) => answers(it, office, Array(200).fill('silence')),
  // It has not enough of our money, and then says that there is no such refund.
  emptyGateway: (it) => answers(it, office, ['balance']),
  isPaid: (it) => until('the transfer is on the statement', async () => (await it.status()) !== 'awaiting_payment', 120_000),

  failAccount: (it) => behave({ mode: 'fail', text: '账号户名不符', account: accountOf(it.recipe.n) }),
  // The bank's front end does not answer, and the money was not sent or was; or it says for long that it is at it.
  loseAccount: (it) => behave({ mode: 'silent_lost', account: accountOf(it.recipe.n) }),
  delayAccount: (it) => behave({ mode: 'pending', account: accountOf(it.recipe.n) }),
  async mistypeAccount(it) {
    const { remark } = await cameToAccount(it);
    const code = `${remark.slice(0, 5)}${(Number(remark[5]) + 1) % 10}`;
    expect(await it.call('POST', '/account/confirmation', { body: { code } }), 409, 422);
  },
  async confirmAccount(it) {
    const { remark } = await cameToAccount(it);
    expect(await it.call('POST', '/account/confirmation', { body: { code: remark } }), 200);
  },
  install: (it) => it.install(),
  async installHere(it) {
    const body = { nonce: await wire.challenge(demo), signing_csr: readFileSync(it.subscriber.csr, 'utf8') };
    expect(await wire.call(demo.base_url, 'POST', `/api/v1/renewals/${it.renewal.renewal_no}/certificate`, { token: await it.session(), headers: { 'x-xuqi-renewal': it.renewal.access_token }, body }), 200);
    expect(await wire.acknowledge(demo, it.renewal), 200);
  },
});

export async function make(recipe, known) {
  const it = await Applicant.of(recipe);
  if (!await named('submit', () => it.submit())) return;
  for (const name of recipe.steps) await named(name, () => known[name](it));
}

// What is refused says at which step.
async function named(step, act) {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Refused) error.message = `${step}: ${error.message}`;
    throw error;
  }
}
