/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/renewal.h"

#include "base/clock.h"
#include "base/compiler.h"

#include <string.h>

static const char *const names[] = {
#define X(name) [RENEWAL_##name] = #name,
    RENEWAL_STATES(X)
#undef X
};

static const struct {
    enum renewal_state from, to;
} moves[] = {
    {RENEWAL_draft, RENEWAL_awaiting_payment},           /* materials complete */
    {RENEWAL_draft, RENEWAL_cancelled},                  /* by the applicant */
    {RENEWAL_draft, RENEWAL_closed},                     /* N days without payment */
    {RENEWAL_awaiting_payment, RENEWAL_awaiting_review}, /* paid in full */
    {RENEWAL_awaiting_payment, RENEWAL_cancelled},       /* by the applicant */
    {RENEWAL_awaiting_payment, RENEWAL_closed},          /* N days without payment */
    {RENEWAL_awaiting_review, RENEWAL_awaiting_install}, /* approved, as often as the platform asks */
    {RENEWAL_awaiting_review, RENEWAL_awaiting_account}, /* approved, and the account is still to be verified */
    {RENEWAL_awaiting_review, RENEWAL_returned},         /* named fields and materials to correct */
    {RENEWAL_awaiting_review, RENEWAL_rejected},         /* refused for good, refunded in full */
    {RENEWAL_awaiting_review, RENEWAL_cancelled},        /* refund approved, as in the next three */
    {RENEWAL_returned, RENEWAL_cancelled},
    {RENEWAL_awaiting_account, RENEWAL_cancelled},
    {RENEWAL_awaiting_install, RENEWAL_cancelled},
    {RENEWAL_returned, RENEWAL_awaiting_review},          /* corrected */
    {RENEWAL_awaiting_account, RENEWAL_awaiting_install}, /* 0.01 yuan confirmed */
    {RENEWAL_awaiting_install, RENEWAL_awaiting_account}, /* the 0.01 yuan came back */
    {RENEWAL_awaiting_install, RENEWAL_issued},           /* certificates recorded */
    {RENEWAL_issued, RENEWAL_completed},                  /* installation acknowledged */
};

/* The five steps of the client's progress bar, in its words. */
static const char *const stage_names[] = {"用户申请", "用户缴费", "管理员审核", "安装新证书", "完成"};
static const int stages[] = {
    [RENEWAL_draft] = 0,      [RENEWAL_awaiting_payment] = 1, [RENEWAL_awaiting_review] = 2,
    [RENEWAL_returned] = 2,   [RENEWAL_awaiting_account] = 2, [RENEWAL_awaiting_install] = 3,
    [RENEWAL_issued] = 3,     [RENEWAL_completed] = 4,        [RENEWAL_rejected] = -1,
    [RENEWAL_cancelled] = -1, [RENEWAL_closed] = -1,
};

/* 业务状态: 已录入 and 待下载 are the words of the guides. */
static const char *const names_zh[] = {
    [RENEWAL_draft] = "待提交材料",
    [RENEWAL_awaiting_payment] = "已录入",
    [RENEWAL_awaiting_review] = "待审核",
    [RENEWAL_returned] = "退回补正",
    [RENEWAL_awaiting_account] = "待金融认证",
    [RENEWAL_awaiting_install] = "待下载",
    [RENEWAL_issued] = "已签发",
    [RENEWAL_completed] = "已完成",
    [RENEWAL_rejected] = "审核不通过",
    [RENEWAL_cancelled] = "已撤销",
    [RENEWAL_closed] = "已关闭",
};

static bool is_state(enum renewal_state state)
{
    return (unsigned)state < RENEWAL_STATE_COUNT;
}

const char *renewal_state_name(enum renewal_state state)
{
    return is_state(state) ? names[state] : "";
}

const char *renewal_state_zh(enum renewal_state state)
{
    return is_state(state) ? names_zh[state] : "";
}

enum renewal_state renewal_state_from_name(const char *name)
{
    for (unsigned i = 0; i < RENEWAL_STATE_COUNT; i++)
        if (strcmp(names[i], name) == 0)
            return (enum renewal_state)i;
    return RENEWAL_STATE_COUNT;
}

bool renewal_may_move(enum renewal_state from, enum renewal_state to)
{
    for (size_t i = 0; i < ARRAY_SIZE(moves); i++)
        if (moves[i].from == from && moves[i].to == to)
            return true;
    return false;
}

int renewal_stage(enum renewal_state state)
{
    return is_state(state) ? stages[state] : -1;
}

const char *renewal_stage_zh(enum renewal_state state)
{
    int stage = renewal_stage(state);
    return stage < 0 ? "" : stage_names[stage];
}

static int number(const char *text, int digits)
{
    int value = 0;
    for (int i = 0; i < digits; i++)
        value = value * 10 + (text[i] - '0');
    return value;
}

bool renewal_no_valid(const char *no)
{
    size_t size = strspn(no, "0123456789");
    if (no[size] != '\0' || (size != 17 && size != 18) || strncmp(no, "01", 2) != 0)
        return false;
    int year = number(no + 2, 4), month = number(no + 6, 2), day = number(no + 8, 2);
    return year >= 2000 && month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(year, month);
}
