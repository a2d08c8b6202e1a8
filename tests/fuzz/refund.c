/* SPDX-License-Identifier: Apache-2.0 */
/* What Alipay and WeChat Pay answer about refunds: Alipay's as it comes and with its node signed, WeChat's behind the
 * signature, which is read before. */
#include "fuzz.h"

#include "remote/wechat.h"
#include "unit/remote/workshop.h"

#include <stdlib.h>
#include <string.h>

#define NUMBER "2026112113040501000000000101"
#define REFUND "20261121130405010000000001R001"

static struct workshop *workshop;
static const struct alipay_refund at_alipay = {NUMBER, "2026112122001446880500000001", REFUND, 8880};
static const struct wechat_refund at_wechat = {
    .transaction_id = "4200001", .out_refund_no = REFUND, .paid_fen = 20000, .amount_fen = 8880};

void fuzz_start(void)
{
    void *opened = NULL;
    workshop_make_keys(NULL);
    HOLDS(workshop_open(&opened) == 0);
    workshop = opened;
    HOLDS(system(arena_format(workshop->arena, "rm -r '%s'", workshop->folder)) == 0);
}

static void try_alipay(struct arena *arena, struct bytes input, bool is_signed, bool asked)
{
    struct alipay_refund_answer answer;
    const char *name = asked ? "alipay_trade_fastpay_refund_query_response" : "alipay_trade_refund_response";
    struct bytes body = is_signed ? workshop_answer(workshop, arena, name, input) : input;
    fuzz_fill(&answer, sizeof(answer));
    enum err err = asked
                       ? alipay_read_refund_query(workshop->alipay, body, &at_alipay, arena, fuzz_fault(arena), &answer)
                       : alipay_read_refund(workshop->alipay, body, &at_alipay, arena, fuzz_fault(arena), &answer);
    HOLDS(err == OK || fuzz_untouched(&answer, sizeof(answer)));
    if (err == OK && !is_signed)
        HOLDS(answer.state == ALIPAY_REFUND_UNKNOWN); /* nobody guesses a signature */
}

static void try_wechat(struct arena *arena, struct bytes input, int64_t status)
{
    struct wechat_refund_answer answer;
    fuzz_fill(&answer, sizeof(answer));
    enum err err = wechat_read_refund(status, input, &at_wechat, arena, fuzz_fault(arena), &answer);
    HOLDS(err == OK || fuzz_untouched(&answer, sizeof(answer)));
    if (err == OK && answer.state == WECHAT_REFUND_SUCCESS)
        HOLDS(status == 200 && answer.refund_id[0] != '\0');
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    uint8_t choice = fuzz_choice(&input);
    if (choice == 'w' || choice == 'e')
        try_wechat(arena, input, choice == 'w' ? 200 : 404);
    else
        try_alipay(arena, input, choice != 'r', choice == 'q');
}
