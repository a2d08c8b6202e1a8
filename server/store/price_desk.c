/* SPDX-License-Identifier: Apache-2.0 */
#include "store/price_desk.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement price_list = {
    .name = "price_list",
    .kind = DB_READ,
    .sql =
        "select outcome, version, effective_on, begun, months, name, unit_fen, quantity from xuqi.price_list($1, $2)",
    .params = "bt",
    .columns = "titoitii",
};

const struct db_statement price_ask = {
    .name = "price_ask",
    .kind = DB_WRITE,
    .sql = "select outcome, request_id, was, becomes"
           " from xuqi.price_ask($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    .params = "bttitITIIti",
    .columns = "titt",
};

enum err store_list_prices(struct db *db, struct bytes token_digest, const char *platform, int64_t deadline_ms,
                           db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(platform)};
    return db_call(db, &price_list, params, deadline_ms, done, context);
}

enum err store_list_prices_read(const struct row *rows, struct arena *arena, struct loaded_fees *out)
{
    static const char *const accepted[] = {"empty", "ok"};
    struct reader reader;
    size_t filled;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &filled));
    int64_t version = next_integer(&reader);
    size_t count = filled == 1 ? row_count(rows) : 0;
    struct loaded_fee *fees = arena_alloc(arena, (count + 1) * sizeof(*fees));
    for (size_t i = 0; i < count; i++) {
        struct reader row = {.rows = rows, .arena = arena, .row = i, .column = 2};
        fees[i].effective_on = next_text(&row);
        fees[i].begun = next_boolean(&row);
        fees[i].months = next_integer(&row);
        fees[i].item.name = next_text(&row);
        fees[i].item.unit_fen = next_integer(&row);
        fees[i].item.quantity = next_integer(&row);
    }
    *out = (struct loaded_fees){.version = version, .file_sha256 = "", .fees = fees, .count = count};
    return OK;
}

enum err store_ask_price(struct db *db, struct arena *arena, const struct price_asking *asking, int64_t deadline_ms,
                         db_done *done, void *context)
{
    size_t count = asking->count;
    int64_t *months = arena_alloc(arena, (count + 1) * sizeof(*months));
    int64_t *units = arena_alloc(arena, (count + 1) * sizeof(*units));
    int64_t *quantities = arena_alloc(arena, (count + 1) * sizeof(*quantities));
    const char **names = arena_alloc(arena, (count + 1) * sizeof(*names));
    for (size_t i = 0; i < count; i++) {
        months[i] = asking->fees[i].months;
        units[i] = asking->fees[i].item.unit_fen;
        quantities[i] = asking->fees[i].item.quantity;
        names[i] = asking->fees[i].item.name;
    }
    const struct db_param params[] = {
        db_bytes(asking->token_digest), db_text(asking->key),          db_text(asking->platform),
        db_integer(asking->version),    db_text(asking->effective_on), db_integers(months, count),
        db_texts(names, count),         db_integers(units, count),     db_integers(quantities, count),
        db_text(asking->reason),        db_integer(asking->life_s),
    };
    return db_call(db, &price_ask, params, deadline_ms, done, context);
}

enum err store_ask_price_read(const struct row *rows, struct arena *arena, struct price_asked *out)
{
    static const char *const accepted[] = {"asked", "done", "refused"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    out->state = accepted[which];
    out->request_id = next_integer(&reader);
    out->was = next_text(&reader);
    out->becomes = next_text(&reader);
    return OK;
}
