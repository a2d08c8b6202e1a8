/* SPDX-License-Identifier: Apache-2.0 */
#include "store/issuance.h"

#include "store/columns.h"
#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement issuer_lease_take = {
    .name = "issuer_lease_take",
    .kind = DB_WRITE,
    .sql = "select outcome, fence from xuqi.issuer_lease_take($1, $2)",
    .params = "ti",
    .columns = "ti",
};

const struct db_statement issuance_begin = {
    .name = "issuance_begin",
    .kind = DB_READ,
    .sql = "select outcome, subject_der, not_after, profile, profile_version, content_hash, certificate_der, status"
           " from xuqi.issuance_begin($1, $2, $3, $4)",
    .params = "TBBB",
    .columns = "tbzttbbt",
};

const struct db_statement issuance_begin_portal = {
    .name = "issuance_begin_portal",
    .kind = DB_READ,
    .sql = "select outcome, subject_der, not_after, profile, profile_version, content_hash, certificate_der, status"
           " from xuqi.issuance_begin_portal($1, $2, $3, $4)",
    .params = "tbbb",
    .columns = "tbzttbbt",
};

const struct db_statement issuance_intend = {
    .name = "issuance_intend",
    .kind = DB_WRITE,
    .sql = "select outcome, issuance_id"
           " from xuqi.issuance_intend($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    .params = "iTBBBBBZZBB",
    .columns = "ti",
};

const struct db_statement issuance_record = {
    .name = "issuance_record",
    .kind = DB_WRITE,
    .sql = "select outcome, not_after from xuqi.issuance_record($1, $2, $3, $4, $5)",
    .params = "iIBBB",
    .columns = "tz",
};

const struct db_statement issuance_abandon = {
    .name = "issuance_abandon",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.issuance_abandon($1, $2, $3)",
    .params = "iit",
    .columns = "t",
};

enum err store_take_issuer_lease(struct db *db, const char *holder, int64_t seconds, int64_t deadline_ms, db_done *done,
                                 void *context)
{
    const struct db_param params[] = {db_text(holder), db_integer(seconds)};
    return db_call(db, &issuer_lease_take, params, deadline_ms, done, context);
}

/* "busy" is an answer here, not a failure: the standby issuer asks again. */
enum err store_take_issuer_lease_read(const struct row *rows, struct arena *arena, struct issuer_lease *out)
{
    static const char *const accepted[] = {"busy", "held"};
    struct reader reader;
    size_t held;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &held));
    out->held = held == 1;
    out->fence = next_integer(&reader);
    return OK;
}

enum err store_begin_issuance(struct db *db, const struct issuance_request *const *items, size_t count,
                              int64_t deadline_ms, db_done *done, void *context)
{
    struct arena *arena = arena_new();
    const struct db_param params[] = {TEXTS(renewal_no), BYTES(nonce_digest), BYTES(certificate_fingerprint),
                                      BYTES(csr_spki_sha256)};
    enum err err = db_call(db, &issuance_begin, params, deadline_ms, done, context);
    arena_free(arena);
    return err;
}

enum err store_begin_issuance_portal(struct db *db, const struct issuance_request *request,
                                     struct bytes portal_token_digest, int64_t deadline_ms, db_done *done,
                                     void *context)
{
    const struct db_param params[] = {db_text(request->renewal_no), db_bytes(request->nonce_digest),
                                      db_bytes(portal_token_digest), db_bytes(request->csr_spki_sha256)};
    return db_call(db, &issuance_begin_portal, params, deadline_ms, done, context);
}

enum err store_begin_issuance_read(const struct row *rows, size_t row, struct arena *arena, struct issuance_plan *out)
{
    static const char *const accepted[] = {"ready", "issued"};
    struct reader reader;
    size_t issued;
    TRY(reader_outcome_at(rows, row, arena, accepted, ARRAY_SIZE(accepted), &reader, &issued));
    out->issued = issued == 1;
    out->subject_der = next_bytes(&reader);
    out->not_after_us = next_time(&reader);
    out->profile = next_text(&reader);
    out->profile_version = next_text(&reader);
    out->content_hash = next_bytes(&reader);
    out->certificate_der = next_bytes(&reader);
    out->status = next_text(&reader);
    return OK;
}

enum err store_intend_issuance(struct db *db, int64_t fence, const struct issuance_intent *const *items, size_t count,
                               int64_t deadline_ms, db_done *done, void *context)
{
    struct arena *arena = arena_new();
    const struct db_param params[] = {
        db_integer(fence),   TEXTS(renewal_no),
        BYTES(nonce_digest), BYTES(csr_spki_sha256),
        BYTES(csr_der),      BYTES(request_evidence_sha256),
        BYTES(serial),       TIMES(not_before_us),
        TIMES(not_after_us), BYTES(tbs),
        BYTES(content_hash),
    };
    enum err err = db_call(db, &issuance_intend, params, deadline_ms, done, context);
    arena_free(arena);
    return err;
}

enum err store_intend_issuance_read(const struct row *rows, size_t row, struct arena *arena, int64_t *issuance_id)
{
    static const char *const accepted[] = {"intended"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome_at(rows, row, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    *issuance_id = next_integer(&reader);
    return OK;
}

enum err store_record_issuance(struct db *db, int64_t fence, const struct issuance_record *const *items, size_t count,
                               int64_t deadline_ms, db_done *done, void *context)
{
    struct arena *arena = arena_new();
    const struct db_param params[] = {db_integer(fence), INTEGERS(issuance_id), BYTES(serial), BYTES(der),
                                      BYTES(fingerprint)};
    enum err err = db_call(db, &issuance_record, params, deadline_ms, done, context);
    arena_free(arena);
    return err;
}

enum err store_record_issuance_read(const struct row *rows, size_t row, struct arena *arena,
                                    struct recorded_issuance *out)
{
    static const char *const accepted[] = {"abandoned", "recorded"};
    struct reader reader;
    size_t recorded;
    TRY(reader_outcome_at(rows, row, arena, accepted, ARRAY_SIZE(accepted), &reader, &recorded));
    out->recorded = recorded == 1;
    out->not_after_us = next_time(&reader);
    return OK;
}

enum err store_abandon_issuance(struct db *db, int64_t fence, int64_t issuance_id, const char *reason,
                                int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(fence), db_integer(issuance_id), db_text(reason)};
    return db_call(db, &issuance_abandon, params, deadline_ms, done, context);
}

enum err store_abandon_issuance_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "abandoned", &reader);
}
