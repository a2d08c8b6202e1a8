/* SPDX-License-Identifier: Apache-2.0 */
/* Bills as the gateways write them, made here and packed by libzip and zlib. */
#pragma once

#include "unit/base/unit.h"

#include "base/text.h"
#include "documents/bill.h"

#include <stddef.h>

struct bill_member {
    const char *name; /* as raw bytes: GBK where a gateway writes it */
    struct bytes text;
};

/* UTF-8 as GBK. */
struct bytes bill_gbk(struct arena *arena, const char *text);
struct bytes bill_zip_of(struct arena *arena, const struct bill_member *members, size_t count);
/* gzip: window 31; zlib: window 15. */
struct bytes bill_pack(struct arena *arena, struct bytes text, int window);
/* A ZM line of 607 bytes and CRLF. */
const char *bill_zm(struct arena *arena, const char *query_id, const char *order_id, const char *type,
                    long long amount_fen, long long fee_fen, const char *original);
/* The total line of a summary. */
const char *bill_rd(struct arena *arena, const char *day, long long count, long long credit_fen, long long debit_fen,
                    long long fee_fen);
struct bytes bill_unionpay_zip(struct arena *arena, const char *rows, const char *disputes, const char *summary);
struct bytes bill_alipay_zip(struct arena *arena, const char *rows, const char *notes, const char *summary);
