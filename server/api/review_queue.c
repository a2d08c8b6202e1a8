/* SPDX-License-Identifier: Apache-2.0 */
/* The desk's lists and their counts. */
#include "store/review_queue.h"

#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/text.h"
#include "domain/identity.h"
#include "domain/platform.h"
#include "domain/review_check.h"

#include <string.h>

#define TEXT_LENGTH_MAX 100

/* -- what is asked for --------------------------------------------------------------------------------------------- */

/* THE table of what may be asked for; the first word of tab is what is meant when nothing is said. */
static const char *const tabs[] = {"waiting", "mine", "second", "returned", "held", "done", "sample", NULL};
static const char *const kinds[] = {"expired", "unexpired", NULL};
static const char *const ages[] = {"overdue", "today", "later", "unpromised", NULL};
static const char *const risks[] = {"ordinary", "high", NULL};
static const char *const payments[] = {"alipay", "unionpay", "wechat", "bank_transfer", NULL};

static const char *any_of(struct arena *arena, const char *const *words, const char *between)
{
    const char *text = words[0];
    for (size_t i = 1; words[i] != NULL; i++)
        text = arena_format(arena, "%s%s%s", text, between, words[i]);
    return text;
}

/* "" when it is not asked for. */
static void read_word(struct request *req, const char *name, const char *const *words, const char **out)
{
    struct arena *arena = request_arena(req);
    const char *text = request_query(req, name);
    *out = "";
    if (text == NULL)
        return;
    for (size_t i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], text) == 0)
            *out = words[i];
    if ((*out)[0] == '\0')
        fault_field(request_fault(req), name, "value", arena_format(arena, "应为%s之一", any_of(arena, words, "、")),
                    arena_format(arena, "Must be one of %s", any_of(arena, words, ", ")));
}

static void read_platform(struct request *req, struct review_query *query)
{
    const char *platform = request_query(req, "platform");
    query->platform = platform == NULL ? "" : platform;
    if (platform != NULL && platform_find(api_server(req)->platforms, platform) == NULL)
        fault_field(request_fault(req), "platform", "value", "没有这个平台", "There is no such platform");
}

/* A whole mobile is looked for by its keyed hashes: it is stored nowhere else. */
static void read_text(struct request *req, struct review_query *query)
{
    struct arena *arena = request_arena(req);
    const char *text = request_query(req, "text");
    query->text = text == NULL ? "" : text;
    if (text == NULL)
        return;
    if (text[0] == '\0' || utf8_length(text) > TEXT_LENGTH_MAX) {
        fault_field(request_fault(req), "text", "length", "应为1至100个字", "Must have 1 to 100 characters");
        return;
    }
    const char *mobile = mobile_canonical(arena, text);
    struct bytes *indexes = arena_alloc(arena, SEAL_KEYS_MAX * sizeof(*indexes));
    if (mobile_valid(mobile))
        query->mobile_count = seal_indexes(api_server(req)->seal_keys, arena, "agent.mobile", mobile, indexes);
    query->mobiles = indexes;
}

static enum err read_query(struct request *req, struct review_query *query)
{
    const char *after = request_query(req, "after");
    *query = (struct review_query){.token_digest = access_staff_digest(req), .after = after == NULL ? "" : after};
    read_word(req, "tab", tabs, &query->tab);
    read_word(req, "kind", kinds, &query->kind);
    read_word(req, "age", ages, &query->age);
    read_word(req, "risk", risks, &query->risk);
    read_word(req, "payment", payments, &query->payment);
    read_platform(req, query);
    read_text(req, query);
    TRY(fault_check(request_fault(req)));
    if (query->tab[0] == '\0')
        query->tab = tabs[0];
    return reply_read_page_size(req, REVIEW_PAGE_MAX, &query->page_size);
}

/* -- a list -------------------------------------------------------------------------------------------------------- */

static struct json *finding_json(const char *name)
{
    const struct review_check *check = review_check_find(name);
    if (check == NULL)
        return NULL;
    struct json *json = json_new_object();
    json_put_text(json, "name", check->name);
    json_put_text(json, "label", check->zh);
    json_put_text(json, "label_en", check->en);
    return json;
}

static void put_promise(struct request *req, struct json *row, const struct review_item *item)
{
    json_put_text(row, "risk", item->risk);
    json_put(row, "finding", finding_json(item->finding));
    reply_put_time(req, row, "review_since", item->review_since_us);
    reply_put_time(req, row, "review_due", item->review_due_us);
    json_put_integer(row, "reviews_done", item->reviews_done);
    json_put_integer(row, "reviews_required", item->reviews_required);
    reply_put_time(req, row, "held_until", item->held_until_us);
    reply_put_text(row, "held_reason", item->held_reason);
    reply_put_text(row, "decision", item->decision);
    reply_put_time(req, row, "decided_at", item->decided_at_us);
    json_put_integer(row, "version", item->version);
    json_put_text(row, "place", item->place);
}

static struct json *item_json(struct request *req, const struct review_item *item)
{
    struct json *row = json_new_object();
    json_put_text(row, "renewal_no", item->renewal_no);
    json_put_text(row, "status", item->status);
    json_put_text(row, "platform", item->platform);
    json_put_text(row, "subject", item->subject);
    json_put_text(row, "organisation", item->organisation);
    json_put_text(row, "agent_name", item->agent_name_masked);
    json_put_text(row, "kind", item->expired ? kinds[0] : kinds[1]);
    json_put_integer(row, "term_months", item->term_months);
    json_put_integer(row, "amount_fen", item->amount_fen);
    reply_put_text(row, "payment", item->gateway);
    reply_put_time(req, row, "submitted_at", item->submitted_at_us);
    reply_put_time(req, row, "paid_at", item->paid_at_us);
    reply_put_text(row, "claimed_by", item->claimed_by);
    reply_put_time(req, row, "claimed_at", item->claimed_at_us);
    reply_put_time(req, row, "claimed_until", item->claimed_until_us);
    put_promise(req, row, item);
    return row;
}

static void listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct review_page page;
    if (err == OK)
        err = store_list_reviews_read(rows, request_arena(req), &page);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object(), *cases = json_new_array();
    for (size_t i = 0; i < page.count; i++)
        json_append(cases, item_json(req, &page.items[i]));
    json_put(body, "cases", cases);
    request_reply_json(req, 200, body);
}

enum err api_review_list(struct request *req)
{
    struct review_query query;
    TRY(read_query(req, &query));
    return store_list_reviews(api_server(req)->db, &query, api_call_ms(req), listed, req);
}

/* -- counts -------------------------------------------------------------------------------------------------------- */

static void counted(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct review_counts counts;
    if (err == OK)
        err = store_count_reviews_read(rows, request_arena(req), &counts);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object(), *list = json_new_object();
    for (size_t i = 0; i < counts.count; i++)
        json_put_integer(list, counts.items[i].tab, counts.items[i].cases);
    json_put(body, "counts", list);
    json_put_integer(body, "counted_to", REVIEW_COUNT_MOST);
    request_reply_json(req, 200, body);
}

enum err api_review_counts(struct request *req)
{
    return store_count_reviews(api_server(req)->db, access_staff_digest(req), api_call_ms(req), counted, req);
}
