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
  did_price: ['调整价格', 'changed prices'], 'did_issuance.halt': ['暂停签发', 'halted issuance'], 'did_issuance.release': ['恢复签发', 'released issuance'],
  'did_staff.add': ['开户', 'added the account'], 'did_staff.disable': ['停用账号', 'disabled the account'], 'did_staff.enrol': ['设置密码', 'set the account up'],
  'did_staff.person': ['登记身份', 'noted who it is'], 'did_platform.load': ['导入收费标准', 'loaded prices'],
  did_match: ['匹配', 'matched it'], did_unmatch: ['撤销匹配', 'undid the match'], did_suspend: ['挂账', 'suspended it'], did_return_line: ['退回付款人', 'returned it to the payer'],
  did_import: ['导入流水', 'imported a statement'], did_accepted: ['接受', 'accepted it'], did_dismissed: ['驳回', 'dismissed it'], did_reverse: ['冲销', 'reversed it'],
  did_refund: ['申请退款', 'asked for a refund'], did_sent: ['已发往渠道', 'it was sent'], did_unknown: ['结果未知', 'its outcome is unknown'], did_awaiting_payout: ['待转账退回', 'to be paid out'],
  did_failed: ['失败', 'it failed'], did_proposal: ['作出认定', 'said what became of it'], 'did_settlement.book': ['登记到账', 'booked the arrival'],
  'did_invoice.issued': ['登记发票', 'noted the invoice'], 'did_invoice.reversed': ['登记红字发票', 'noted the red letter'], 'did_invoice.corrected': ['更正发票号码', 'corrected the invoice’s number'],
});
export const changeText = (step: string) => words.of('did', step);
