/* SPDX-License-Identifier: Apache-2.0 */
/* The states of a renewal and the moves between them: the same list as xuqi.renewal_transition in SQL, where it is
 * enforced; a test compares the two. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define RENEWAL_STATES(X)                                                                                              \
    X(draft)                                                                                                           \
    X(awaiting_payment)                                                                                                \
    X(awaiting_review)                                                                                                 \
    X(returned)                                                                                                        \
    X(awaiting_account)                                                                                                \
    X(awaiting_install)                                                                                                \
    X(issued)                                                                                                          \
    X(completed)                                                                                                       \
    X(rejected)                                                                                                        \
    X(cancelled)                                                                                                       \
    X(closed)

enum renewal_state {
#define X(name) RENEWAL_##name,
    RENEWAL_STATES(X)
#undef X
        RENEWAL_STATE_COUNT
};

const char *renewal_state_name(enum renewal_state state);
/* RENEWAL_STATE_COUNT when there is none. */
enum renewal_state renewal_state_from_name(const char *name);
bool renewal_may_move(enum renewal_state from, enum renewal_state to);
/* What applicants are shown: 用户申请, 用户缴费, 管理员审核, 安装新证书, 完成; "" for the side exits. */
const char *renewal_stage_zh(enum renewal_state state);
/* 业务状态 as applicants are shown it: 已录入, 待审核 …; "" for no state. */
const char *renewal_state_zh(enum renewal_state state);
/* 0 (用户申请) .. 4 (完成); -1 for the side exits. */
int renewal_stage(enum renewal_state state);
/* 01 + yyyymmdd + 7 or 8 digits with a real date. */
bool renewal_no_valid(const char *no);
