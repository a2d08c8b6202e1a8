/* SPDX-License-Identifier: Apache-2.0 */
#include "store/phone.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement phone_link_create = {
    .name = "phone_link_create",
    .kind = DB_WRITE,
    .sql = "select outcome, expires_at from xuqi.phone_link_create($1, $2, $3, $4)",
    .params = "tbii",
    .columns = "tz",
};

const struct db_statement phone_link_open = {
    .name = "phone_link_open",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.phone_link_open($1, $2, $3)",
    .params = "bbi",
    .columns = "t",
};

const struct db_statement phone_link_get = {
    .name = "phone_link_get",
    .kind = DB_READ,
    .sql = "select outcome, renewal_no, platform, has_front, has_back, asks_liveness, finished, expires_at"
           " from xuqi.phone_link_get($1, $2)",
    .params = "bb",
    .columns = "tttooooz",
};

const struct db_statement phone_photo_put = {
    .name = "phone_photo_put",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.phone_photo_put($1, $2, $3, $4, $5, $6, $7, $8)",
    .params = "bbtttibb",
    .columns = "t",
};

const struct db_statement phone_link_finish = {
    .name = "phone_link_finish",
    .kind = DB_WRITE,
    .sql = "select outcome, missing from xuqi.phone_link_finish($1, $2)",
    .params = "bb",
    .columns = "tt",
};

enum err store_create_phone_link(struct db *db, const char *renewal_no, struct bytes token_digest, int64_t lifetime_s,
                                 int64_t daily, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(renewal_no), db_bytes(token_digest), db_integer(lifetime_s),
                                      db_integer(daily)};
    return db_call(db, &phone_link_create, params, deadline_ms, done, context);
}

enum err store_create_phone_link_read(const struct row *rows, struct arena *arena, int64_t *expires_at_us)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "created", &reader));
    *expires_at_us = next_time(&reader);
    return OK;
}

enum err store_open_phone_link(struct db *db, const struct phone_key *key, int64_t lifetime_s, int64_t deadline_ms,
                               db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(key->token_digest), db_bytes(key->device_digest),
                                      db_integer(lifetime_s)};
    return db_call(db, &phone_link_open, params, deadline_ms, done, context);
}

enum err store_open_phone_link_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "ok", &reader);
}

enum err store_get_phone_tasks(struct db *db, const struct phone_key *key, int64_t deadline_ms, db_done *done,
                               void *context)
{
    const struct db_param params[] = {db_bytes(key->token_digest), db_bytes(key->device_digest)};
    return db_call(db, &phone_link_get, params, deadline_ms, done, context);
}

enum err store_get_phone_tasks_read(const struct row *rows, struct arena *arena, struct phone_tasks *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "ok", &reader));
    out->renewal_no = next_text(&reader);
    out->platform = next_text(&reader);
    out->has_front = next_boolean(&reader);
    out->has_back = next_boolean(&reader);
    out->asks_liveness = next_boolean(&reader);
    out->finished = next_boolean(&reader);
    out->expires_at_us = next_time(&reader);
    return OK;
}

enum err store_put_phone_photo(struct db *db, const struct phone_key *key, const struct material_upload *photo,
                               int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {
        db_bytes(key->token_digest),  db_bytes(key->device_digest), db_text(photo->renewal_no), db_text(photo->kind),
        db_text(photo->content_type), db_integer(photo->size),      db_bytes(photo->sha256),    db_bytes(photo->sealed),
    };
    return db_call(db, &phone_photo_put, params, deadline_ms, done, context);
}

enum err store_finish_phone_link(struct db *db, const struct phone_key *key, int64_t deadline_ms, db_done *done,
                                 void *context)
{
    const struct db_param params[] = {db_bytes(key->token_digest), db_bytes(key->device_digest)};
    return db_call(db, &phone_link_finish, params, deadline_ms, done, context);
}

enum err store_finish_phone_link_read(const struct row *rows, struct arena *arena, const char **missing)
{
    struct reader reader;
    enum err err = reader_expect(rows, arena, "finished", &reader);
    if (err == ERR_MATERIAL_MISSING)
        *missing = row_text(rows, 0, 1, arena);
    return err;
}
