/* SPDX-License-Identifier: Apache-2.0 */
#include "store/rail.h"

#include "store/reader.h"
#include "store/statements_internal.h"

#include <string.h>

const struct db_statement rail_look = {
    .name = "rail_look",
    .kind = DB_READ,
    .sql = "select rail, breaker, certificates_at from xuqi.rail_look()",
    .params = "",
    .columns = "ttz",
};

const struct db_statement rail_note = {
    .name = "rail_note",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.rail_note($1, $2, $3)",
    .params = "ttt",
    .columns = "t",
};

const struct db_statement gateway_certificate_put = {
    .name = "gateway_certificate_put",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.gateway_certificate_put($1, $2, $3, $4, $5, $6)",
    .params = "ttttbz",
    .columns = "t",
};

const struct db_statement gateway_certificates = {
    .name = "gateway_certificates",
    .kind = DB_READ,
    .sql = "select serial, nonce, associated_data, ciphertext from xuqi.gateway_certificates($1)",
    .params = "t",
    .columns = "tttb",
};

enum err store_look_at_rails(struct db *db, int64_t deadline_ms, db_done *done, void *context)
{
    return db_call(db, &rail_look, NULL, deadline_ms, done, context);
}

enum err store_look_at_rails_read(const struct row *rows, struct arena *arena, struct rail_states *out)
{
    size_t count = row_count(rows);
    struct rail_state *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        items[i].rail = next_text(&reader);
        items[i].open = strcmp(next_text(&reader), "open") == 0;
        items[i].certificates_at_us = next_time(&reader);
    }
    *out = (struct rail_states){items, count};
    return OK;
}

enum err store_note_rail(struct db *db, const char *rail, const char *breaker, const char *reason, int64_t deadline_ms,
                         db_done *done, void *context)
{
    const struct db_param params[] = {db_text(rail), db_text(breaker), db_text(reason)};
    return db_call(db, &rail_note, params, deadline_ms, done, context);
}

enum err store_note_rail_read(const struct row *rows, struct arena *arena)
{
    static const char *const accepted[] = {"noted", "known"};
    struct reader reader;
    size_t which;
    return reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which);
}

enum err store_put_certificate(struct db *db, const char *rail, const struct rail_certificate *certificate,
                               int64_t not_after_us, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {
        db_text(rail),
        db_text(certificate->serial),
        db_text(certificate->nonce),
        db_text(certificate->associated_data),
        db_bytes(certificate->ciphertext),
        db_time(not_after_us),
    };
    return db_call(db, &gateway_certificate_put, params, deadline_ms, done, context);
}

enum err store_put_certificate_read(const struct row *rows, struct arena *arena, bool *known)
{
    static const char *const accepted[] = {"kept", "renewed"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    *known = which == 1;
    return OK;
}

enum err store_get_certificates(struct db *db, const char *rail, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(rail)};
    return db_call(db, &gateway_certificates, params, deadline_ms, done, context);
}

enum err store_get_certificates_read(const struct row *rows, struct arena *arena, struct rail_certificates *out)
{
    size_t count = row_count(rows);
    struct rail_certificate *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        items[i].serial = next_text(&reader);
        items[i].nonce = next_text(&reader);
        items[i].associated_data = next_text(&reader);
        items[i].ciphertext = next_bytes(&reader);
    }
    *out = (struct rail_certificates){items, count};
    return OK;
}
