/* SPDX-License-Identifier: Apache-2.0 */
#include "api/presence.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/staff.h"

#include <string.h>

#define PLACES      256 /* by the digest's first byte; who meets another there is noted again, no more */
#define DIGEST_SIZE 32

struct place {
    uint8_t digest[DIGEST_SIZE];
    int64_t noted_ms; /* 0: never */
};

struct presence {
    struct db *db;
    int64_t every_ms, call_ms;
    struct place places[PLACES];
};

struct presence *presence_new(struct db *db, int64_t idle_s, int64_t call_ms)
{
    struct presence *presence = mem_alloc(sizeof(*presence));
    *presence = (struct presence){.db = db, .every_ms = idle_s * 1000 / 10, .call_ms = call_ms};
    return presence;
}

void presence_free(struct presence *presence)
{
    mem_free(presence);
}

static void noted(void *context, enum err err, const struct row *rows)
{
    (void)context, (void)err, (void)rows; /* a session that is none says so where it is used */
}

void presence_note(struct presence *presence, struct bytes session_digest)
{
    struct place *place = &presence->places[session_digest.data[0]];
    int64_t now = clock_monotonic_ms();
    bool same = memcmp(place->digest, session_digest.data, DIGEST_SIZE) == 0;
    if (place->noted_ms != 0 && same && now - place->noted_ms < presence->every_ms)
        return;
    if (store_get_session(presence->db, session_digest, presence->call_ms, noted, NULL) != OK)
        return; /* the next call tries again */
    memcpy(place->digest, session_digest.data, DIGEST_SIZE);
    place->noted_ms = now;
}
