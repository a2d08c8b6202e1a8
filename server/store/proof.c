/* SPDX-License-Identifier: Apache-2.0 */
#include "store/proof.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement portal_certificate = {
    .name = "portal_certificate",
    .kind = DB_WRITE,
    .sql = "select outcome, account_id, proof, der, taken from xuqi.portal_certificate($1, $2, $3, $4, $5, $6, $7, $8)",
    .params = "bbbtbtii",
    .columns = "titbo",
};

const struct db_statement portal_renewals = {
    .name = "portal_renewals",
    .kind = DB_WRITE,
    .sql = "select outcome, renewal_no, status, platform, organisation, submitted_at, not_after "
           "from xuqi.portal_renewals($1)",
    .params = "b",
    .columns = "tttttzz",
};

const struct db_statement portal_token_present = {
    .name = "portal_token_present",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.portal_token_present($1, $2, $3, $4, $5, $6, $7)",
    .params = "bbbttbz",
    .columns = "t",
};

const struct db_statement portal_account_bind = {
    .name = "portal_account_bind",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.portal_account_bind($1, $2, $3)",
    .params = "btt",
    .columns = "t",
};

enum err store_find_portal_certificate(struct db *db, const struct portal_question *question, int64_t deadline_ms,
                                       db_done *done, void *context)
{
    const struct db_param params[] = {
        db_bytes(question->token_digest),
        db_bytes(question->nonce_digest),
        db_bytes(question->evidence_sha256),
        db_text(question->serial),
        db_bytes(question->guess),
        db_text(question->address),
        db_integer(question->account_per_hour),
        db_integer(question->address_per_hour),
    };
    return db_call(db, &portal_certificate, params, deadline_ms, done, context);
}

enum err store_find_portal_certificate_read(const struct row *rows, struct arena *arena, struct portal_answer *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "ok", &reader));
    out->account_id = next_integer(&reader);
    out->proof = next_text(&reader);
    out->der = next_bytes(&reader);
    out->taken = next_boolean(&reader);
    return OK;
}

enum err store_list_portal_renewals(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                                    void *context)
{
    const struct db_param params[] = {db_bytes(token_digest)};
    return db_call(db, &portal_renewals, params, deadline_ms, done, context);
}

enum err store_present_portal_token(struct db *db, const struct portal_token_use *use, int64_t deadline_ms,
                                    db_done *done, void *context)
{
    const struct db_param params[] = {
        db_bytes(use->nonce_digest), db_bytes(use->evidence_sha256), db_bytes(use->certificate_fingerprint),
        db_text(use->issuer),        db_text(use->account),          db_bytes(use->token),
        db_time(use->expires_us),
    };
    return db_call(db, &portal_token_present, params, deadline_ms, done, context);
}

enum err store_present_portal_token_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "ok", &reader);
}

enum err store_bind_portal_account(struct db *db, struct bytes certificate_fingerprint, const char *issuer,
                                   const char *account, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(certificate_fingerprint), db_text(issuer), db_text(account)};
    return db_call(db, &portal_account_bind, params, deadline_ms, done, context);
}
