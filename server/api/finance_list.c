/* SPDX-License-Identifier: Apache-2.0 */
#include "api/finance_list.h"

#include "api/access.h"
#include "api/reply.h"
#include "base/clock.h"
#include "base/text.h"
#include "documents/csv_write.h"

#include <stdio.h>
#include <string.h>

#define DAY_US     86400000000
#define BEIJING_US 28800000000
#define DAY_MAX    73048 /* 2169-12-31 */

const char *const finance_payout_states[] = {"open", "all", "queued", "sent", "paid", "failed", "returned", NULL};
const char *const finance_no_states[] = {"", NULL};

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
    int64_t value = 0;
    if (!text_number(text, &value) || value < least || value > most)
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

static const char *query_text(struct request *req, const char *name)
{
    const char *text = request_query(req, name);
    return text == NULL ? "" : text;
}

enum err finance_read_query(struct request *req, const char *const *states, int64_t size_max, int64_t size_standard,
                            struct finance_query *out)
{
    struct finance_query query = {.token_digest = access_staff_digest(req),
                                  .after = query_text(req, "after"),
                                  .order_no = query_text(req, "order_no"),
                                  .words = query_text(req, "words"),
                                  .kind = query_text(req, "kind"),
                                  .owner = query_text(req, "owner"),
                                  .platform = query_text(req, "platform"),
                                  .rail = query_text(req, "rail")};
    TRY(read_state(req, states, &query.state));
    TRY(read_number(req, "size", 1, size_max, size_standard, &query.size));
    TRY(read_number(req, "before", 1, INT64_MAX, INT64_MAX, &query.before));
    TRY(read_number(req, "line_id", 1, INT64_MAX, 0, &query.line_id));
    TRY(read_day(req, "from", 0, &query.from_day));
    TRY(read_day(req, "to", DAY_MAX, &query.to_day));
    *out = query;
    return OK;
}

enum err finance_read_days(struct request *req, struct finance_query *query)
{
    int64_t today = (clock_now_us() + BEIJING_US) / DAY_US;
    TRY(read_day(req, "from", today, &query->from_day));
    TRY(read_day(req, "to", today, &query->to_day));
    if (query->to_day < query->from_day || query->to_day - query->from_day >= FINANCE_DAYS_MAX)
        return wrong(req, "to", "range", "截止日期不能早于起始日期，期间不超过三年",
                     "Must not be before \"from\", nor more than three years after it");
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

struct json *finance_row_json(struct request *req, const struct finance_page *page, size_t row)
{
    struct json *json = json_new_object();
    size_t width = page->table->count;
    for (size_t i = 0; i < width; i++)
        put_value(req, json, &page->table->columns[i], &page->values[row * width + i]);
    return json;
}

struct json *finance_rows_json(struct request *req, const struct finance_page *page)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < page->count; i++)
        json_append(list, finance_row_json(req, page, i));
    return list;
}

void finance_listed(void *context, enum err err, const struct row *rows)
{
    const struct finance_listing *it = context;
    struct finance_page page;
    if (err == OK)
        err = store_list_finance_read(rows, request_arena(it->req), it->table, &page);
    if (err != OK) {
        request_fail(it->req, err);
        return;
    }
    struct json *body = json_new_object();
    json_put(body, it->name, finance_rows_json(it->req, &page));
    request_reply_json(it->req, 200, body);
}

struct finance_listing *finance_listing(struct request *req, const struct finance_table *table, const char *name)
{
    struct finance_listing *it = ARENA_NEW(request_arena(req), struct finance_listing);
    *it = (struct finance_listing){req, table, name};
    return it;
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

void finance_exported(void *context, enum err err, const struct row *rows)
{
    const struct finance_listing *it = context;
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
