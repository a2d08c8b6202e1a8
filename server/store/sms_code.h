/* SPDX-License-Identifier: Apache-2.0 */
/* Codes by SMS: asked for by web, sent by jobs. The code itself is in neither: see pki/code.h. */
#pragma once

#include "store/db.h"

struct sms_code_request {
    struct bytes mobile_index, mobile_sealed;
    const char *purpose; /* register, login, password */
    struct bytes salt, code_digest;
    const char *address;
    int64_t lifetime_s;
    int64_t per_minute, per_hour, per_day; /* of a number */
    int64_t address_per_hour, all_per_day;
};

/* The answer does not depend on whether the number is known. Refusal: sms_limit. Safe to call again: same salt. */
enum err store_request_sms_code(struct db *db, const struct sms_code_request *request, int64_t deadline_ms,
                                db_done *done, void *context) MUST_CHECK;
enum err store_request_sms_code_read(const struct row *rows, struct arena *arena, int64_t *expires_at_us) MUST_CHECK;

struct sms_code_due {
    bool due; /* false: it has ended or expired and is not sent any more */
    const char *purpose;
    struct bytes mobile_index, mobile_sealed, salt;
    int64_t expires_at_us;
};

enum err store_get_sms_code_due(struct db *db, int64_t id, int64_t deadline_ms, db_done *done,
                                void *context) MUST_CHECK;
enum err store_get_sms_code_due_read(const struct row *rows, struct arena *arena, struct sms_code_due *out) MUST_CHECK;
