/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/bill_load.h"

#include "base/clock.h"
#include "base/text.h"
#include "documents/bill.h"
#include "pki/digest.h"
#include "store/bill.h"

#include <string.h>
#include <strings.h>

#define SLICE_ROWS 2000 /* some milliseconds of reading */
#define BATCH_ROWS 5000 /* one call of the database */
#define CALL_MS    (2 * 60 * 1000)
#define MATCH_MS   (10 * 60 * 1000)

struct batch {
    struct arena *arena;
    struct bill_rows rows;
    int64_t lines[BATCH_ROWS], amounts[BATCH_ROWS], fees[BATCH_ROWS], ats[BATCH_ROWS];
    const char *kinds[BATCH_ROWS], *ids[BATCH_ROWS], *txns[BATCH_ROWS], *attempts[BATCH_ROWS], *refunds[BATCH_ROWS],
        *statuses[BATCH_ROWS];
};

struct load {
    struct bill_loading it;
    struct arena *arena; /* the caller's */
    struct arena *scratch;
    struct bill_options options;
    struct loop_timer *timer;
    struct kept_bill kept;
    int64_t pieces; /* put so far */
    struct bill *bill;
    struct bill_fault fault;
    struct digest *digest;
    struct batch *batch;
    bool over; /* the batch under way is the last */
    struct bill_loaded loaded;
    bill_load_done *done;
    void *context;
    enum err err;
};

/* -- the end ------------------------------------------------------------------------------------------------------- */

static void free_load(struct load *load)
{
    bill_close(load->bill);
    digest_free(load->digest);
    loop_timer_free(load->timer);
    arena_free(load->scratch);
    if (load->batch != NULL)
        arena_free(load->batch->arena);
}

static void finish(struct load *load, enum err err)
{
    free_load(load);
    load->done(load->context, err, &load->loaded);
}

static void refusal_kept(void *context, enum err err, const struct row *rows)
{
    struct load *load = context;
    if (err == OK)
        err = store_refuse_bill_read(rows, load->arena);
    finish(load, err == OK ? ERR_BILL_MALFORMED : err);
}

static void refuse(struct load *load)
{
    const struct bill_fault *fault = &load->fault;
    load->loaded.fault = fault->line == 0 ? arena_format(load->arena, "%s: %s (%s)", fault->rule, fault->zh, fault->en)
                                          : arena_format(load->arena, "第 %zu 行 (line %zu), %s: %s (%s)", fault->line,
                                                         fault->line, fault->rule, fault->zh, fault->en);
    enum err err = store_refuse_bill(load->it.db, load->kept.file_id, load->loaded.fault, CALL_MS, refusal_kept, load);
    if (err != OK)
        finish(load, err);
}

static void failed(struct load *load, enum err err)
{
    if (err == ERR_BILL_MALFORMED)
        refuse(load);
    else
        finish(load, err);
}

/* -- the match ----------------------------------------------------------------------------------------------------- */

static void matched(void *context, enum err err, const struct row *rows)
{
    struct load *load = context;
    if (err == OK)
        err = store_run_match_read(rows, load->arena, &load->loaded.counts);
    finish(load, err);
}

static void match(struct load *load)
{
    enum err err = store_run_match(load->it.db, load->it.rail, load->it.day,
                                   bill_fee_rate(load->it.settings, load->it.rail), MATCH_MS, matched, load);
    if (err != OK)
        finish(load, err);
}

/* -- rows ---------------------------------------------------------------------------------------------------------- */

static void take_row(struct batch *batch, const struct bill_row *row)
{
    size_t i = batch->rows.count++;
    batch->lines[i] = (int64_t)row->line;
    batch->kinds[i] = bill_kind_text(row->kind);
    batch->ids[i] = row->gateway_id;
    batch->txns[i] = row->payment_txn;
    batch->attempts[i] = row->attempt_no;
    batch->refunds[i] = row->refund_no;
    batch->amounts[i] = row->amount_fen;
    batch->fees[i] = row->fee_millifen;
    batch->ats[i] = row->at_us;
    batch->statuses[i] = row->status;
}

static struct batch *new_batch(struct load *load)
{
    struct batch *batch = ARENA_NEW(load->arena, struct batch);
    batch->arena = arena_new();
    batch->rows = (struct bill_rows){.file_id = load->kept.file_id,
                                     .lines = batch->lines,
                                     .kinds = batch->kinds,
                                     .gateway_ids = batch->ids,
                                     .payment_txns = batch->txns,
                                     .attempt_nos = batch->attempts,
                                     .refund_nos = batch->refunds,
                                     .amounts_fen = batch->amounts,
                                     .fees_millifen = batch->fees,
                                     .ats_us = batch->ats,
                                     .statuses = batch->statuses};
    return batch;
}

static void ended(void *context, enum err err, const struct row *rows)
{
    struct load *load = context;
    if (err == OK)
        err = store_end_bill_read(rows, load->arena);
    if (err != OK)
        finish(load, err);
    else
        match(load);
}

static void put_some(void *context);

static void rows_put(void *context, enum err err, const struct row *rows)
{
    struct load *load = context;
    struct bill_rows_put put;
    if (err == OK)
        err = store_put_bill_rows_read(rows, load->scratch, &put);
    if (err == OK) {
        load->loaded.added += put.added;
        load->loaded.changed += put.changed;
        if (!load->over) {
            put_some(load);
            return;
        }
        err = store_end_bill(load->it.db, load->kept.file_id, load->loaded.rows, MATCH_MS, ended, load);
    }
    if (err != OK)
        finish(load, err);
}

/* The next rows, and into the database with them. */
static void put_some(void *context)
{
    struct load *load = context;
    struct batch *batch = load->batch;
    struct bill_row row;
    bool more = true;
    enum err err = OK;
    arena_reset(batch->arena);
    arena_reset(load->scratch);
    for (batch->rows.count = 0; err == OK && more && batch->rows.count < BATCH_ROWS;) {
        err = bill_next(load->bill, batch->arena, &load->fault, &row, &more);
        if (err == OK && more)
            take_row(batch, &row);
    }
    load->over = !more;
    if (err == OK)
        err = store_put_bill_rows(load->it.db, &batch->rows, CALL_MS, rows_put, load);
    if (err != OK)
        finish(load, err);
}

/* -- the whole file is read before a row is put ----------------------------------------------------------------------
 */

static void see(void *context, struct bytes text)
{
    digest_add(context, text);
}

static enum err open_bill(struct load *load)
{
    bill_close(load->bill);
    load->bill = NULL;
    return bill_open(&load->options, load->it.file, load->arena, &load->fault, &load->bill);
}

static enum err check_hash(struct load *load)
{
    if (load->digest == NULL)
        return OK;
    const char *hash = hex_encode(load->arena, digest_finish(load->digest, load->arena));
    if (strcasecmp(hash, load->it.sha1) == 0)
        return OK;
    load->fault = (struct bill_fault){
        .rule = "hash", .zh = "与网关给出的SHA-1不符", .en = "Not the SHA-1 that the gateway has told"};
    return ERR_BILL_MALFORMED;
}

static enum err begin_rows(struct load *load)
{
    TRY(check_hash(load));
    load->loaded.rows = (int64_t)bill_totals(load->bill).rows;
    load->options.seen = NULL;
    TRY(open_bill(load));
    load->batch = new_batch(load);
    return OK;
}

static void read_slice(void *context)
{
    struct load *load = context;
    struct bill_row row;
    bool more = true;
    enum err err = OK;
    arena_reset(load->scratch);
    for (size_t i = 0; err == OK && more && i < SLICE_ROWS; i++)
        err = bill_next(load->bill, load->scratch, &load->fault, &row, &more);
    if (err == OK && !more)
        err = begin_rows(load);
    if (err != OK)
        failed(load, err);
    else if (more)
        loop_timer_start(load->timer, 0);
    else
        put_some(load);
}

static void read_all(struct load *load)
{
    if (load->it.sha1[0] != '\0') {
        load->digest = digest_new_sha1();
        load->options.seen = see;
        load->options.context = load->digest;
    }
    enum err err = open_bill(load);
    if (err != OK)
        failed(load, err);
    else
        loop_timer_start(load->timer, 0);
}

/* -- as it came ------------------------------------------------------------------------------------------------------
 */

static void put_piece(struct load *load);

static void piece_put(void *context, enum err err, const struct row *rows)
{
    struct load *load = context;
    if (err == OK)
        err = store_put_bill_piece_read(rows, load->scratch);
    if (err != OK) {
        finish(load, err);
        return;
    }
    arena_reset(load->scratch);
    load->pieces++;
    put_piece(load);
}

static void put_piece(struct load *load)
{
    struct bytes file = load->it.file;
    size_t at = (size_t)load->pieces * BILL_PIECE_SIZE;
    if (at >= file.size) {
        read_all(load);
        return;
    }
    size_t size = file.size - at < BILL_PIECE_SIZE ? file.size - at : BILL_PIECE_SIZE;
    enum err err = store_put_bill_piece(load->it.db, load->kept.file_id, load->pieces,
                                        (struct bytes){file.data + at, size}, CALL_MS, piece_put, load);
    if (err != OK)
        finish(load, err);
}

static void kept(void *context, enum err err, const struct row *rows)
{
    struct load *load = context;
    if (err == OK)
        err = store_keep_bill_read(rows, load->scratch, &load->kept);
    load->loaded.known = err == OK && load->kept.loaded;
    if (err != OK)
        finish(load, err);
    else if (load->kept.loaded)
        match(load);
    else
        put_piece(load);
}

enum err bill_load(const struct bill_loading *loading, struct arena *arena, bill_load_done *done, void *context)
{
    struct load *load = ARENA_NEW(arena, struct load);
    *load = (struct load){.it = *loading, .arena = arena, .done = done, .context = context};
    load->loaded.fault = "";
    load->options = (struct bill_options){.rail = loading->rail, .merchant = loading->merchant};
    if (loading->file.size == 0 || loading->file.size > BILL_FILE_SIZE_MAX || !bill_rail_known(loading->rail) ||
        !bill_day_parse(loading->day, &load->options.year, &load->options.month, &load->options.day))
        return ERR_BILL_MALFORMED;
    const struct bill_keeping keeping = {
        loading->rail,   loading->day,  sha256(arena, loading->file), (int64_t)loading->file.size,
        loading->source, loading->actor};
    load->scratch = arena_new();
    load->timer = loop_timer_new(loading->loop, read_slice, load);
    enum err err = store_keep_bill(loading->db, &keeping, CALL_MS, kept, load);
    if (err != OK)
        free_load(load);
    return err;
}

/* -- what belongs to a rail ------------------------------------------------------------------------------------------
 */

int64_t bill_fee_rate(const struct settings *settings, const char *rail)
{
    int64_t rate = strcmp(rail, "alipay") == 0     ? settings->alipay_fee_permyriad
                   : strcmp(rail, "unionpay") == 0 ? settings->unionpay_fee_permyriad
                   : strcmp(rail, "wechat") == 0   ? settings->wechat_fee_permyriad
                                                   : 0;
    return rate > 0 ? rate : -1;
}

const char *bill_merchant(const struct settings *settings, const char *rail)
{
    if (strcmp(rail, "alipay") == 0)
        return settings->alipay_seller_id;
    if (strcmp(rail, "unionpay") == 0)
        return settings->unionpay_merchant_id;
    return strcmp(rail, "wechat") == 0 ? settings->wechat_merchant_id : "";
}
