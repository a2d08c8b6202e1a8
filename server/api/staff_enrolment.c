/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/staff/enrolments: a new member of staff sets the password and gets the secret of the one-time codes,
 * which is shown this once. Nobody else ever has either of them. The password is hashed on a pool thread, as at login.
 */
#include "api/access.h"
#include "api/desk.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/text.h"
#include "pki/password.h"
#include "pki/totp.h"
#include "store/admin_desk.h"

#include <string.h>

struct enrolment {
    struct request *req;
    struct bytes digest;
    const char *password, *name;
    struct bytes secret; /* of the one-time codes */
    struct arena *arena; /* the pool thread's own */
    const char *hash;
};

static void enrolled(void *context, enum err err, const struct row *rows)
{
    struct enrolment *it = context;
    struct arena *arena = request_arena(it->req);
    const char *name;
    if (err == OK)
        err = store_enrol_read(rows, arena, &name);
    if (err != OK) {
        request_fail(it->req, err);
        return;
    }
    const char *secret = base32_encode(arena, it->secret);
    struct json *body = json_new_object();
    json_put_text(body, "name", name);
    json_put_text(body, "totp_secret", secret);
    json_put_text(body, "totp_uri",
                  arena_format(arena, "otpauth://totp/Xuqi:%s?secret=%s&issuer=Xuqi&algorithm=SHA1&digits=6&period=30",
                               name, secret)); /* what authenticator apps read from a QR code */
    request_reply_json(it->req, 201, body);
}

static void hash_password(void *context)
{
    struct enrolment *it = context;
    it->hash = password_hash(it->arena, it->password);
}

static void password_hashed(void *context)
{
    struct enrolment *it = context;
    struct request *req = it->req;
    struct arena *arena = request_arena(req);
    const char *hash = arena_text(arena, it->hash);
    arena_free(it->arena);
    uint8_t *raw = arena_alloc(arena, TOTP_SECRET_SIZE);
    random_bytes(raw, TOTP_SECRET_SIZE);
    it->secret = (struct bytes){raw, TOTP_SECRET_SIZE};
    struct bytes sealed = seal(api_server(req)->seal_keys, arena, "staff.totp", bytes_of_text(it->name), it->secret);
    enum err err = store_enrol(api_server(req)->db, it->digest, hash, sealed, api_call_ms(req), enrolled, it);
    if (err != OK)
        request_fail(req, err);
}

static void found(void *context, enum err err, const struct row *rows)
{
    struct enrolment *it = context;
    if (err == OK)
        err = store_get_enrolment_read(rows, request_arena(it->req), &it->name);
    if (err == OK) {
        it->arena = arena_new();
        err = offload_submit(api_server(it->req)->offload, hash_password, password_hashed, it);
        if (err != OK)
            arena_free(it->arena);
    }
    if (err != OK)
        request_fail(it->req, err);
}

enum err api_staff_enrol(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *token = NULL, *password = NULL;
    const struct json_field fields[] = {
        {"token", FIELD_TEXT, .into = &token, .length_max = 64},
        {"password", FIELD_TEXT, .into = &password, .length_max = PASSWORD_LENGTH_MAX},
    };
    TRY(desk_require_origin(req));
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    struct arena *arena = request_arena(req);
    struct enrolment *it = ARENA_NEW(arena, struct enrolment);
    *it = (struct enrolment){.req = req, .password = arena_text(arena, password)};
    if (utf8_length(password) < PASSWORD_LENGTH_MIN) {
        fault_field(request_fault(req), "password", "length", "口令应为15至128个字符",
                    "A password has 15 to 128 characters");
        return ERR_FIELDS_INVALID;
    }
    ENSURE(access_session_digest(arena, token, &it->digest), ERR_ENROLMENT_UNKNOWN);
    return store_get_enrolment(api_server(req)->db, it->digest, api_call_ms(req), found, it);
}
