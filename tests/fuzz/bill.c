/* SPDX-License-Identifier: Apache-2.0 */
/* A gateway's bill of a day; the first byte chooses whose. What is taken adds up, what is refused says why. */
#include "fuzz.h"

#include "documents/bill.h"

#include <string.h>

#define ROWS_MAX 100000

void fuzz_start(void)
{
}

static void check_row(const struct bill_row *row)
{
    HOLDS(row->amount_fen >= 0 && row->gateway_id[0] != '\0' && strlen(row->gateway_id) <= 140);
    HOLDS(utf8_valid(row->gateway_id, strlen(row->gateway_id)));
    HOLDS(utf8_valid(row->attempt_no, strlen(row->attempt_no)));
    HOLDS(utf8_valid(row->refund_no, strlen(row->refund_no)));
    HOLDS(utf8_valid(row->status, strlen(row->status)));
    HOLDS(row->kind != BILL_REFUND || row->refund_no[0] != '\0');
    HOLDS(row->line > 0);
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    static const char *const rails[] = {"alipay", "unionpay", "wechat"};
    const struct bill_options options = {
        .rail = rails[fuzz_choice(&input) % 3], .merchant = "", .year = 2026, .month = 11, .day = 20};
    struct bill_fault fault = {0};
    struct bill *bill;
    struct bill_row row;
    bool more = true;
    size_t rows = 0;
    enum err err = bill_open(&options, input, arena, &fault, &bill);
    if (err != OK) {
        HOLDS(err == ERR_BILL_MALFORMED && fault.rule != NULL && fault.zh != NULL && fault.en != NULL);
        return;
    }
    while (err == OK && more && rows < ROWS_MAX) {
        fuzz_fill(&row, sizeof(row));
        err = bill_next(bill, arena, &fault, &row, &more);
        if (err == OK && more) {
            check_row(&row);
            rows++;
        } else
            HOLDS(fuzz_untouched(&row, sizeof(row)));
    }
    HOLDS(err == OK || (err == ERR_BILL_MALFORMED && fault.rule != NULL));
    HOLDS(bill_totals(bill).rows == rows);
    bill_close(bill);
}
