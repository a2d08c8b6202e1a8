/* SPDX-License-Identifier: Apache-2.0 */
/* The finance desk: statement lines and orders with what speaks for each other, matches, requests. What finance may do
 * is decided by the procedures; each asking and each doing is on the audit trail. */
#include "store/finance.h"
#include "store/ledger_desk.h"
#include "store/staff.h"

#include "api/access.h"
#include "api/finance_key.h"
#include "api/finance_list.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"

#include <string.h>

#define CANDIDATES_MAX 20

/* -- lists --------------------------------------------------------------------------------------------------------- */

static const char *const line_states[] = {"open", "suspended", "returned", "all", NULL};
static const char *const order_states[] = {"started", "all", NULL};
static const char *const match_states[] = {"all", NULL};
static const char *const change_states[] = {"open", "accepted", "dismissed", "all", NULL};
static const char *const request_states[] = {"asked", "done", "refused", "all", NULL};

enum err api_finance_lines(struct request *req)
{
    struct finance_query query;
    TRY(finance_read_query(req, line_states, FINANCE_PAGE_MAX, FINANCE_PAGE_STANDARD, &query));
    return store_list_finance_lines(api_server(req)->db, &query, api_call_ms(req), finance_listed,
                                    finance_listing(req, &finance_line_table, "lines"));
}

enum err api_finance_orders(struct request *req)
{
    struct finance_query query;
    TRY(finance_read_query(req, order_states, FINANCE_PAGE_MAX, FINANCE_PAGE_STANDARD, &query));
    return store_list_finance_orders(api_server(req)->db, &query, api_call_ms(req), finance_listed,
                                     finance_listing(req, &finance_order_table, "orders"));
}

enum err api_finance_matches(struct request *req)
{
    struct finance_query query;
    TRY(finance_read_query(req, match_states, FINANCE_PAGE_MAX, FINANCE_PAGE_STANDARD, &query));
    return store_list_finance_matches(api_server(req)->db, &query, api_call_ms(req), finance_listed,
                                      finance_listing(req, &finance_match_table, "matches"));
}

enum err api_finance_requests(struct request *req)
{
    struct finance_query query;
    TRY(finance_read_query(req, request_states, FINANCE_PAGE_MAX, FINANCE_PAGE_STANDARD, &query));
    return store_list_finance_requests(api_server(req)->db, &query, api_call_ms(req), finance_listed,
                                       finance_listing(req, &finance_request_table, "requests"));
}

enum err api_finance_changes(struct request *req)
{
    struct finance_query query;
    TRY(finance_read_query(req, change_states, FINANCE_PAGE_MAX, FINANCE_PAGE_STANDARD, &query));
    return store_list_finance_changes(api_server(req)->db, &query, api_call_ms(req), finance_listed,
                                      finance_listing(req, &finance_change_table, "changes"));
}

enum err api_finance_candidates(struct request *req)
{
    struct finance_query query = {.token_digest = access_staff_digest(req), .size = CANDIDATES_MAX};
    TRY(reply_read_id(req, "id", ERR_LINE_UNKNOWN, &query.line_id));
    return store_list_candidates(api_server(req)->db, &query, api_call_ms(req), finance_listed,
                                 finance_listing(req, &finance_candidate_table, "candidates"));
}

enum err api_finance_order_candidates(struct request *req)
{
    const struct finance_query query = {
        .token_digest = access_staff_digest(req), .order_no = request_path_part(req, "no"), .size = CANDIDATES_MAX};
    return store_list_order_candidates(api_server(req)->db, &query, api_call_ms(req), finance_listed,
                                       finance_listing(req, &finance_order_candidate_table, "candidates"));
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
    bool days; /* adds up over days */
} exports[] = {
    {"lines", line_states, &finance_line_table, store_list_finance_lines, false},
    {"orders", order_states, &finance_order_table, store_list_finance_orders, false},
    {"matches", match_states, &finance_match_table, store_list_finance_matches, false},
    {"changes", change_states, &finance_change_table, store_list_finance_changes, false},
    {"payouts", finance_payout_states, &finance_payout_table, store_list_finance_payouts, false},
    {"ledger", finance_no_states, &ledger_balance_table, store_list_balances, true},
    {"ledger_transfers", finance_no_states, &ledger_transfer_table, store_list_ledger_transfers, true},
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
        err = exports[it->which].list(api_server(req)->db, &it->query, api_call_ms(req), finance_exported,
                                      finance_listing(req, exports[it->which].table, exports[it->which].name));
    if (err != OK)
        request_fail(req, err);
}

static const char *filter_text(struct request *req, const struct finance_query *query)
{
    const char *text = arena_format(request_arena(req), "state=%s", query->state);
    if (query->kind[0] == '\0' && query->platform[0] == '\0')
        return text;
    return arena_format(request_arena(req), "%s kind=%s owner=%s platform=%s", text, query->kind, query->owner,
                        query->platform);
}

enum err api_finance_export(struct request *req)
{
    struct exporting *it = ARENA_NEW(request_arena(req), struct exporting);
    it->req = req;
    for (it->which = 0; it->which < ARRAY_SIZE(exports); it->which++) {
        const char *name = exports[it->which].name;
        if (strcmp(request_path_part(req, "list"), name) != 0)
            continue;
        TRY(finance_read_query(req, exports[it->which].states, FINANCE_EXPORT_MAX, FINANCE_EXPORT_MAX, &it->query));
        if (exports[it->which].days)
            TRY(finance_read_days(req, &it->query));
        return store_note_export(api_server(req)->db, access_staff_digest(req), name, filter_text(req, &it->query),
                                 api_call_ms(req), export_noted, it);
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
    return store_export_payouts(api_server(req)->db, access_staff_digest(req), key, api_call_ms(req), finance_exported,
                                finance_listing(req, &payout_export_table, "payouts"));
}
