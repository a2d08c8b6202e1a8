/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/challenges: a nonce that the next signed request must carry, good for five minutes and one request. */
#include "api/challenge.h"

#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/text.h"
#include "pki/digest.h"
#include "store/challenge.h"

#include <string.h>

#define NONCE_SIZE       32
#define NONCE_LIFETIME_S 300

struct bytes challenge_digest(struct arena *arena, const char *nonce)
{
    return sha256(arena, bytes_of_text(nonce));
}

bool challenge_well_formed(struct arena *arena, const char *nonce)
{
    struct bytes raw;
    return base64url_decode(arena, nonce, strlen(nonce), &raw) && raw.size == NONCE_SIZE;
}

static void created(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    int64_t expires_at_us = 0;
    if (err == OK)
        err = store_create_challenge_read(rows, &expires_at_us);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object();
    json_put_text(body, "nonce", request_caller(req));
    reply_put_time(req, body, "expires_at", expires_at_us);
    request_reply_json(req, 201, body);
}

enum err api_challenge_create(struct request *req)
{
    AUTO_JSON *document = NULL;
    TRY(reply_read_body(req, &document, NULL, 0));
    struct arena *arena = request_arena(req);
    uint8_t raw[NONCE_SIZE];
    random_bytes(raw, sizeof(raw));
    char *nonce = base64url_encode(arena, (struct bytes){raw, sizeof(raw)});
    request_set_caller(req, nonce);
    return store_create_challenge(api_server(req)->db, challenge_digest(arena, nonce), NONCE_LIFETIME_S,
                                  api_call_ms(req), created, req);
}
