/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/finance/statements and …/{id}/lines: what was imported, page by page. */
#include "store/statement_list.h"

#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"

#include <stdlib.h>

#define PAGE_SIZE_STANDARD 50
#define DECIMAL            10

static enum err read_number(struct request *req, const char *name, const char *text, int64_t least, int64_t most,
                            int64_t *out)
{
    char *end;
    if (text == NULL)
        return OK;
    long long value = strtoll(text, &end, DECIMAL);
    if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && value >= least && value <= most) {
        *out = value;
        return OK;
    }
    fault_field(request_fault(req), name, "range", "应为范围内的整数", "Must be a whole number within its range");
    return ERR_FIELDS_INVALID;
}

static void put_balance(struct json *json, const char *name, bool said, int64_t fen)
{
    if (said)
        json_put_integer(json, name, fen);
    else
        json_put(json, name, NULL);
}

static struct json *import_json(struct request *req, const struct statement_import *item)
{
    struct json *row = json_new_object();
    json_put_integer(row, "id", item->id);
    json_put_text(row, "account_no", item->account_no);
    json_put_text(row, "source", item->source);
    json_put_text(row, "format", item->format);
    json_put_text(row, "file_name", item->file_name);
    json_put_text(row, "first_on", item->first_on);
    json_put_text(row, "last_on", item->last_on);
    put_balance(row, "opening_fen", item->balanced, item->opening_fen);
    put_balance(row, "closing_fen", item->balanced, item->closing_fen);
    json_put_integer(row, "credits_fen", item->credits_fen);
    json_put_integer(row, "debits_fen", item->debits_fen);
    json_put_integer(row, "lines_new", item->lines_new);
    json_put_integer(row, "lines_known", item->lines_known);
    json_put_integer(row, "lines_raised", item->lines_raised);
    json_put_text(row, "imported_by", item->imported_by);
    reply_put_time(req, row, "imported_at", item->imported_at_us);
    return row;
}

static void listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct statement_imports imports;
    if (err == OK)
        err = store_list_statements_read(rows, request_arena(req), &imports);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object(), *list = json_new_array();
    for (size_t i = 0; i < imports.count; i++)
        json_append(list, import_json(req, &imports.items[i]));
    json_put(body, "statements", list);
    request_reply_json(req, 200, body);
}

enum err api_statement_list(struct request *req)
{
    int64_t before = 0, size = PAGE_SIZE_STANDARD;
    TRY(read_number(req, "before", request_query(req, "before"), 1, INT64_MAX, &before));
    TRY(read_number(req, "size", request_query(req, "size"), 1, STATEMENT_PAGE_MAX, &size));
    return store_list_statements(api_server(req)->db, access_staff_digest(req), before, size, api_call_ms(req), listed,
                                 req);
}

static void put_line(struct json *json, const char *name, int64_t id)
{
    put_balance(json, name, id != 0, id);
}

static struct json *entry_json(struct request *req, const struct statement_entry *item)
{
    struct json *row = json_new_object();
    json_put_integer(row, "id", item->id);
    json_put_text(row, "booked_on", item->booked_on);
    reply_put_time(req, row, "booked_at", item->booked_at_us);
    json_put_text(row, "direction", item->direction);
    json_put_integer(row, "amount_fen", item->amount_fen);
    put_balance(row, "balance_fen", item->balance_said, item->balance_fen);
    json_put_text(row, "payer_account", item->payer_account);
    json_put_text(row, "payer_name", item->payer_name);
    json_put_text(row, "payer_bank", item->payer_bank);
    json_put_text(row, "remark", item->remark);
    json_put_text(row, "bank_ref", item->bank_ref);
    json_put_text(row, "kind", item->kind);
    put_line(row, "reverses_line", item->reverses_line);
    put_line(row, "reversed_by", item->reversed_by);
    json_put_integer(row, "taken_fen", item->taken_fen);
    return row;
}

static void told(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct statement_entries entries;
    if (err == OK)
        err = store_list_statement_lines_read(rows, request_arena(req), &entries);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object(), *list = json_new_array();
    for (size_t i = 0; i < entries.count; i++)
        json_append(list, entry_json(req, &entries.items[i]));
    json_put(body, "lines", list);
    request_reply_json(req, 200, body);
}

enum err api_statement_lines(struct request *req)
{
    int64_t import_id = 0, after = 0, size = PAGE_SIZE_STANDARD;
    TRY(read_number(req, "id", request_path_part(req, "id"), 1, INT64_MAX, &import_id));
    TRY(read_number(req, "after", request_query(req, "after"), 1, INT64_MAX, &after));
    TRY(read_number(req, "size", request_query(req, "size"), 1, STATEMENT_PAGE_MAX, &size));
    return store_list_statement_lines(api_server(req)->db, access_staff_digest(req), import_id, after, size,
                                      api_call_ms(req), told, req);
}
