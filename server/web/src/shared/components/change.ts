// SPDX-License-Identifier: Apache-2.0
// What a late write is told that somebody else did.
import { wordsOf } from '@/shared/i18n';

const words = wordsOf({
  did_wait: ['进入审核', 'it came to the desk'], did_correct: ['申请人更正', 'the applicant corrected it'], did_leave: ['离开审核', 'it left the desk'],
  did_claim: ['领取', 'claimed it'], did_release: ['放回队列', 'gave it back'], did_hold: ['挂起', 'put it on hold'], did_resume: ['解除挂起', 'took it off hold'],
  did_reassign: ['转派', 'gave it to somebody'], did_approve: ['通过', 'approved it'], did_return: ['退回补正', 'returned it'], did_reject: ['驳回', 'rejected it'],
  did_expire: ['通过已过期', 'an approval expired'], did_pass: ['自动通过', 'it passed'], did_sample: ['抽检', 'looked at the sample'],
  did_assignment: ['指派', 'gave it to somebody'], did_closing: ['关闭', 'closed it'], did_resumption: ['恢复自动通过', 'resumed it'],
  did_resolution: ['处理', 'resolved it'], did_reconciliation: ['重新对账', 'reconciled it again'],
  did_done: ['批准', 'approved it'], did_refused: ['拒绝', 'refused it'], did_approved: ['批准', 'approved it'],
  did_staff_add: ['开户', 'added the account'], did_staff_change: ['变更角色或平台', 'changed its rights'], did_staff_enrol: ['重新登记', 'enrolled it anew'],
  did_price: ['调整价格', 'changed prices'],
});
export const changeText = (step: string) => words.of('did', step);
