/* SPDX-License-Identifier: Apache-2.0 */
/* What the bank's codes and words mean for money that was to move. In doubt: unknown. */
#include "remote/citic.h"

#include <string.h>

/* Accepted, waiting for an approval, scheduled, handed on, under way, partly done, "not created"
 * (务必确认交易真实状态). */
static const char *const open_codes[] = {"AAAAAAB", "AAAAAAC", "AAAAAAE", "AAAAAAF", "AAAAAAG",
                                         "AAAAAAH", "AAAAAAK", "BBBBBBB", "CCCCCCC", "EEEEEEE",
                                         "UNKNOWN", "ED02087", "ED02088", "ED02095", "ED02096"};

/* Communication and the front end's own: the bank may have it. 切勿重新发起动账交易. */
static const char *const own_prefixes[] = {"ET",   "CF09", "CF14", "CF15", "CF18", "CF19", "CF20",
                                           "CF21", "CF22", "CF23", "CM12", "ED10", "ED11", "ED12"};

static bool well_formed(const char *status)
{
    return strlen(status) == CITIC_CODE_SIZE &&
           strspn(status, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") == CITIC_CODE_SIZE;
}

enum citic_meaning citic_meaning(const char *status)
{
    if (strcmp(status, "AAAAAAA") == 0)
        return CITIC_DONE;
    if (!well_formed(status))
        return CITIC_UNKNOWN;
    for (size_t i = 0; i < ARRAY_SIZE(open_codes); i++)
        if (strcmp(status, open_codes[i]) == 0)
            return CITIC_UNKNOWN;
    for (size_t i = 0; i < ARRAY_SIZE(own_prefixes); i++)
        if (strncmp(status, own_prefixes[i], strlen(own_prefixes[i])) == 0)
            return CITIC_UNKNOWN;
    return CITIC_REFUSAL;
}

/* Read from top to bottom: 账号户名不符 is about the name. */
static const struct {
    const char *words, *failure;
} failures[] = {
    {"户名", "name_mismatch"},       {"名称不符", "name_mismatch"},   {"姓名不符", "name_mismatch"},
    {"销户", "closed_or_frozen"},    {"关户", "closed_or_frozen"},    {"注销", "closed_or_frozen"},
    {"冻结", "closed_or_frozen"},    {"止付", "closed_or_frozen"},    {"挂失", "closed_or_frozen"},
    {"睡眠", "closed_or_frozen"},    {"不动户", "closed_or_frozen"},  {"状态异常", "closed_or_frozen"},
    {"系统忙", "bank_temporary"},    {"繁忙", "bank_temporary"},      {"超时", "bank_temporary"},
    {"稍后", "bank_temporary"},      {"故障", "bank_temporary"},      {"余额不足", "bank_temporary"},
    {"冲正", "bank_temporary"},      {"无效卡号", "account_invalid"}, {"无此账", "account_invalid"},
    {"账号", "account_invalid"},     {"帐号", "account_invalid"},     {"账户不存在", "account_invalid"},
    {"卡号", "account_invalid"},     {"行号", "account_invalid"},     {"行名", "account_invalid"},
    {"收款账户", "account_invalid"},
};

const char *citic_failure_word(const char *text)
{
    for (size_t i = 0; i < ARRAY_SIZE(failures); i++)
        if (strstr(text, failures[i].words) != NULL)
            return failures[i].failure;
    return "";
}

const char *citic_failure(const char *status_text)
{
    const char *failure = citic_failure_word(status_text);
    return failure[0] != '\0' ? failure : "bank_temporary"; /* it blames nobody: the applicant's data may be right */
}

bool citic_says_none(const char *status_text)
{
    static const char *const words[] = {"没有符合条件", "无符合条件", "没有满足条件",
                                        "无满足条件",   "记录不存在", "无记录"};
    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        if (strstr(status_text, words[i]) != NULL)
            return true;
    return false;
}
