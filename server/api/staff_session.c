/* SPDX-License-Identifier: Apache-2.0 */
/* Staff sessions. Logging in is the one handler with two database calls: between reading the credential and opening the
 * session, argon2id runs on a pool thread. Every failure takes the same way and the same time, known name or not, and
 * answers the same words. */
#include "api/staff_session.h"
#include "api/access.h"
#include "api/desk.h"
#include "api/handlers.h"
#include "api/platform.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/clock.h"
#include "base/text.h"
#include "pki/password.h"
#include "pki/totp.h"
#include "store/staff.h"

#include <string.h>

struct login {
    struct request *req;
    const char *name, *password, *code; /* copied into the request's arena */
    struct staff_credential credential;
    const char *hash;    /* to verify against: nobody's when the name is unknown */
    bool password_right; /* written by the pool thread */
    const char *token;
    struct bytes token_digest;
};

static struct json *session_json(struct request *req, const struct staff_session *session, struct bytes token_digest)
{
    struct json *body = json_new_object();
    json_put_text(body, "name", session->name);
    json_put_text(body, "display_name", session->display_name);
    reply_put_list(req, body, "roles", session->roles);
    reply_put_time(req, body, "expires_at", session->expires_at_us);
    json_put(body, "platforms", platform_names_json(api_server(req)));
    json_put_text(body, "csrf_token", desk_csrf_token(request_arena(req), api_server(req)->access_key, token_digest));
    return body;
}

void staff_session_reply(struct request *req, const struct staff_session *session, const char *token,
                         struct bytes token_digest)
{
    access_set_cookie(req, SESSION_STAFF, token, api_server(req)->settings->staff_session_absolute_s);
    struct json *body = session_json(req, session, token_digest);
    json_put_text(body, "token", token);
    request_reply_json(req, 201, body);
}

/* -- logging in -------------------------------------------------------------------------------------------------- */

static void session_opened(void *context, enum err err, const struct row *rows)
{
    struct login *login = context;
    struct request *req = login->req;
    struct staff_session session;
    if (err == OK)
        err = store_open_session_read(rows, request_arena(req), &session);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    staff_session_reply(req, &session, login->token, login->token_digest);
}

bool staff_code_right(struct request *req, const char *name, struct bytes totp_sealed, const char *code, int64_t *step)
{
    struct bytes secret;
    return unseal(api_server(req)->seal_keys, request_arena(req), "staff.totp", bytes_of_text(name), totp_sealed,
                  &secret) == OK &&
           totp_verify(secret, code, clock_now_us(), step);
}

static enum err open_session(struct login *login)
{
    struct request *req = login->req;
    const struct settings *settings = api_server(req)->settings;
    struct staff_login out = {
        .staff_id = login->credential.known ? login->credential.staff_id : 0,
        .name = login->name,
        .address = request_address(req),
        .idle_s = settings->staff_session_idle_s,
        .absolute_s = settings->staff_session_absolute_s,
        .attempts_limit = settings->staff_login_attempts,
        .lock_s = settings->staff_login_lock_s,
    };
    bool code = login->credential.known &&
                staff_code_right(req, login->name, login->credential.totp_sealed, login->code, &out.totp_step);
    bool active = login->credential.known && strcmp(login->credential.status, "active") == 0;
    out.accepted = login->password_right && code && active;
    login->token = access_session_token(request_arena(req), &login->token_digest);
    out.token_digest = login->token_digest;
    return store_open_session(api_server(req)->db, &out, api_call_ms(req), session_opened, login);
}

static void verify_password(void *context)
{
    struct login *login = context;
    login->password_right = password_verify(login->hash, login->password);
}

static void password_verified(void *context)
{
    struct login *login = context;
    enum err err = open_session(login);
    if (err != OK)
        request_fail(login->req, err);
}

static void credential_read(void *context, enum err err, const struct row *rows)
{
    struct login *login = context;
    if (err == OK)
        err = store_get_credential_read(rows, request_arena(login->req), &login->credential);
    if (err == OK) {
        /* who was invited has no password yet */
        bool has_one = login->credential.known && login->credential.password_hash[0] != '\0';
        login->hash = has_one ? login->credential.password_hash : password_hash_of_nobody();
        err = offload_submit(api_server(login->req)->offload, verify_password, password_verified, login);
    }
    if (err != OK)
        request_fail(login->req, err);
}

static enum err read_login(struct request *req, struct login *out)
{
    AUTO_JSON *document = NULL;
    const char *name = NULL, *password = NULL, *code = NULL;
    const struct json_field fields[] = {
        {"name", FIELD_TEXT, .into = &name, .length_max = 64},
        {"password", FIELD_TEXT, .into = &password, .length_max = PASSWORD_LENGTH_MAX},
        {"totp", FIELD_TEXT, .into = &code, .length_max = 6},
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    struct arena *arena = request_arena(req);
    *out = (struct login){.req = req,
                          .name = arena_text(arena, name),
                          .password = arena_text(arena, password),
                          .code = arena_text(arena, code)};
    return OK;
}

enum err api_staff_session_open(struct request *req)
{
    struct login *login = ARENA_NEW(request_arena(req), struct login);
    TRY(desk_require_origin(req));
    TRY(read_login(req, login));
    return store_get_credential(api_server(req)->db, login->name, api_call_ms(req), credential_read, login);
}

/* -- the current session ----------------------------------------------------------------------------------------- */

static void session_read(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct staff_session session;
    if (err == OK)
        err = store_get_session_read(rows, request_arena(req), &session);
    if (err == OK)
        request_reply_json(req, 200, session_json(req, &session, access_staff_digest(req)));
    else
        request_fail(req, err);
}

enum err api_staff_session_get(struct request *req)
{
    return store_get_session(api_server(req)->db, access_staff_digest(req), api_call_ms(req), session_read, req);
}

static void session_closed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    if (err == OK)
        err = store_close_session_read(rows, request_arena(req));
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    access_set_cookie(req, SESSION_STAFF, "", 0);
    struct json *body = json_new_object();
    json_put_text(body, "status", "closed");
    request_reply_json(req, 200, body);
}

enum err api_staff_session_close(struct request *req)
{
    return store_close_session(api_server(req)->db, access_staff_digest(req), api_call_ms(req), session_closed, req);
}
