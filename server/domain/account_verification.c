/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/account_verification.h"

#include "domain/identity.h"

#include <stdlib.h>
#include <string.h>

#define SECOND_US INT64_C(1000000)
#define WORDS     9
#define DIGITS    "0123456789"

/* -- where it stands ----------------------------------------------------------------------------------------------- */

static const char *word_at(struct arena *arena, const char **at)
{
    size_t size = strcspn(*at, " ");
    const char *word = size == 1 && **at == '-' ? "" : arena_text_n(arena, *at, size);
    *at += size + ((*at)[size] == ' ');
    return word;
}

struct account_verification account_verification_read(struct arena *arena, const char *words)
{
    const char *read[WORDS];
    for (size_t i = 0; i < WORDS; i++)
        read[i] = word_at(arena, &words);
    return (struct account_verification){.state = read[0],
                                         .mode = read[1],
                                         .reason = read[2],
                                         .proof = read[3],
                                         .payouts = strtoll(read[4], NULL, 10),
                                         .tries = strtoll(read[5], NULL, 10),
                                         .expires_us = strtoll(read[6], NULL, 10) * SECOND_US,
                                         .masked = read[7],
                                         .payout = read[8]};
}

/* -- why, and what to do ---------------------------------------------------------------------------------------------
 */

static const struct account_reason reasons[] = {
    {"account_invalid", "账号或开户行有误，银行无法入账", "The bank knows no such account",
     "请核对基本户账号和开户行，更正后重新提交", "Check number and branch, correct them and submit again"},
    {"name_mismatch", "户名与账号不符", "The account is not in this name",
     "请填写以本单位名称开立的基本户；单位已更名的，请先到开户行变更户名",
     "Give the account that is in the organisation's name; after a change of name, have the bank change it first"},
    {"closed_or_frozen", "账户已销户、冻结或不能收款", "The account is closed, frozen or cannot receive money",
     "请联系开户行恢复账户，或填写本单位可用的账户后重新提交",
     "Ask your bank to reopen it, or give another account of the organisation and submit again"},
    {"bank_temporary", "银行暂时未能办理", "The bank could not do it for the moment",
     "账户资料可能没有问题，请稍后用同样的资料重新提交", "The data may be right: submit the same again later"},
    {"account_limit", "向该账户打款的次数已用完", "This account has been paid as often as is allowed",
     "请填写本单位的其他账户，或致电客服热线", "Give another account of the organisation, or call the hotline"},
    {"account_missing", "没有填写完整的基本户信息", "The account's data is not complete",
     "请填写基本户名称、开户行和账号后提交", "Fill in name, branch and number and submit"},
    {"tries_used", "验证码输错次数已用完", "The code was wrong too often",
     "请重新提交基本户信息，系统将再次打款并附上新的验证码",
     "Submit the account again: another payment with another code is made"},
    {"expired", "验证码已过期", "The code has expired", "请重新提交基本户信息，系统将再次打款并附上新的验证码",
     "Submit the account again: another payment with another code is made"},
};

const struct account_reason account_no_payout_left = {
    "", "打款次数已用完", "No further payment is made for this renewal", "请致电客服热线办理", "Call the hotline"};

const struct account_reason *account_reason(const char *reason)
{
    static const struct account_reason other = {"", "金融认证未通过", "The account could not be verified",
                                                "请核对基本户信息后重新提交",
                                                "Check the account's data and submit again"};
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (strcmp(reasons[i].reason, reason) == 0)
            return &reasons[i];
    return &other;
}

static bool is(const char *word, const char *other)
{
    return strcmp(word, other) == 0;
}

const char *account_state_zh(const struct account_verification *it)
{
    return is(it->state, "passed")       ? "金融认证通过"
           : is(it->state, "failed")     ? "金融认证未通过"
           : is(it->state, "confirming") ? "已打款"
                                         : "打款中";
}

static bool asks_for_code(const struct account_verification *it)
{
    return is(it->mode, "code_entry") && (is(it->state, "confirming") || is(it->payout, "sent"));
}

const char *account_hint_zh(const struct account_verification *it)
{
    return is(it->state, "passed")   ? "可以更新证书"
           : is(it->state, "failed") ? account_reason(it->reason)->fix_zh
           : asks_for_code(it) ? "请向财务人员查询0.01元入账的附言，填写附言开头的6位数字"
           : is(it->state, "paying") ? "系统正在向基本户打款0.01元，请稍候"
                                     : "已打款，正在确认款项没有被退回，无需操作";
}

const char *account_hint_en(const struct account_verification *it)
{
    return is(it->state, "passed")   ? "The certificate may be updated"
           : is(it->state, "failed") ? account_reason(it->reason)->fix_en
           : asks_for_code(it)
               ? "Look for 0.01 yuan in the account's movements and enter the six digits its remark begins with"
           : is(it->state, "paying") ? "0.01 yuan is being paid into the account"
                                     : "Paid; it is waited whether the money comes back";
}

/* -- the code --------------------------------------------------------------------------------------------------------
 */

const char *account_code_in(struct arena *arena, const char *typed)
{
    const char *found = NULL;
    for (const char *at = identity_canonical(arena, typed); *at != '\0';) {
        size_t digits = strspn(at, DIGITS);
        if (digits == ACCOUNT_CODE_DIGITS && found != NULL && strncmp(at, found, ACCOUNT_CODE_DIGITS) != 0)
            return NULL;
        if (digits == ACCOUNT_CODE_DIGITS)
            found = arena_text_n(arena, at, ACCOUNT_CODE_DIGITS);
        at += digits > 0 ? digits : 1;
    }
    return found;
}
