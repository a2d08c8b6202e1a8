/* SPDX-License-Identifier: Apache-2.0 */
/* The daily bills of Alipay, UnionPay and WeChat Pay, read row by row so that a bill of a million rows needs no more
 * memory than a short one. Pure: the caller holds the file as it came, still packed. A bill is good only when bill_next
 * has come to its end: that is where its totals are held against its rows. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define BILL_FILE_SIZE_MAX ((size_t)128 << 20) /* as it came */
#define BILL_TEXT_SIZE_MAX ((uint64_t)2 << 30) /* unpacked */

struct bill;

enum bill_kind {
    BILL_PAYMENT,
    BILL_REFUND,
    BILL_DISPUTE, /* anything else: a person looks at it */
};

struct bill_row {
    size_t line;
    enum bill_kind kind;
    const char *gateway_id;  /* the gateway's number of this row, unique with its kind */
    const char *payment_txn; /* the gateway's number of the payment; of a refund that of what it gives back, or "" */
    const char *attempt_no;  /* ours, of the payment; "" where the bill does not say */
    const char *refund_no;   /* ours, of a refund; "" of others */
    int64_t amount_fen;      /* never negative */
    int64_t fee_millifen;    /* 1/1000 fen; what the gateway keeps, negative where it gives back */
    int64_t at_us;
    const char *status; /* the gateway's own word; of a dispute its line */
};

struct bill_totals {
    size_t rows, payments, refunds, disputes;
    int64_t payments_fen, refunds_fen, fee_millifen;
};

/* Where and why a bill is refused. */
struct bill_fault {
    size_t line;      /* of the text; 0: the file as a whole */
    const char *rule; /* stable word */
    const char *zh, *en;
};

struct bill_options {
    const char *rail;     /* "alipay", "unionpay", "wechat" */
    const char *merchant; /* whose bill it must be; "": not looked at */
    int year, month, day; /* of which day it must be */
    /* Sees the unpacked text of a plain or gzipped bill, for its hash; NULL: nobody. */
    void (*seen)(void *context, struct bytes text);
    void *context;
};

/* file must outlive the bill; options are copied. ERR_BILL_MALFORMED: fault says where. */
enum err bill_open(const struct bill_options *options, struct bytes file, struct arena *arena, struct bill_fault *fault,
                   struct bill **out) MUST_CHECK;
/* The next row into arena; more false: that was all, and the totals agree. ERR_BILL_MALFORMED: fault says where. */
enum err bill_next(struct bill *bill, struct arena *arena, struct bill_fault *fault, struct bill_row *row,
                   bool *more) MUST_CHECK;
/* Of the rows read so far. */
struct bill_totals bill_totals(const struct bill *bill);
void bill_close(struct bill *bill); /* NULL is fine */

/* "payment", "refund", "dispute". */
const char *bill_kind_text(enum bill_kind kind);
bool bill_rail_known(const char *rail);
/* Year, month and day of "2026-11-20"; false: no such day. */
bool bill_day_parse(const char *text, int *year, int *month, int *day);
