/* SPDX-License-Identifier: Apache-2.0 */
/* Links that let a telephone add the photos of an identity card to one renewal. Caller: web. Token and device are known
 * here by their digests only. */
#pragma once

#include "store/db.h"
#include "store/material.h"

/* An older link of the renewal ends. Refusals: renewal_unknown, renewal_state, identity_unexpected, rate_limited. */
enum err store_create_phone_link(struct db *db, const char *renewal_no, struct bytes token_digest, int64_t lifetime_s,
                                 int64_t daily, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_create_phone_link_read(const struct row *rows, struct arena *arena, int64_t *expires_at_us) MUST_CHECK;

struct phone_key {
    struct bytes token_digest, device_digest;
};

/* All of these: phone_link_invalid, phone_link_used, phone_link_over, phone_link_expired. Safe to call again. */
enum err store_open_phone_link(struct db *db, const struct phone_key *key, int64_t lifetime_s, int64_t deadline_ms,
                               db_done *done, void *context) MUST_CHECK;
enum err store_open_phone_link_read(const struct row *rows, struct arena *arena) MUST_CHECK;

struct phone_tasks {
    const char *renewal_no, *platform;
    bool has_front, has_back, asks_liveness, finished;
    int64_t expires_at_us;
};

enum err store_get_phone_tasks(struct db *db, const struct phone_key *key, int64_t deadline_ms, db_done *done,
                               void *context) MUST_CHECK;
enum err store_get_phone_tasks_read(const struct row *rows, struct arena *arena, struct phone_tasks *out) MUST_CHECK;

/* Further refusals: renewal_state, material_unexpected. */
enum err store_put_phone_photo(struct db *db, const struct phone_key *key, const struct material_upload *photo,
                               int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
/* As store_put_material_read. */

/* Further refusal: material_missing; missing is then set: kinds separated by spaces. */
enum err store_finish_phone_link(struct db *db, const struct phone_key *key, int64_t deadline_ms, db_done *done,
                                 void *context) MUST_CHECK;
enum err store_finish_phone_link_read(const struct row *rows, struct arena *arena, const char **missing) MUST_CHECK;
