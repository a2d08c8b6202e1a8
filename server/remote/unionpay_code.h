/* SPDX-License-Identifier: Apache-2.0 */
/* UnionPay's respCode table (《平台接入接口规范-第5部分-附录》). A code that is not in it is unknown, never failed. */
#pragma once

enum unionpay_outcome {
    UNIONPAY_SUCCESS,   /* 00; A6: success with a defect */
    UNIONPAY_UNKNOWN,   /* in progress or not said: ask again, with the same number */
    UNIONPAY_NOT_FOUND, /* no such transaction: not yet until payTimeout, never afterwards */
    UNIONPAY_REFUSED,   /* did not pay; may be tried again under the same number until payTimeout */
    UNIONPAY_OUR_FAULT, /* the question was wrong: says nothing about the transaction */
};

enum unionpay_outcome unionpay_code(const char *code);
