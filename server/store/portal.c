/* SPDX-License-Identifier: Apache-2.0 */
#include "store/portal.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement portal_credential = {
    .name = "portal_credential",
    .kind = DB_READ,
    .sql = "select account_id, password_hash from xuqi.portal_credential($1, $2)",
    .params = "tb",
    .columns = "it",
};

const struct db_statement portal_session_open = {
    .name = "portal_session_open",
    .kind = DB_WRITE,
    .sql = "select outcome, name, mobile_masked, proof, expires_at"
           " from xuqi.portal_session_open($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    .params = "itbtobiiii",
    .columns = "ttttz",
};

const struct db_statement portal_session_open_sms = {
    .name = "portal_session_open_sms",
    .kind = DB_WRITE,
    .sql = "select outcome, name, mobile_masked, proof, expires_at,"
           " case when outcome = 'sms_code_refused' then xuqi.sms_code_tries_left($1, 'login') else 0 end"
           " from xuqi.portal_session_open_sms($1, $2, $3, $4, $5, $6, $7)",
    .params = "bbtbbii",
    .columns = "ttttzi",
};

const struct db_statement portal_register = {
    .name = "portal_register",
    .kind = DB_WRITE,
    .sql = "select outcome, name, mobile_masked, proof, expires_at"
           " from xuqi.portal_register($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    .params = "bbtbttbii",
    .columns = "ttttz",
};

/* A write: it moves the idle end. */
const struct db_statement portal_session_get = {
    .name = "portal_session_get",
    .kind = DB_WRITE,
    .sql = "select outcome, name, mobile_masked, proof, expires_at from xuqi.portal_session_get($1)",
    .params = "b",
    .columns = "ttttz",
};

const struct db_statement portal_session_close = {
    .name = "portal_session_close",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.portal_session_close($1)",
    .params = "b",
    .columns = "t",
};

const struct db_statement portal_password_change = {
    .name = "portal_password_change",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.portal_password_change($1, $2, $3)",
    .params = "bbt",
    .columns = "t",
};

const struct db_statement portal_tidy = {
    .name = "portal_tidy",
    .kind = DB_WRITE,
    .sql = "select codes, sessions, unsent from xuqi.portal_tidy()",
    .params = "",
    .columns = "iii",
};

enum err store_get_portal_credential(struct db *db, const char *name, struct bytes mobile_index, int64_t deadline_ms,
                                     db_done *done, void *context)
{
    const struct db_param params[] = {db_text(name), db_bytes(mobile_index)};
    return db_call(db, &portal_credential, params, deadline_ms, done, context);
}

enum err store_get_portal_credential_read(const struct row *rows, struct arena *arena, struct portal_credential *out)
{
    if (row_count(rows) == 0) {
        *out = (struct portal_credential){.known = false, .password_hash = ""};
        return OK;
    }
    struct reader reader = reader_at(rows, 0, arena);
    out->known = true;
    out->account_id = next_integer(&reader);
    out->password_hash = next_text(&reader);
    return OK;
}

enum err store_open_portal_session(struct db *db, const struct portal_login *login, const struct portal_seat *seat,
                                   int64_t deadline_ms, db_done *done, void *context)
{
    struct db_param account_id = db_integer(login->credential->account_id);
    account_id.null = !login->credential->known;
    const struct db_param params[] = {
        account_id,
        db_text(login->credential->password_hash),
        db_bytes(login->typed),
        db_text(login->address),
        db_boolean(login->accepted),
        db_bytes(seat->token_digest),
        db_integer(seat->idle_s),
        db_integer(seat->absolute_s),
        db_integer(login->attempts_limit),
        db_integer(login->lock_s),
    };
    return db_call(db, &portal_session_open, params, deadline_ms, done, context);
}

enum err store_open_portal_session_sms(struct db *db, const struct portal_mobile *mobile, struct bytes code_digest,
                                       const struct portal_seat *seat, int64_t deadline_ms, db_done *done,
                                       void *context)
{
    const struct db_param params[] = {
        db_bytes(mobile->index),      db_bytes(mobile->sealed), db_text(mobile->masked),      db_bytes(code_digest),
        db_bytes(seat->token_digest), db_integer(seat->idle_s), db_integer(seat->absolute_s),
    };
    return db_call(db, &portal_session_open_sms, params, deadline_ms, done, context);
}

int64_t store_open_portal_session_sms_tries(const struct row *rows)
{
    return row_count(rows) == 1 ? row_integer(rows, 0, 5) : 0;
}

enum err store_register_portal(struct db *db, const struct portal_mobile *mobile, struct bytes code_digest,
                               const char *name, const char *password_hash, const struct portal_seat *seat,
                               int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {
        db_bytes(mobile->index),
        db_bytes(mobile->sealed),
        db_text(mobile->masked),
        db_bytes(code_digest),
        db_text(name),
        db_text(password_hash),
        db_bytes(seat->token_digest),
        db_integer(seat->idle_s),
        db_integer(seat->absolute_s),
    };
    return db_call(db, &portal_register, params, deadline_ms, done, context);
}

static enum err read_session(const struct row *rows, struct arena *arena, const char *accepted,
                             struct portal_session *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, accepted, &reader));
    out->name = next_text(&reader);
    out->mobile_masked = next_text(&reader);
    out->proof = next_text(&reader);
    out->expires_at_us = next_time(&reader);
    return OK;
}

enum err store_open_portal_session_read(const struct row *rows, struct arena *arena, struct portal_session *out)
{
    return read_session(rows, arena, "opened", out);
}

enum err store_get_portal_session(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                                  void *context)
{
    const struct db_param params[] = {db_bytes(token_digest)};
    return db_call(db, &portal_session_get, params, deadline_ms, done, context);
}

enum err store_get_portal_session_read(const struct row *rows, struct arena *arena, struct portal_session *out)
{
    return read_session(rows, arena, "ok", out);
}

enum err store_close_portal_session(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                                    void *context)
{
    const struct db_param params[] = {db_bytes(token_digest)};
    return db_call(db, &portal_session_close, params, deadline_ms, done, context);
}

enum err store_close_portal_session_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "closed", &reader);
}

enum err store_change_portal_password(struct db *db, struct bytes mobile_index, struct bytes code_digest,
                                      const char *password_hash, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(mobile_index), db_bytes(code_digest), db_text(password_hash)};
    return db_call(db, &portal_password_change, params, deadline_ms, done, context);
}

enum err store_change_portal_password_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "changed", &reader);
}

enum err store_tidy_portal(struct db *db, int64_t deadline_ms, db_done *done, void *context)
{
    return db_call(db, &portal_tidy, NULL, deadline_ms, done, context);
}
