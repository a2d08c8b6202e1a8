/* SPDX-License-Identifier: Apache-2.0 */
/* /api/v1/renewals/{no}/transfers: 核验转账信息. What is declared is held against the statement in one procedure;
 * account and name go there as parameters and are kept sealed only. Each answer is the whole page, read anew. POST
 * …/credit: 账户余额 for this order. */
#include "api/transfer.h"

#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/clock.h"
#include "base/text.h"
#include "domain/identity.h"
#include "pki/seal.h"

#include <stdlib.h>

#define PLACE "transfer.payer"

/* -- the page ----------------------------------------------------------------------------------------------------- */

static void listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct transfer_page page;
    if (err == OK)
        err = store_list_transfers_read(rows, request_arena(req), &page);
    if (err == OK)
        request_reply_json(req, 200, transfer_page_json(req, &page));
    else
        request_fail(req, err);
}

static void list_again(struct request *req, enum err err)
{
    if (err == OK)
        err = store_list_transfers(api_server(req)->db, request_path_part(req, "no"), api_call_ms(req), listed, req);
    if (err != OK)
        request_fail(req, err);
}

enum err api_transfer_list(struct request *req)
{
    return store_list_transfers(api_server(req)->db, request_path_part(req, "no"), api_call_ms(req), listed, req);
}

/* -- declare ------------------------------------------------------------------------------------------------------ */

static void declared(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    if (err == OK)
        err = store_declare_transfers_read(rows, request_arena(req));
    list_again(req, err);
}

/* The same row sent again has the same content index: it is found, not kept twice. */
static struct declared_transfer freeze(struct request *req, const struct transfer_written *written)
{
    const struct seal_keys *keys = api_server(req)->seal_keys;
    struct arena *arena = request_arena(req);
    const char *content = arena_format(arena, "%s\n%s\n%lld\n%lld\n%s", written->account, written->name,
                                       (long long)written->amount_fen, (long long)written->day, written->remark);
    struct json *document = json_new_object(), *payer = json_new_object();
    json_put_text(payer, "account", written->account);
    json_put_text(payer, "name", written->name);
    json_put(document, "payer", payer);
    json_put_text(document, "remark", written->remark);
    struct bytes plain;
    plain.data = (const uint8_t *)json_finish(document, arena, &plain.size);
    struct declared_transfer row = {
        .content_index = seal_index(keys, arena, "transfer.content", content),
        .account_index = seal_marked_index(keys, arena, "payer.account", written->account),
        .account_masked = mask_account(arena, written->account),
        .name_masked = mask_name(arena, written->name),
        .amount_fen = written->amount_fen,
        .day = written->day,
        .account = written->account,
        .name = written->name,
    };
    row.sealed = seal(keys, arena, PLACE, row.content_index, plain);
    return row;
}

static enum err read_rows(struct request *req, const struct json *list, struct declared_transfer *rows, size_t *count)
{
    struct fault *fault = request_fault(req);
    enum err err = OK;
    *count = json_length(list);
    if (*count == 0 || *count > TRANSFER_ROWS_MAX) {
        fault_field(fault, "transfers", "count", "请填写1至20条转账信息", "Send 1 to 20 transfers");
        return ERR_FIELDS_INVALID;
    }
    for (size_t i = 0; i < *count; i++) {
        struct transfer_written written;
        enum err row = transfer_read(request_arena(req), json_item(list, i),
                                     arena_format(request_arena(req), "transfers.%zu", i), clock_now_us(), fault,
                                     &written);
        if (row == OK)
            rows[i] = freeze(req, &written);
        err = err != OK ? err : row;
    }
    return err;
}

enum err api_transfer_declare(struct request *req)
{
    AUTO_JSON *document = NULL;
    const struct json *list = NULL;
    const struct json_field fields[] = {{"transfers", FIELD_ARRAY, .into = &list}};
    struct declared_transfer rows[TRANSFER_ROWS_MAX];
    size_t count;
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(read_rows(req, list, rows, &count));
    return store_declare_transfers(api_server(req)->db, request_path_part(req, "no"), rows, count, api_call_ms(req),
                                   declared, req);
}

/* -- verify again ------------------------------------------------------------------------------------------------- */

static enum err open_row(struct request *req, struct declared_transfer *row)
{
    struct arena *arena = request_arena(req);
    struct bytes plain;
    struct fault fault; /* what we sealed ourselves is not the caller's to mend */
    AUTO_JSON *document = NULL;
    fault_init(&fault, arena);
    TRY(unseal(api_server(req)->seal_keys, arena, PLACE, row->content_index, row->sealed, &plain));
    ENSURE(json_parse((const char *)plain.data, plain.size, &fault, &document) == OK, ERR_SEAL_BROKEN);
    const char *account = json_text_at(document, "payer.account"), *name = json_text_at(document, "payer.name");
    ENSURE(account != NULL && name != NULL, ERR_SEAL_BROKEN);
    row->account = arena_text(arena, account);
    row->name = arena_text(arena, name);
    row->account_index = seal_marked_index(api_server(req)->seal_keys, arena, "payer.account", account);
    return OK;
}

static enum err declare_again(struct request *req, const struct sealed_transfers *waiting)
{
    for (size_t i = 0; i < waiting->count; i++)
        TRY(open_row(req, &waiting->items[i]));
    return store_declare_transfers(api_server(req)->db, request_path_part(req, "no"), waiting->items, waiting->count,
                                   api_call_ms(req), declared, req);
}

static void sealed_read(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct sealed_transfers waiting = {0};
    if (err == OK)
        err = store_list_sealed_transfers_read(rows, request_arena(req), &waiting);
    if (err == OK && waiting.count > 0) {
        err = declare_again(req, &waiting);
        if (err != OK)
            request_fail(req, err);
        return;
    }
    list_again(req, err);
}

enum err api_transfer_verify(struct request *req)
{
    AUTO_JSON *document = NULL;
    TRY(reply_read_body(req, &document, NULL, 0));
    return store_list_sealed_transfers(api_server(req)->db, request_path_part(req, "no"), api_call_ms(req), sealed_read,
                                       req);
}

/* -- delete ------------------------------------------------------------------------------------------------------- */

static void removed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    if (err == OK)
        err = store_remove_transfer_read(rows, request_arena(req));
    list_again(req, err);
}

enum err api_transfer_remove(struct request *req)
{
    int64_t id = 0;
    TRY(reply_read_id(req, "id", ERR_TRANSFER_UNKNOWN, &id));
    return store_remove_transfer(api_server(req)->db, request_path_part(req, "no"), id, api_call_ms(req), removed, req);
}

/* -- credit ------------------------------------------------------------------------------------------------------- */

static void used(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    int64_t used_fen = 0;
    if (err == OK)
        err = store_use_credit_read(rows, request_arena(req), &used_fen);
    list_again(req, err);
}

enum err api_credit_use(struct request *req)
{
    AUTO_JSON *document = NULL;
    TRY(reply_read_body(req, &document, NULL, 0));
    return store_use_credit(api_server(req)->db, request_path_part(req, "no"), api_call_ms(req), used, req);
}
