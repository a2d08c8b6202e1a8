/* SPDX-License-Identifier: Apache-2.0 */
/* Alipay's notice and its answers to a query, a precreate and the question for a bill: as they come, and signed with
 * Alipay's key (of this run). */
#include "fuzz.h"

#include "remote/alipay_bill.h"
#include "remote/http.h"
#include "unit/remote/workshop.h"

#include <stdlib.h>
#include <string.h>

#define FIELDS_MAX 24 /* the workshop adds its own */
#define NUMBER     "2026112113040501000000000101"
#define NOW_US     INT64_C(1795238645000000)

static struct workshop *workshop;

void fuzz_start(void)
{
    void *opened = NULL;
    workshop_make_keys(NULL);
    HOLDS(workshop_open(&opened) == 0);
    workshop = opened;
    HOLDS(system(arena_format(workshop->arena, "rm -r '%s'", workshop->folder)) == 0);
}

static bool ours(const char *name)
{
    return strcmp(name, "sign") == 0 || strcmp(name, "sign_type") == 0;
}

static bool sign(struct arena *arena, struct bytes *raw)
{
    struct form_fields fields, kept = {arena_alloc(arena, 40 * sizeof(struct form_field)), 0};
    if (form_parse(*raw, arena, &fields) != OK || fields.count > FIELDS_MAX)
        return false;
    for (size_t i = 0; i < fields.count; i++)
        if (!ours(fields.items[i].name))
            kept.items[kept.count++] = fields.items[i];
    workshop->arena = arena;
    *raw = notice_post(workshop, &kept, workshop->alipay_key);
    return true;
}

static void try_notice(struct arena *arena, struct bytes input, bool wanted_signed)
{
    struct arena *own = workshop->arena;
    struct alipay_notice notice;
    bool is_signed = wanted_signed && sign(arena, &input);
    workshop->arena = own;
    fuzz_fill(&notice, sizeof(notice));
    enum err err = alipay_read_notice(workshop->alipay, input, arena, fuzz_fault(arena), &notice);
    HOLDS(err == OK || fuzz_untouched(&notice, sizeof(notice)));
    HOLDS(is_signed || err != OK); /* nobody guesses a signature */
    if (err == OK && notice.kind == ALIPAY_PAID)
        HOLDS(notice.amount_fen > 0 && notice.trade_no[0] != '\0');
}

static struct bytes answer_of(struct arena *arena, const char *name, struct bytes input, bool is_signed)
{
    return is_signed ? workshop_answer(workshop, arena, name, input) : input;
}

static void try_query(struct arena *arena, struct bytes input, bool is_signed)
{
    struct alipay_trade trade;
    struct bytes body = answer_of(arena, "alipay_trade_query_response", input, is_signed);
    fuzz_fill(&trade, sizeof(trade));
    enum err err = alipay_read_query(workshop->alipay, body, NUMBER, NOW_US, arena, fuzz_fault(arena), &trade);
    HOLDS(err == OK || fuzz_untouched(&trade, sizeof(trade)));
    HOLDS(err != OK || is_signed || trade.state == ALIPAY_TRADE_UNKNOWN);
    if (err == OK && trade.state == ALIPAY_TRADE_PAID)
        HOLDS(trade.amount_fen > 0 && trade.trade_no[0] != '\0');
}

static void try_precreate(struct arena *arena, struct bytes input, bool is_signed)
{
    const char *code = NULL, *said = NULL;
    struct bytes body = answer_of(arena, "alipay_trade_precreate_response", input, is_signed);
    enum err err = alipay_read_precreate(workshop->alipay, body, NUMBER, arena, fuzz_fault(arena), &code, &said);
    HOLDS(err == OK ? is_signed && code[0] != '\0' : code == NULL);
}

static void try_bill(struct arena *arena, struct bytes input, bool is_signed)
{
    const struct gateways gateways = {.settings = &workshop->settings, .alipay = workshop->alipay};
    struct http_answer answer = {.status = 200};
    struct gateway_bill_answer read;
    answer.body = answer_of(arena, "alipay_data_dataservice_bill_downloadurl_query_response", input, is_signed);
    fuzz_fill(&read, sizeof(read));
    enum err err = alipay_read_bill(&gateways, "2026-11-20", &answer, arena, fuzz_fault(arena), &read);
    HOLDS(err == OK || fuzz_untouched(&read, sizeof(read)));
    HOLDS(err != OK || is_signed || read.word == BILL_LATER);
    HOLDS(err != OK || read.word != BILL_THERE || read.url[0] != '\0');
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    uint8_t choice = fuzz_choice(&input);
    if (choice == 'q' || choice == 'Q')
        try_query(arena, input, choice == 'q');
    else if (choice == 'c' || choice == 'C')
        try_precreate(arena, input, choice == 'c');
    else if (choice == 'b' || choice == 'B')
        try_bill(arena, input, choice == 'b');
    else
        try_notice(arena, input, choice != 'r');
}
