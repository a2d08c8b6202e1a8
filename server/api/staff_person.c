/* SPDX-License-Identifier: Apache-2.0 */
/* /api/v1/staff/person: a member of staff notes himself who he is. His session is not enough: password and one-time
 * code are asked for again, on the way that logging in takes, and failures count as failures to log in. */
#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "api/staff_identity.h"
#include "api/staff_session.h"
#include "base/text.h"
#include "pki/password.h"

#define NUMBER_LENGTH_MAX 32
#define EMAIL_LENGTH_MAX  254
#define CODE_LENGTH       6

struct change {
    struct request *req;
    const char *password, *code; /* copied into the request's arena, as the rest is */
    struct staff_identity identity;
    struct staff_own_credential credential;
    bool password_right; /* written by the pool thread */
};

static void got(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct staff_person_noted it;
    if (err == OK)
        err = store_get_staff_person_read(rows, request_arena(req), &it);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object();
    json_put_boolean(body, "noted", it.noted);
    json_put_boolean(body, "email", it.email);
    reply_put_time(req, body, "noted_at", it.at_us);
    request_reply_json(req, 200, body);
}

enum err api_staff_person_get(struct request *req)
{
    return store_get_staff_person(api_server(req)->db, access_staff_digest(req), api_call_ms(req), got, req);
}

/* -- noting -------------------------------------------------------------------------------------------------------- */

static void changed(void *context, enum err err, const struct row *rows)
{
    struct change *it = context;
    if (err == OK)
        err = store_change_staff_person_read(rows, request_arena(it->req));
    if (err == OK)
        err = api_staff_person_get(it->req);
    if (err != OK)
        request_fail(it->req, err);
}

static void verify_password(void *context)
{
    struct change *it = context;
    it->password_right = password_verify(it->credential.password_hash, it->password);
}

static void password_verified(void *context)
{
    struct change *it = context;
    struct request *req = it->req;
    const struct api_server *server = api_server(req);
    struct staff_person_change out = {
        .token_digest = access_staff_digest(req),
        .address = request_address(req),
        .attempts_limit = server->settings->staff_login_attempts,
        .lock_s = server->settings->staff_login_lock_s,
        .person = staff_person_seal(server->seal_keys, request_arena(req), it->credential.name, &it->identity),
    };
    bool code = staff_code_right(req, it->credential.name, it->credential.totp_sealed, it->code, &out.totp_step);
    out.accepted = it->password_right && code;
    enum err err = store_change_staff_person(server->db, &out, api_call_ms(req), changed, it);
    if (err != OK)
        request_fail(req, err);
}

static void credential_read(void *context, enum err err, const struct row *rows)
{
    struct change *it = context;
    if (err == OK)
        err = store_get_own_credential_read(rows, request_arena(it->req), &it->credential);
    if (err == OK)
        err = offload_submit(api_server(it->req)->offload, verify_password, password_verified, it);
    if (err != OK)
        request_fail(it->req, err);
}

static enum err read_change(struct request *req, struct change *out)
{
    AUTO_JSON *document = NULL;
    struct arena *arena = request_arena(req);
    const char *password = NULL, *code = NULL;
    struct staff_identity typed = {.email = ""};
    const struct json_field fields[] = {
        {"password", FIELD_TEXT, .into = &password, .length_max = PASSWORD_LENGTH_MAX},
        {"totp", FIELD_TEXT, .into = &code, .length_max = CODE_LENGTH},
        {"id_number", FIELD_TEXT, .into = &typed.id_number, .length_max = NUMBER_LENGTH_MAX},
        {"mobile", FIELD_TEXT, .into = &typed.mobile, .length_max = NUMBER_LENGTH_MAX},
        {"email", FIELD_TEXT, .optional = true, .into = &typed.email, .length_max = EMAIL_LENGTH_MAX},
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    typed.email = arena_text(arena, typed.email);
    TRY(staff_identity_check(arena, &typed, request_fault(req)));
    *out = (struct change){
        .req = req, .password = arena_text(arena, password), .code = arena_text(arena, code), .identity = typed};
    return OK;
}

enum err api_staff_person_put(struct request *req)
{
    struct change *it = ARENA_NEW(request_arena(req), struct change);
    TRY(read_change(req, it));
    return store_get_own_credential(api_server(req)->db, access_staff_digest(req), api_call_ms(req), credential_read,
                                    it);
}
