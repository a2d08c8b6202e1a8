// SPDX-License-Identifier: Apache-2.0
// Which cases fill the desks: for each platform as many of each state as a visitor needs to try what can be done with it.
const until = {
  // what is done after the submission, in order; each names a step of cases.mjs
  unpaid: [],
  cancelled: ['cancel'],
  paid: ['pay'],
  claimed: ['pay', 'claim'],
  // of a platform where two decide; the second one is another colleague
  second: ['pay', 'approve'],
  secondClaimed: ['pay', 'approve', 'claimOther'],
  secondHeld: ['pay', 'approve', 'holdOther'],
  secondReturned: ['pay', 'approve', 'giveBackOther'],
  secondDone: ['pay', 'approve', 'approveOther'],
  held: ['pay', 'hold'],
  returned: ['pay', 'giveBack'],
  corrected: ['pay', 'giveBack', 'correct'],
  rejected: ['pay', 'reject'],
  rejectedRefunded: ['pay', 'reject', 'approveRefund'],
  approved: ['pay', 'approve'],
  completed: ['pay', 'approve', 'install'],
  refundAsked: ['pay', 'cancel'],
  refundDone: ['pay', 'cancel', 'approveRefund'],
  refundRefused: ['pay', 'cancel', 'refuseRefund'],
  refundUnknown: ['pay', 'cancel', 'silenceRefund', 'approveRefund'],
  refundFailed: ['pay', 'cancel', 'emptyGateway', 'approveRefund'],
  refundToPayOut: ['transfer', 'isPaid', 'cancel', 'approveRefund'],
  refundByStaff: ['pay', 'askRefund'],
  payFailed: ['payFails'],
  // paid days ago, and the day's bill of the gateway says otherwise
  billShort: ['payEarlier'],
  billAmount: ['payEarlier'],
  billState: ['payEarlier'],
  transferred: ['transfer'],
  transferAnnounced: ['transferAnnounced'],
  transferShort: ['transferShort'],
  transferOver: ['transferOver'],
  transferUnnamed: ['transferUnnamed'],
};

// platform: { how many of what }; expired: with the sealed form, before the payment.
const counts = {
  'gd-drug': { unpaid: 5, cancelled: 2, paid: 14, claimed: 2, held: 2, returned: 3, corrected: 2, rejected: 2, approved: 3, completed: 8, refundAsked: 2, refundDone: 2, refundUnknown: 1, refundToPayOut: 2, transferred: 8, transferAnnounced: 3, transferShort: 3, transferOver: 3, transferUnnamed: 6 },
  gpo: { unpaid: 5, cancelled: 2, paid: 16, claimed: 2, held: 2, returned: 3, corrected: 2, rejected: 1, rejectedRefunded: 1, approved: 4, completed: 10, refundAsked: 2, refundDone: 2, refundRefused: 2, payFailed: 3 },
  'sz-consumables': { unpaid: 6, cancelled: 3, paid: 18, claimed: 2, held: 2, returned: 3, corrected: 2, rejected: 2, rejectedRefunded: 1, approved: 4, completed: 12, refundAsked: 3, refundDone: 3, refundRefused: 1, refundUnknown: 1, refundFailed: 2, refundByStaff: 2, payFailed: 2, billShort: 3, billAmount: 3, billState: 2 },
  'demo-two': { unpaid: 2, paid: 6, claimed: 1, held: 1, second: 8, secondClaimed: 2, secondHeld: 2, secondReturned: 2, secondDone: 4 },
  pingan: { unpaid: 4, cancelled: 1, paid: 10, held: 1, returned: 2, corrected: 1, rejected: 1, approved: 2, completed: 8, refundAsked: 1, refundDone: 1, payFailed: 1 },
};
const expired = { 'gd-drug': { draft: 3, paid: 6, returned: 1, completed: 2 } };
// A question about a certificate by its serial number is allowed thirty times an hour from one address: fewer than that.
const hall = { draft: 2, unpaid: 2, paid: 4, returned: 2, account: 2, accountMistyped: 2, accountFailed: 2, accountUnknown: 1, accountPending: 1, completed: 3, refundAsked: 1, rejected: 1 };
const hallSteps = { ...until, account: ['pay', 'approve'], accountFailed: ['pay', 'failAccount', 'approve'], accountMistyped: ['pay', 'approve', 'mistypeAccount'],
  accountUnknown: ['pay', 'loseAccount', 'approve'], accountPending: ['pay', 'delayAccount', 'approve'], completed: ['pay', 'approve', 'confirmAccount', 'installHere'] };

const methods = { 'demo-two': ['unionpay'], 'gd-drug': ['alipay', 'unionpay'], gpo: ['unionpay'], 'sz-consumables': ['alipay', 'unionpay'], pingan: ['unionpay', 'alipay'], 'szca-bidding': ['wechat'] };
// The stand-in of this gateway can be told to be silent about one refund, to have no money for it, and when it was paid.
const byAlipay = ['refundUnknown', 'refundFailed', 'billShort', 'billAmount', 'billState'];

export function recipes() {
  const all = [];
  let n = 0;
  const add = (platform, state, number, more) => {
    for (let i = 0; i < number; i += 1) {
      n += 1;
      all.push({ id: `${platform}-${more.suffix ?? ''}${state}-${i + 1}`, platform, state, place: i, n, months: n % 3 === 0 ? 24 : 12, method: byAlipay.includes(state) ? 'alipay' : methods[platform][n % methods[platform].length], ...more });
    }
  };
  for (const [platform, states] of Object.entries(counts))
    for (const [state, number] of Object.entries(states)) add(platform, state, number, { steps: until[state] });
  for (const [platform, states] of Object.entries(expired))
    for (const [state, number] of Object.entries(states)) add(platform, state, number, { suffix: 'expired-', expired: true, steps: state === 'draft' ? [] : ['form', 'hand', ...until[state]] });
  for (const [state, number] of Object.entries(hall)) add('szca-bidding', state, number, { steps: state === 'draft' ? [] : ['form', 'identity', 'hand', ...hallSteps[state]] });
  return mixed(all);
}

// So few that every call of the API and every platform is there once: what a test fills. These steps make the calls of another one,
// or ('') have a stand-in misbehave; what waits for the bank's next statement is left out.
const ALIKE = { claimOther: 'claim', holdOther: 'hold', giveBackOther: 'giveBack', approveOther: 'approve', mistypeAccount: 'confirmAccount', payFails: 'pay',
  transferAnnounced: 'transfer', transferShort: 'transfer', transferOver: 'transfer', transferUnnamed: 'transfer', silenceRefund: '', emptyGateway: '', failAccount: '', loseAccount: '', delayAccount: '' };
const SLOW = 'isPaid';
export const callsOf = (list) => [...new Set(list.filter((it) => !it.steps.includes(SLOW)).flatMap((it) => [`of ${it.platform}`, ...it.steps.map((step) => ALIKE[step] ?? step)]))].filter(Boolean).sort();
export function few(all) {
  const chosen = [];
  for (let missing = callsOf(all); missing.length > 0; missing = missing.filter((call) => !callsOf(chosen).includes(call))) {
    const gain = (recipe) => callsOf([recipe]).filter((call) => missing.includes(call)).length;
    chosen.push(all.reduce((best, recipe) => (gain(recipe) > gain(best) || (gain(recipe) === gain(best) && recipe.steps.length < best.steps.length) ? recipe : best)));
  }
  return chosen;
}

// In an order of which every beginning has something of everything: who looks early finds no empty desk.
const mixed = (all) => all.map((recipe) => [(recipe.n * 89) % 257, recipe]).sort(([a, left], [b, right]) => a - b || left.n - right.n).map(([, recipe]) => recipe);
