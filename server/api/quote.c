/* SPDX-License-Identifier: Apache-2.0 */
#include "api/quote.h"

#include "api/reply.h"
#include "base/clock.h"
#include "domain/term.h"

static int64_t earlier(int64_t a_us, int64_t b_us)
{
    return a_us < b_us ? a_us : b_us;
}

enum err quote_check_promise(const struct api_server *server, const struct platform *platform, int64_t not_after_us,
                             int64_t now_us, struct fault *fault)
{
    const struct profile *profile = profile_find(server->profiles, platform->profile);
    int64_t longest_us = term_add_months(now_us, profile->validity_max_months);
    int64_t last_us = earlier(server->issuing_not_after_us, longest_us);
    if (not_after_us <= last_us)
        return OK;
    if (fault == NULL)
        return ERR_TERM_BEYOND_CA;
    char wanted[CLOCK_TEXT_SIZE], last[CLOCK_TEXT_SIZE];
    clock_format_plain(not_after_us, wanted);
    clock_format_plain(last_us, last);
    return fault_explain(
        fault, ERR_TERM_BEYOND_CA,
        arena_format(fault->arena, "续期后的有效期将至%s，超出本机构目前可签发的%s（北京时间）", wanted, last),
        arena_format(fault->arena,
                     "The certificate would end at %s, later than the %s (Beijing time) that this CA can "
                     "issue now",
                     wanted, last));
}

static struct json *item_json(const struct quote_item *item)
{
    struct json *json = json_new_object();
    json_put_text(json, "name", item->name);
    json_put_integer(json, "unit_price_fen", item->unit_fen);
    json_put_integer(json, "quantity", item->quantity);
    json_put_integer(json, "subtotal_fen", item->unit_fen * item->quantity);
    return json;
}

static void put_promise(struct request *req, struct json *json, const struct platform *platform, int64_t months,
                        int64_t old_not_after_us, size_t *available)
{
    int64_t now_us = clock_now_us();
    /* of any certificate none ends earlier than that of one which has expired */
    int64_t not_after_us = term_new_not_after(old_not_after_us, now_us, months);
    struct fault fault;
    fault_init(&fault, request_arena(req));
    bool can = quote_check_promise(api_server(req), platform, not_after_us, now_us, &fault) == OK;
    if (old_not_after_us != 0)
        reply_put_time(req, json, "not_after", not_after_us);
    json_put_boolean(json, "available", can);
    json_put_text(json, "code", can ? NULL : err_code(ERR_TERM_BEYOND_CA));
    json_put_text(json, "reason", fault.detail_zh);
    json_put_text(json, "reason_en", fault.detail_en);
    if (can && available != NULL)
        ++*available;
}

struct json *quote_terms_json(struct request *req, const struct platform *platform, const struct quote *quote,
                              int64_t old_not_after_us, size_t *available)
{
    struct json *terms = json_new_array();
    for (size_t i = 0; i < quote->term_count; i++) {
        const struct quote_term *term = &quote->terms[i];
        struct json *json = json_new_object(), *items = json_new_array();
        json_put_integer(json, "months", term->months);
        json_put_integer(json, "quote_version", quote->version);
        json_put_integer(json, "amount_fen", term->amount_fen);
        for (size_t n = 0; n < term->item_count; n++)
            json_append(items, item_json(&term->items[n]));
        json_put(json, "items", items);
        put_promise(req, json, platform, term->months, old_not_after_us, available);
        json_append(terms, json);
    }
    return terms;
}
