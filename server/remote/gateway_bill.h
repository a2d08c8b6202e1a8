/* SPDX-License-Identifier: Apache-2.0 */
/* The gateways' daily bills: THE table of rails that have one is in gateway_bill.c. Asked for by day; the answer is the
 * file itself, or where it is to be fetched, or that there is none. Pure: whoever uses it carries the bytes. */
#pragma once

#include "remote/gateway.h"

enum gateway_bill_word {
    BILL_HERE,  /* file */
    BILL_THERE, /* url: ask there */
    BILL_NONE,  /* the gateway has none of that day */
    BILL_LATER, /* being made, or nothing was learned */
};

struct gateway_bill_answer {
    enum gateway_bill_word word;
    const char *said;  /* the gateway's own code */
    struct bytes file; /* as bill_open takes it */
    const char *url;
    const char *sha1; /* of the unpacked file, hex; "" where the gateway tells none */
};

struct gateway_bill {
    const char *rail;
    int64_t ready_minutes; /* after midnight: when the bill of the day before is out */
    bool (*offered)(const struct gateways *gateways);
    /* day: "2026-11-20". ERR_INTERNAL. */
    enum err (*ask)(const struct gateways *gateways, const char *day, struct arena *arena,
                    struct gateway_question *question);
    /* ERR_FORM_MALFORMED, ERR_NOTICE_SIGNATURE, ERR_NOTICE_MISMATCH: not an answer of theirs to this. */
    enum err (*read)(const struct gateways *gateways, const char *day, const struct http_answer *answer,
                     struct arena *arena, struct fault *fault, struct gateway_bill_answer *out);
    /* Fetches what BILL_THERE named; NULL: this gateway never names another place. */
    enum err (*fetch)(const struct gateways *gateways, const char *url, struct arena *arena,
                      struct gateway_question *question);
};

/* NULL: no such rail. */
const struct gateway_bill *gateway_bill_find(const char *rail);
/* One after the other; NULL behind the last. */
const struct gateway_bill *gateway_bill_at(size_t index);
/* What fetching brought: the file, or BILL_LATER. */
void gateway_bill_fetched(const struct http_answer *answer, struct arena *arena, struct gateway_bill_answer *out);
