/* SPDX-License-Identifier: Apache-2.0 */
/* The books for finance and auditors: accounts over some days, what moved one of them, a posting with its legs and what
 * it rests on; what was paid out; the figures of the overview. Reads only. */
#include "store/ledger_desk.h"

#include "api/access.h"
#include "api/finance_list.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"

#include <string.h>

/* -- lists --------------------------------------------------------------------------------------------------------- */

enum err api_ledger_balances(struct request *req)
{
    struct finance_query query;
    TRY(finance_read_query(req, finance_no_states, FINANCE_PAGE_MAX, FINANCE_PAGE_STANDARD, &query));
    TRY(finance_read_days(req, &query));
    return store_list_balances(api_server(req)->db, &query, api_call_ms(req), finance_listed,
                               finance_listing(req, &ledger_balance_table, "accounts"));
}

enum err api_ledger_transfers(struct request *req)
{
    struct finance_query query;
    TRY(finance_read_query(req, finance_no_states, FINANCE_PAGE_MAX, FINANCE_PAGE_STANDARD, &query));
    TRY(finance_read_days(req, &query));
    return store_list_ledger_transfers(api_server(req)->db, &query, api_call_ms(req), finance_listed,
                                       finance_listing(req, &ledger_transfer_table, "transfers"));
}

enum err api_finance_payout_list(struct request *req)
{
    struct finance_query query;
    TRY(finance_read_query(req, finance_payout_states, FINANCE_PAGE_MAX, FINANCE_PAGE_STANDARD, &query));
    return store_list_finance_payouts(api_server(req)->db, &query, api_call_ms(req), finance_listed,
                                      finance_listing(req, &finance_payout_table, "payouts"));
}

static enum err read_unit(struct request *req, const char **unit)
{
    const char *text = request_query(req, "unit");
    *unit = text == NULL ? "day" : text;
    if (strcmp(*unit, "day") == 0 || strcmp(*unit, "month") == 0)
        return OK;
    fault_field(request_fault(req), "unit", "value", "应为day或month", "Must be day or month");
    return ERR_FIELDS_INVALID;
}

enum err api_finance_overview(struct request *req)
{
    struct finance_query query;
    TRY(finance_read_query(req, finance_no_states, FINANCE_PAGE_MAX, FINANCE_PAGE_STANDARD, &query));
    TRY(finance_read_days(req, &query));
    TRY(read_unit(req, &query.state));
    return store_list_figures(api_server(req)->db, &query, api_call_ms(req), finance_listed,
                              finance_listing(req, &finance_overview_table, "figures"));
}

/* -- one posting: three reads, one after the other --------------------------------------------------------------------
 */

typedef enum err posting_read(struct db *db, struct bytes token_digest, int64_t posting_id, int64_t deadline_ms,
                              db_done *done, void *context);

/* THE table of what an answer about a posting holds. */
static const struct {
    const char *name;
    const struct finance_table *table;
    posting_read *read;
} parts[] = {
    {"posting", &ledger_posting_table, store_get_posting},
    {"legs", &ledger_leg_table, store_list_legs},
    {"evidence", &ledger_evidence_table, store_list_evidence},
};

struct posting_view {
    struct request *req;
    int64_t posting_id;
    size_t at; /* of parts */
    struct finance_page pages[ARRAY_SIZE(parts)];
};

static void reply_posting(struct posting_view *view)
{
    struct json *body = json_new_object();
    json_put(body, parts[0].name, finance_row_json(view->req, &view->pages[0], 0));
    for (size_t i = 1; i < ARRAY_SIZE(parts); i++)
        json_put(body, parts[i].name, finance_rows_json(view->req, &view->pages[i]));
    request_reply_json(view->req, 200, body);
}

static void part_read(void *context, enum err err, const struct row *rows)
{
    struct posting_view *view = context;
    struct request *req = view->req;
    if (err == OK)
        err = store_list_finance_read(rows, request_arena(req), parts[view->at].table, &view->pages[view->at]);
    if (err == OK && ++view->at == ARRAY_SIZE(parts)) {
        reply_posting(view);
        return;
    }
    if (err == OK)
        err = parts[view->at].read(api_server(req)->db, access_staff_digest(req), view->posting_id, api_call_ms(req),
                                   part_read, view);
    if (err != OK)
        request_fail(req, err);
}

enum err api_ledger_posting(struct request *req)
{
    struct posting_view *view = ARENA_NEW(request_arena(req), struct posting_view);
    view->req = req;
    TRY(reply_read_id(req, "id", ERR_POSTING_UNKNOWN, &view->posting_id));
    return parts[0].read(api_server(req)->db, access_staff_digest(req), view->posting_id, api_call_ms(req), part_read,
                         view);
}
