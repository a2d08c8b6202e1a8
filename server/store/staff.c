/* SPDX-License-Identifier: Apache-2.0 */
#include "store/staff.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement staff_credential = {
    .name = "staff_credential",
    .kind = DB_READ,
    .sql = "select staff_id, password_hash, totp_sealed, status from xuqi.staff_credential($1)",
    .params = "t",
    .columns = "itbt",
};

const struct db_statement staff_session_open = {
    .name = "staff_session_open",
    .kind = DB_WRITE,
    .sql = "select outcome, staff_id, name, display_name, roles, expires_at"
           " from xuqi.staff_session_open($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    .params = "ittoibiiii",
    .columns = "titttz",
};

const struct db_statement staff_session_open_certificate = {
    .name = "staff_session_open_certificate",
    .kind = DB_WRITE,
    .sql = "select outcome, staff_id, name, display_name, roles, expires_at"
           " from xuqi.staff_session_open_certificate($1, $2, $3, $4, $5)",
    .params = "btbii",
    .columns = "titttz",
};

/* A write: it moves the idle end. */
const struct db_statement staff_session_get = {
    .name = "staff_session_get",
    .kind = DB_WRITE,
    .sql = "select outcome, staff_id, name, display_name, roles, expires_at from xuqi.staff_session_get($1)",
    .params = "b",
    .columns = "titttz",
};

const struct db_statement staff_session_close = {
    .name = "staff_session_close",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.staff_session_close($1)",
    .params = "b",
    .columns = "t",
};

const struct db_statement staff_refuse = {
    .name = "staff_refuse",
    .kind = DB_WRITE,
    .sql = "select outcome, changed_by, changed_at, changed from xuqi.staff_refuse($1, $2, $3, $4, $5, $6)",
    .params = "btttto",
    .columns = "ttzt",
};

const struct db_statement staff_export = {
    .name = "staff_export",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.staff_export($1, $2, $3)",
    .params = "btt",
    .columns = "t",
};

enum err store_get_credential(struct db *db, const char *name, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(name)};
    return db_call(db, &staff_credential, params, deadline_ms, done, context);
}

enum err store_get_credential_read(const struct row *rows, struct arena *arena, struct staff_credential *out)
{
    if (row_count(rows) == 0) {
        *out = (struct staff_credential){.known = false, .password_hash = "", .status = ""};
        return OK;
    }
    struct reader reader = reader_at(rows, 0, arena);
    out->known = true;
    out->staff_id = next_integer(&reader);
    out->password_hash = next_text(&reader);
    out->totp_sealed = next_bytes(&reader);
    out->status = next_text(&reader);
    return OK;
}

enum err store_open_session(struct db *db, const struct staff_login *login, int64_t deadline_ms, db_done *done,
                            void *context)
{
    struct db_param staff_id = db_integer(login->staff_id);
    staff_id.null = login->staff_id == 0;
    const struct db_param params[] = {
        staff_id,
        db_text(login->name),
        db_text(login->address),
        db_boolean(login->accepted),
        db_integer(login->totp_step),
        db_bytes(login->token_digest),
        db_integer(login->idle_s),
        db_integer(login->absolute_s),
        db_integer(login->attempts_limit),
        db_integer(login->lock_s),
    };
    return db_call(db, &staff_session_open, params, deadline_ms, done, context);
}

static enum err read_session(const struct row *rows, struct arena *arena, const char *accepted,
                             struct staff_session *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, accepted, &reader));
    out->staff_id = next_integer(&reader);
    out->name = next_text(&reader);
    out->display_name = next_text(&reader);
    out->roles = next_text(&reader);
    out->expires_at_us = next_time(&reader);
    return OK;
}

enum err store_open_session_read(const struct row *rows, struct arena *arena, struct staff_session *out)
{
    return read_session(rows, arena, "opened", out);
}

enum err store_open_certificate_session(struct db *db, const struct staff_certificate_login *login, int64_t deadline_ms,
                                        db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(login->fingerprint), db_text(login->verdict),
                                      db_bytes(login->token_digest), db_integer(login->idle_s),
                                      db_integer(login->absolute_s)};
    return db_call(db, &staff_session_open_certificate, params, deadline_ms, done, context);
}

enum err store_get_session(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest)};
    return db_call(db, &staff_session_get, params, deadline_ms, done, context);
}

enum err store_get_session_read(const struct row *rows, struct arena *arena, struct staff_session *out)
{
    return read_session(rows, arena, "ok", out);
}

enum err store_close_session(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                             void *context)
{
    const struct db_param params[] = {db_bytes(token_digest)};
    return db_call(db, &staff_session_close, params, deadline_ms, done, context);
}

enum err store_close_session_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "closed", &reader);
}

enum err store_refuse(struct db *db, const struct staff_refusal *refusal, int64_t deadline_ms, db_done *done,
                      void *context)
{
    const struct db_param params[] = {db_bytes(refusal->token_digest), db_text(refusal->code),
                                      db_text(refusal->route),         db_text(refusal->request_id),
                                      db_text(refusal->object),        db_boolean(refusal->record)};
    return db_call(db, &staff_refuse, params, deadline_ms, done, context);
}

enum err store_refuse_read(const struct row *rows, struct arena *arena, enum err *learnt, struct staff_overtaken *out)
{
    ENSURE(row_count(rows) == 1, ERR_DB_SCHEMA);
    struct reader reader = reader_at(rows, 0, arena);
    enum err err = err_from_code(next_text(&reader));
    ENSURE(err != ERR_COUNT, ERR_DB_SCHEMA);
    *learnt = err;
    out->by = next_text(&reader);
    out->at_us = next_time(&reader);
    out->step = next_text(&reader);
    return OK;
}

enum err store_note_export(struct db *db, struct bytes token_digest, const char *list, const char *filter,
                           int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(list), db_text(filter)};
    return db_call(db, &staff_export, params, deadline_ms, done, context);
}

enum err store_note_export_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "noted", &reader);
}
