/* SPDX-License-Identifier: Apache-2.0 */
/* The finance desk: statement lines and orders with what speaks for each other, matches, requests. What finance may do
 * is decided by the procedures; each asking and each doing is on the audit trail. */
#include "store/finance.h"
#include "store/staff.h"

#include "api/access.h"
#include "api/finance_key.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/clock.h"
#include "documents/csv_write.h"
#include "domain/platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_SIZE_STANDARD 50
#define CANDIDATES_MAX     20
#define DAY_US             86400000000
#define BEIJING_US         28800000000
#define DAY_MAX            73048 /* 2169-12-31 */

/* -- what was asked for -------------------------------------------------------------------------------------------- */

static enum err wrong(struct request *req, const char *name, const char *code, const char *zh, const char *en)
{
    fault_field(request_fault(req), name, code, zh, en);
    return ERR_FIELDS_INVALID;
}

static enum err read_number(struct request *req, const char *name, int64_t least, int64_t most, int64_t standard,
                            int64_t *out)
{
    const char *text = request_query(req, name);
    *out = standard;
    if (text == NULL)
        return OK;
    char *end = NULL;
    long long value = strtoll(text, &end, 10);
    bool digits = strspn(text, "0123456789") == strlen(text) && *text != '\0' && strlen(text) <= 18;
    if (!digits || value < least || value > most)
        return wrong(req, name, "range", "应为允许范围内的整数", "Must be a whole number within its range");
    *out = value;
    return OK;
}

static enum err read_day(struct request *req, const char *name, int64_t standard, int64_t *out)
{
    const char *text = request_query(req, name);
    char midnight[CLOCK_TEXT_SIZE];
    int64_t unix_us;
    *out = standard;
    if (text == NULL)
        return OK;
    snprintf(midnight, sizeof(midnight), "%s 00:00:00", text);
    if (strlen(text) != 10 || !clock_parse_plain(midnight, &unix_us))
        return wrong(req, name, "date", "应为日期，如2026-11-21", "Must be a date like 2026-11-21");
    *out = (unix_us + BEIJING_US) / DAY_US;
    return OK;
}

/* words: those allowed, the standard first, NULL-terminated. */
static enum err read_state(struct request *req, const char *const *words, const char **out)
{
    const char *text = request_query(req, "state");
    *out = words[0];
    for (size_t i = 0; text != NULL && words[i] != NULL; i++) {
        *out = words[i];
        if (strcmp(text, words[i]) == 0)
            return OK;
    }
    return text == NULL ? OK : wrong(req, "state", "value", "不是这个列表的状态", "Is not a state of this list");
}

static enum err read_query(struct request *req, const char *const *states, int64_t size_max, int64_t size_standard,
                           struct finance_query *out)
{
    const char *after = request_query(req, "after"), *order_no = request_query(req, "order_no");
    struct finance_query query = {.token_digest = access_staff_digest(req),
                                  .after = after == NULL ? "" : after,
                                  .order_no = order_no == NULL ? "" : order_no};
    TRY(read_state(req, states, &query.state));
    TRY(read_number(req, "size", 1, size_max, size_standard, &query.size));
    TRY(read_number(req, "before", 1, INT64_MAX, INT64_MAX, &query.before));
    TRY(read_number(req, "line_id", 1, INT64_MAX, 0, &query.line_id));
    TRY(read_day(req, "from", 0, &query.from_day));
    TRY(read_day(req, "to", DAY_MAX, &query.to_day));
    *out = query;
    return OK;
}

/* -- lists --------------------------------------------------------------------------------------------------------- */

static struct json *words_json(struct arena *arena, const char *words)
{
    struct json *list = json_new_array();
    for (size_t size; *words != '\0'; words += size + (words[size] == ' ')) {
        size = strcspn(words, " ");
        json_append_text(list, arena_text_n(arena, words, size));
    }
    return list;
}

static void put_value(struct request *req, struct json *row, const struct finance_column *column,
                      const struct finance_value *value)
{
    if (column->kind == FINANCE_WORDS)
        json_put(row, column->name, words_json(request_arena(req), value->text));
    else if (value->null)
        json_put_text(row, column->name, NULL);
    else if (column->kind == FINANCE_NUMBER)
        json_put_integer(row, column->name, value->number);
    else if (column->kind == FINANCE_FLAG)
        json_put_boolean(row, column->name, value->number != 0);
    else if (column->kind == FINANCE_TIME)
        reply_put_time(req, row, column->name, value->number);
    else
        json_put_text(row, column->name, value->text);
}

struct listing {
    struct request *req;
    const struct finance_table *table;
    const char *name; /* of the list on the wire, or of the file */
};

static void listed(void *context, enum err err, const struct row *rows)
{
    const struct listing *it = context;
    struct finance_page page;
    if (err == OK)
        err = store_list_finance_read(rows, request_arena(it->req), it->table, &page);
    if (err != OK) {
        request_fail(it->req, err);
        return;
    }
    struct json *body = json_new_object(), *list = json_new_array();
    for (size_t i = 0; i < page.count; i++) {
        struct json *row = json_new_object();
        for (size_t j = 0; j < it->table->count; j++)
            put_value(it->req, row, &it->table->columns[j], &page.values[i * it->table->count + j]);
        json_append(list, row);
    }
    json_put(body, it->name, list);
    request_reply_json(it->req, 200, body);
}

static struct listing *listing_of(struct request *req, const struct finance_table *table, const char *name)
{
    struct listing *it = ARENA_NEW(request_arena(req), struct listing);
    *it = (struct listing){req, table, name};
    return it;
}

static const char *const line_states[] = {"open", "suspended", "returned", "all", NULL};
static const char *const order_states[] = {"started", "all", NULL};
static const char *const match_states[] = {"all", NULL};
static const char *const change_states[] = {"open", "accepted", "dismissed", "all", NULL};
static const char *const request_states[] = {"asked", "done", "refused", "all", NULL};

enum err api_finance_lines(struct request *req)
{
    struct finance_query query;
    TRY(read_query(req, line_states, FINANCE_PAGE_MAX, PAGE_SIZE_STANDARD, &query));
    return store_list_finance_lines(api_server(req)->db, &query, api_call_ms(req), listed,
                                    listing_of(req, &finance_line_table, "lines"));
}

enum err api_finance_orders(struct request *req)
{
    struct finance_query query;
    TRY(read_query(req, order_states, FINANCE_PAGE_MAX, PAGE_SIZE_STANDARD, &query));
    return store_list_finance_orders(api_server(req)->db, &query, api_call_ms(req), listed,
                                     listing_of(req, &finance_order_table, "orders"));
}

enum err api_finance_matches(struct request *req)
{
    struct finance_query query;
    TRY(read_query(req, match_states, FINANCE_PAGE_MAX, PAGE_SIZE_STANDARD, &query));
    return store_list_finance_matches(api_server(req)->db, &query, api_call_ms(req), listed,
                                      listing_of(req, &finance_match_table, "matches"));
}

enum err api_finance_requests(struct request *req)
{
    struct finance_query query;
    TRY(read_query(req, request_states, FINANCE_PAGE_MAX, PAGE_SIZE_STANDARD, &query));
    return store_list_finance_requests(api_server(req)->db, &query, api_call_ms(req), listed,
                                       listing_of(req, &finance_request_table, "requests"));
}

enum err api_finance_changes(struct request *req)
{
    struct finance_query query;
    TRY(read_query(req, change_states, FINANCE_PAGE_MAX, PAGE_SIZE_STANDARD, &query));
    return store_list_finance_changes(api_server(req)->db, &query, api_call_ms(req), listed,
                                      listing_of(req, &finance_change_table, "changes"));
}

enum err api_finance_candidates(struct request *req)
{
    struct finance_query query = {.token_digest = access_staff_digest(req), .size = CANDIDATES_MAX};
    TRY(reply_read_id(req, "id", ERR_LINE_UNKNOWN, &query.line_id));
    return store_list_candidates(api_server(req)->db, &query, api_call_ms(req), listed,
                                 listing_of(req, &finance_candidate_table, "candidates"));
}

enum err api_finance_order_candidates(struct request *req)
{
    const struct finance_query query = {
        .token_digest = access_staff_digest(req), .order_no = request_path_part(req, "no"), .size = CANDIDATES_MAX};
    return store_list_order_candidates(api_server(req)->db, &query, api_call_ms(req), listed,
                                       listing_of(req, &finance_order_candidate_table, "candidates"));
}

/* -- exports ------------------------------------------------------------------------------------------------------- */

static bool is_money(const struct finance_column *column)
{
    size_t size = strlen(column->name);
    return column->kind == FINANCE_NUMBER && size > 4 && strcmp(column->name + size - 4, "_fen") == 0;
}

static void put_cell(struct csv *csv, struct arena *arena, const struct finance_column *column,
                     const struct finance_value *value)
{
    if (value->null)
        csv_empty(csv);
    else if (is_money(column))
        csv_yuan(csv, value->number);
    else if (column->kind == FINANCE_NUMBER || column->kind == FINANCE_FLAG)
        csv_number(csv, value->number);
    else
        csv_text(csv, column->kind == FINANCE_TIME ? clock_text(arena, value->number) : value->text);
}

static struct bytes export_rows(struct arena *arena, const struct finance_page *page)
{
    struct csv *csv = csv_new(arena);
    size_t width = page->table->count;
    for (size_t j = 0; j < width; j++)
        if (page->table->columns[j].title != NULL)
            csv_text(csv, page->table->columns[j].title);
    csv_end_row(csv);
    for (size_t i = 0; i < page->count; i++) {
        for (size_t j = 0; j < width; j++)
            if (page->table->columns[j].title != NULL)
                put_cell(csv, arena, &page->table->columns[j], &page->values[i * width + j]);
        csv_end_row(csv);
    }
    return csv_finish(csv);
}

static void exported(void *context, enum err err, const struct row *rows)
{
    const struct listing *it = context;
    struct arena *arena = request_arena(it->req);
    struct finance_page page;
    if (err == OK)
        err = store_list_finance_read(rows, arena, it->table, &page);
    if (err != OK) {
        request_fail(it->req, err);
        return;
    }
    request_add_header(it->req, "Content-Disposition",
                       arena_format(arena, "attachment; filename=\"%s.csv\"", it->name));
    request_reply(it->req, 200, "text/csv; charset=utf-8", export_rows(arena, &page));
}

/* -- it is written down, then read --------------------------------------------------------------------------------- */

typedef enum err finance_list(struct db *db, const struct finance_query *query, int64_t deadline_ms, db_done *done,
                              void *context);

/* THE table of exports. */
static const struct {
    const char *name;
    const char *const *states;
    const struct finance_table *table;
    finance_list *list;
} exports[] = {
    {"lines", line_states, &finance_line_table, store_list_finance_lines},
    {"orders", order_states, &finance_order_table, store_list_finance_orders},
    {"matches", match_states, &finance_match_table, store_list_finance_matches},
    {"changes", change_states, &finance_change_table, store_list_finance_changes},
};

struct exporting {
    struct request *req;
    struct finance_query query;
    size_t which; /* of exports */
};

static void export_noted(void *context, enum err err, const struct row *rows)
{
    const struct exporting *it = context;
    struct request *req = it->req;
    if (err == OK)
        err = store_note_export_read(rows, request_arena(req));
    if (err == OK)
        err = exports[it->which].list(api_server(req)->db, &it->query, api_call_ms(req), exported,
                                      listing_of(req, exports[it->which].table, exports[it->which].name));
    if (err != OK)
        request_fail(req, err);
}

enum err api_finance_export(struct request *req)
{
    struct exporting *it = ARENA_NEW(request_arena(req), struct exporting);
    it->req = req;
    for (it->which = 0; it->which < ARRAY_SIZE(exports); it->which++) {
        const char *name = exports[it->which].name;
        if (strcmp(request_path_part(req, "list"), name) != 0)
            continue;
        TRY(read_query(req, exports[it->which].states, FINANCE_EXPORT_MAX, FINANCE_EXPORT_MAX, &it->query));
        return store_note_export(api_server(req)->db, access_staff_digest(req), name,
                                 arena_format(request_arena(req), "state=%s", it->query.state), api_call_ms(req),
                                 export_noted, it);
    }
    return ERR_NOT_FOUND;
}

/* Chosen by the caller, so that the same export may be asked for again. */
enum err api_finance_payouts(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *key;
    const struct json_field fields[] = {{"key", FIELD_TEXT, .into = &key, .length_max = FINANCE_KEY_MAX}};
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(finance_check_key(request_fault(req), key));
    return store_export_payouts(api_server(req)->db, access_staff_digest(req), key, api_call_ms(req), exported,
                                listing_of(req, &payout_export_table, "payouts"));
}
