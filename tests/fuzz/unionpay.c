/* SPDX-License-Identifier: Apache-2.0 */
/* UnionPay's notices and its answers to a query, a refund and the question for a bill: as they come, and with fields
 * that a certificate of this run has signed. */
#include "fuzz.h"

#include "remote/http.h"
#include "remote/unionpay_bill.h"
#include "unit/remote/unionpay_workshop.h"

#include <stdlib.h>
#include <string.h>

#define FIELDS_MAX 40

static struct union_workshop *workshop;
static const struct unionpay_transaction transaction = {OUR_ORDER, CHAIN_NOT_OVER * 1000000, UNIONPAY_B2C};

void fuzz_start(void)
{
    void *opened = NULL;
    union_make_keys(NULL);
    HOLDS(union_open(&opened) == 0);
    workshop = opened;
    HOLDS(system(arena_format(workshop->arena, "rm -r '%s'", workshop->folder)) == 0);
}

/* The fields signed; nothing when they are no form. */
static bool sign(struct arena *arena, struct bytes raw, struct form_fields *out)
{
    struct form_fields fields;
    if (form_parse(raw, arena, &fields) != OK || fields.count > FIELDS_MAX)
        return false;
    struct arena *own = workshop->arena;
    workshop->arena = arena;
    *out = signed_by(workshop, &fields, SIGNER_UNIONPAY);
    workshop->arena = own;
    return true;
}

static enum err notice_read(struct arena *arena, struct bytes raw)
{
    struct unionpay_notice notice;
    fuzz_fill(&notice, sizeof(notice));
    enum err err = unionpay_read_notice(workshop->unionpay, raw, workshop->now_us, arena, fuzz_fault(arena), &notice);
    HOLDS(err == OK || fuzz_untouched(&notice, sizeof(notice)));
    HOLDS(err != OK || notice.kind != UNIONPAY_PAID || (notice.query_id[0] != '\0' && notice.amount_fen > 0));
    return err;
}

static enum err answer_read(struct arena *arena, struct bytes raw)
{
    struct unionpay_answer answer;
    fuzz_fill(&answer, sizeof(answer));
    enum err err = unionpay_read_answer(workshop->unionpay, &transaction, raw, workshop->now_us, arena,
                                        fuzz_fault(arena), &answer);
    HOLDS(err == OK || fuzz_untouched(&answer, sizeof(answer)));
    return err;
}

/* What answers a refund that was sent is never more than "taken". */
static enum err taken_read(struct arena *arena, struct bytes raw)
{
    struct unionpay_answer answer;
    fuzz_fill(&answer, sizeof(answer));
    enum err err = unionpay_read_taken(workshop->unionpay, &transaction, raw, workshop->now_us, arena,
                                       fuzz_fault(arena), &answer);
    HOLDS(err == OK || fuzz_untouched(&answer, sizeof(answer)));
    HOLDS(err != OK || answer.query_id[0] == '\0');
    return err;
}

static enum err bill_read(struct arena *arena, struct bytes raw)
{
    const struct gateways gateways = {.settings = &workshop->settings, .unionpay = workshop->unionpay};
    const struct http_answer http = {.status = 200, .body = raw};
    struct gateway_bill_answer answer;
    fuzz_fill(&answer, sizeof(answer));
    enum err err = unionpay_read_bill(&gateways, "2026-11-20", &http, arena, fuzz_fault(arena), &answer);
    HOLDS(err == OK || fuzz_untouched(&answer, sizeof(answer)));
    HOLDS(err != OK || answer.word != BILL_HERE || answer.file.size > 0);
    return err;
}

static void plain_read(struct arena *arena, uint8_t choice, struct bytes raw)
{
    if (choice == 'a')
        (void)!answer_read(arena, raw);
    else if (choice == 't')
        (void)!taken_read(arena, raw);
    else
        (void)!bill_read(arena, raw);
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    uint8_t choice = fuzz_choice(&input);
    struct form_fields fields;
    if (choice == 'r' || !sign(arena, input, &fields)) { /* nobody guesses a signature */
        HOLDS(notice_read(arena, input) != OK && answer_read(arena, input) != OK);
        HOLDS(taken_read(arena, input) != OK && bill_read(arena, input) != OK);
    } else if (choice == 'a' || choice == 't' || choice == 'b') {
        form_sort(&fields);
        plain_read(arena, choice, form_join(&fields, arena));
    } else {
        (void)!notice_read(arena, form_post_body(&fields, arena));
    }
}
