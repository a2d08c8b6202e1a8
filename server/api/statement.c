/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/finance/statements?account=…&dry_run=…: a bank's statement from a file. Who asks is checked first; then
 * the file is read in the thread pool, some thousand lines at a time, each sent to the database before the next; the
 * last call takes all of it over, or nothing. */
#include "store/statement.h"

#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/clock.h"
#include "pki/digest.h"
#include "statement/statement.h"

#include <string.h>

#define FILE_NAME_MAX 100

struct uploading {
    struct request *req;
    struct statement_uploader uploader;
    struct arena *arena;        /* of the lines under way; the pool's while it works */
    struct arena *faults_arena; /* as long as the upload */
    struct statement *statement;
    struct bytes body, left; /* left: of the body, to be read */
    struct statement_batch batch;
    struct fault faults;
    enum err err;
    bool dry_run, ended;
    int64_t number;
    struct statement_upload upload;
    struct statement_summary summary;
};

static void finish(struct uploading *it, enum err err)
{
    struct request *req = it->req;
    struct fault *fault = request_fault(req);
    for (size_t i = 0; err != OK && i < it->faults.field_count; i++) {
        const struct fault_field *field = &it->faults.fields[i];
        fault_field(fault, field->path, field->code, field->zh, field->en);
    }
    statement_close(it->statement);
    arena_free(it->arena);
    arena_free(it->faults_arena);
    if (err != OK)
        request_fail(req, err);
}

/* -- a refused file ---------------------------------------------------------------------------------------------- */

static void discarded(void *context, enum err err, const struct row *rows)
{
    struct uploading *it = context;
    (void)err; /* what stays is forgotten after a day */
    (void)rows;
    finish(it, it->err);
}

static void discard(struct uploading *it, enum err err)
{
    it->err = err;
    struct request *req = it->req;
    if (store_discard_statement(api_server(req)->db, it->upload.upload_id, api_call_ms(req), discarded, it) != OK)
        finish(it, err);
}

/* -- the end ----------------------------------------------------------------------------------------------------- */

static void put_fen(struct json *json, const char *name, bool said, int64_t fen)
{
    if (said)
        json_put_integer(json, name, fen);
    else
        json_put(json, name, NULL);
}

static struct json *taken_json(const struct uploading *it, const struct statement_taken *taken)
{
    const struct statement_summary *summary = &it->summary;
    struct json *body = json_new_object(), *previous = NULL;
    bool gap = taken->previous_balanced && summary->balanced;
    json_put_text(body, "outcome", taken->outcome);
    put_fen(body, "id", strcmp(taken->outcome, "imported") == 0, taken->import_id);
    json_put_text(body, "format", summary->format);
    json_put_text(body, "first_on", taken->first_on);
    json_put_text(body, "last_on", taken->last_on);
    json_put_integer(body, "lines", (int64_t)summary->lines);
    json_put_integer(body, "lines_new", taken->lines_new);
    json_put_integer(body, "lines_known", taken->lines_known);
    json_put_integer(body, "lines_changed", taken->lines_changed);
    json_put_integer(body, "lines_missing", taken->lines_missing);
    json_put_integer(body, "lines_unexpected", taken->lines_unexpected);
    put_fen(body, "opening_fen", summary->balanced, summary->opening_fen);
    put_fen(body, "closing_fen", summary->balanced, summary->closing_fen);
    json_put_integer(body, "credits_fen", taken->credits_fen);
    json_put_integer(body, "debits_fen", taken->debits_fen);
    if (taken->previous_last_on[0] != '\0') {
        previous = json_new_object();
        json_put_text(previous, "last_on", taken->previous_last_on);
        put_fen(previous, "closing_fen", taken->previous_balanced, taken->previous_closing_fen);
        put_fen(previous, "gap_fen", gap, summary->opening_fen - taken->previous_closing_fen);
    }
    json_put(body, "previous", previous);
    return body;
}

static void taken_over(void *context, enum err err, const struct row *rows)
{
    struct uploading *it = context;
    struct statement_taken taken;
    if (err == OK)
        err = store_finish_statement_read(rows, request_arena(it->req), &taken);
    struct request *req = it->req;
    struct json *body = err == OK ? taken_json(it, &taken) : NULL;
    finish(it, err);
    if (body != NULL)
        request_reply_json(req, strcmp(taken.outcome, "imported") == 0 ? 201 : 200, body);
}

static const char *day_text(struct arena *arena, int64_t day)
{
    char text[CLOCK_TEXT_SIZE];
    clock_format_plain(day * CLOCK_DAY_US, text);
    return arena_text_n(arena, text, strlen("2026-11-21"));
}

static enum err take_over(struct uploading *it)
{
    struct request *req = it->req;
    struct arena *arena = request_arena(req);
    const struct statement_summary *summary = &it->summary;
    it->upload.apply = !it->dry_run;
    it->upload.format = summary->format;
    it->upload.covered_from = summary->covers ? day_text(arena, summary->covered_from) : NULL;
    it->upload.covered_to = summary->covers ? day_text(arena, summary->covered_to) : NULL;
    it->upload.balanced = summary->balanced;
    it->upload.opening_fen = summary->opening_fen;
    it->upload.closing_fen = summary->closing_fen;
    return store_finish_statement(api_server(req)->db, &it->uploader, &it->upload, api_call_ms(req), taken_over, it);
}

/* -- lines ------------------------------------------------------------------------------------------------------- */

static enum err read_on(struct uploading *it) MUST_CHECK;

static void appended(void *context, enum err err, const struct row *rows)
{
    struct uploading *it = context;
    if (err == OK)
        err = store_append_statement_read(rows, request_arena(it->req));
    if (err == OK)
        err = read_on(it);
    if (err != OK)
        discard(it, err);
}

static enum err send_batch(struct uploading *it)
{
    const struct statement_batch *batch = &it->batch;
    const struct statement_chunk chunk = {.upload_id = it->upload.upload_id,
                                          .number = ++it->number,
                                          .count = batch->count,
                                          .places = batch->places,
                                          .line_keys = batch->line_keys,
                                          .days = batch->days,
                                          .times_us = batch->times_us,
                                          .movements_fen = batch->movements_fen,
                                          .balances_fen = batch->balances_fen,
                                          .payer_accounts = batch->payer_accounts,
                                          .payer_names = batch->payer_names,
                                          .payer_banks = batch->payer_banks,
                                          .remarks = batch->remarks,
                                          .bank_refs = batch->bank_refs,
                                          .kinds = batch->kinds,
                                          .reverses = batch->reverses};
    return store_append_statement(api_server(it->req)->db, &chunk, api_call_ms(it->req), appended, it);
}

/* In the pool. After a fault it goes on, so that all faults are told. */
static void read_lines(void *context)
{
    struct uploading *it = context;
    arena_reset(it->arena);
    do
        it->err = statement_next(it->statement, it->arena, STATEMENT_BATCH_MAX, &it->batch);
    while (it->err == OK && it->batch.count > 0 && statement_faults(it->statement) > 0);
    it->ended = it->err == OK && it->batch.count == 0;
    if (it->ended)
        it->err = statement_end(it->statement, &it->summary);
    if (it->ended)
        it->upload.sha256 = sha256(it->faults_arena, it->body);
}

static void lines_read(void *context)
{
    struct uploading *it = context;
    enum err err = it->err;
    if (err == OK)
        err = it->ended ? take_over(it) : send_batch(it);
    if (err != OK)
        discard(it, err);
}

static enum err read_on(struct uploading *it)
{
    return offload_submit(api_server(it->req)->offload, read_lines, lines_read, it);
}

/* -- the beginning ----------------------------------------------------------------------------------------------- */

static enum err fill(void *context, void *out, size_t room, size_t *size)
{
    struct uploading *it = context;
    *size = it->left.size < room ? it->left.size : room;
    if (*size == 0)
        return OK;
    memcpy(out, it->left.data, *size);
    it->left = (struct bytes){it->left.data + *size, it->left.size - *size};
    return OK;
}

/* In the pool. */
static void report(void *context, const struct statement_fault *fault)
{
    struct uploading *it = context;
    const char *place = fault->line > 0 ? arena_format(it->faults_arena, "line %zu", fault->line) : "file";
    fault_field(&it->faults, place, fault->rule, fault->zh, fault->en);
}

static void begun(void *context, enum err err, const struct row *rows)
{
    struct uploading *it = context;
    if (err == OK)
        err = store_begin_statement_read(rows, request_arena(it->req), &it->upload.upload_id);
    if (err != OK) {
        finish(it, err);
        return;
    }
    err = read_on(it);
    if (err != OK)
        discard(it, err);
}

static enum err read_query(struct request *req, const char **account, const char **name, bool *dry_run)
{
    const char *dry = request_query(req, "dry_run");
    *account = request_query(req, "account");
    *name = request_query(req, "file_name");
    if (*account == NULL || **account == '\0')
        fault_field(request_fault(req), "account", "required", "请写明收款账号", "Name the collecting account");
    if (dry != NULL && strcmp(dry, "true") != 0 && strcmp(dry, "false") != 0)
        fault_field(request_fault(req), "dry_run", "value", "应为true或false", "Must be true or false");
    if (*name != NULL && strlen(*name) > FILE_NAME_MAX)
        fault_field(request_fault(req), "file_name", "too_long", "文件名过长", "The file's name is too long");
    *dry_run = dry != NULL && strcmp(dry, "true") == 0;
    *name = *name == NULL ? "" : *name;
    return fault_check(request_fault(req));
}

enum err api_statement_import(struct request *req)
{
    struct uploading *it = ARENA_NEW(request_arena(req), struct uploading);
    const char *account, *name;
    *it = (struct uploading){.req = req, .body = request_body(req), .left = request_body(req)};
    TRY(read_query(req, &account, &name, &it->dry_run));
    it->uploader.token_digest = access_staff_digest(req);
    it->arena = arena_new();
    it->faults_arena = arena_new();
    fault_init(&it->faults, it->faults_arena);
    it->statement = statement_open(&(struct statement_options){.formats = &api_server(req)->bank_formats,
                                                               .account_no = account,
                                                               .fill = fill,
                                                               .fill_context = it,
                                                               .report = report,
                                                               .report_context = it});
    enum err err = store_begin_statement(api_server(req)->db, &it->uploader, account, name, api_call_ms(req), begun,
                                         it);
    if (err != OK)
        finish(it, OK);
    return err;
}
