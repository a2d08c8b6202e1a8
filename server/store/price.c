/* SPDX-License-Identifier: Apache-2.0 */
#include "store/price.h"

#include "store/statements_internal.h"

const struct db_statement quote_get = {
    .name = "quote_get",
    .kind = DB_READ,
    .sql = "select quote_version, effective_from, months, amount_fen, name, unit_fen, quantity from xuqi.quote_get($1)",
    .params = "t",
    .columns = "iziitii",
};

const struct db_statement quote_missing = {
    .name = "quote_missing",
    .kind = DB_READ,
    .sql = "select xuqi.quote_missing($1)",
    .params = "T",
    .columns = "t",
};

const struct db_statement platform_fees = {
    .name = "platform_fees",
    .kind = DB_READ,
    .sql = "select version, file_sha256, effective_on, begun, months, name, unit_fen, quantity, decided,"
           " last_file from xuqi.platform_fees($1)",
    .params = "t",
    .columns = "ittoitiiot",
};

const struct db_statement platform_load = {
    .name = "platform_load",
    .kind = DB_WRITE,
    .sql = "select outcome, version from xuqi.platform_load($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    .params = "tttiTITII",
    .columns = "ti",
};

/* -- the quote --------------------------------------------------------------------------------------------------- */

enum err store_get_quote(struct db *db, const char *platform, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(platform)};
    return db_call(db, &quote_get, params, deadline_ms, done, context);
}

static void read_item(struct reader *reader, struct quote_term *term)
{
    struct quote_item *item = &term->items[term->item_count++];
    item->name = next_text(reader);
    item->unit_fen = next_integer(reader);
    item->quantity = next_integer(reader);
}

void quote_read(const struct row *rows, size_t column, struct arena *arena, struct quote *out)
{
    size_t count = row_count(rows);
    struct quote quote = {.terms = arena_alloc(arena, (count + 1) * sizeof(*quote.terms))};
    struct quote_item *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count && !row_is_null(rows, i, column); i++) {
        struct reader reader = {.rows = rows, .arena = arena, .row = i, .column = column};
        quote.version = next_integer(&reader);
        quote.effective_from_us = next_time(&reader);
        int64_t months = next_integer(&reader), amount_fen = next_integer(&reader);
        if (quote.term_count == 0 || quote.terms[quote.term_count - 1].months != months)
            quote.terms[quote.term_count++] = (struct quote_term){
                .months = months, .amount_fen = amount_fen, .items = items + i};
        read_item(&reader, &quote.terms[quote.term_count - 1]);
    }
    *out = quote;
}

enum err store_get_quote_read(const struct row *rows, struct arena *arena, struct quote *out)
{
    quote_read(rows, 0, arena, out);
    return OK;
}

enum err store_get_unpriced(struct db *db, const char *const *platforms, size_t count, int64_t deadline_ms,
                            db_done *done, void *context)
{
    const struct db_param params[] = {db_texts(platforms, count)};
    return db_call(db, &quote_missing, params, deadline_ms, done, context);
}

enum err store_get_unpriced_read(const struct row *rows, struct arena *arena, const char **out)
{
    ENSURE(row_count(rows) == 1, ERR_DB_SCHEMA);
    *out = row_text(rows, 0, 0, arena);
    return OK;
}

/* -- loading ----------------------------------------------------------------------------------------------------- */

enum err store_get_fees(struct db *db, const char *platform, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(platform)};
    return db_call(db, &platform_fees, params, deadline_ms, done, context);
}

enum err store_get_fees_read(const struct row *rows, struct arena *arena, struct loaded_fees *out)
{
    enum { LAST_FILE = 9 }; /* column */
    size_t count = row_count(rows);
    struct loaded_fees fees = {
        .file_sha256 = "", .last_file = "", .fees = arena_alloc(arena, (count + 1) * sizeof(*fees.fees))};
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        fees.version = next_integer(&reader);
        fees.file_sha256 = next_text(&reader);
        fees.last_file = row_text(rows, i, LAST_FILE, arena);
        if (row_is_null(rows, i, reader.column)) /* a version without any table */
            break;
        struct loaded_fee *fee = &fees.fees[fees.count++];
        fee->effective_on = next_text(&reader);
        fee->begun = next_boolean(&reader);
        fee->months = next_integer(&reader);
        fee->item.name = next_text(&reader);
        fee->item.unit_fen = next_integer(&reader);
        fee->item.quantity = next_integer(&reader);
        fee->decided = next_boolean(&reader);
    }
    *out = fees;
    return OK;
}

/* As the parallel arrays that SQL takes. */
enum err store_load_fees(struct db *db, struct arena *arena, const struct fee_load *load, int64_t deadline_ms,
                         db_done *done, void *context)
{
    size_t count = load->count;
    const char **days = arena_alloc(arena, (count + 1) * sizeof(*days));
    const char **names = arena_alloc(arena, (count + 1) * sizeof(*names));
    int64_t *months = arena_alloc(arena, (count + 1) * sizeof(*months));
    int64_t *units = arena_alloc(arena, (count + 1) * sizeof(*units));
    int64_t *quantities = arena_alloc(arena, (count + 1) * sizeof(*quantities));
    for (size_t i = 0; i < count; i++) {
        days[i] = load->fees[i].effective_on;
        months[i] = load->fees[i].months;
        names[i] = load->fees[i].item.name;
        units[i] = load->fees[i].item.unit_fen;
        quantities[i] = load->fees[i].item.quantity;
    }
    const struct db_param params[] = {
        db_text(load->platform),   db_text(load->file_sha256), db_text(load->loaded_by),
        db_integer(load->version), db_texts(days, count),      db_integers(months, count),
        db_texts(names, count),    db_integers(units, count),  db_integers(quantities, count),
    };
    return db_call(db, &platform_load, params, deadline_ms, done, context);
}

enum err store_load_fees_read(const struct row *rows, struct arena *arena, enum fee_load_end *end, int64_t *version)
{
    static const char *const accepted[] = {
        [FEES_UNCHANGED] = "unchanged", [FEES_RECORDED] = "recorded", [FEES_LOADED] = "loaded"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    *end = (enum fee_load_end)which;
    *version = next_integer(&reader);
    return OK;
}
