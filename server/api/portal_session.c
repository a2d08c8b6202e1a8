/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions of the web hall: by account and password, or by a code. As with staff, every failure takes the same way and
 * the same time, known account or not. */
#include "api/portal.h"

#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/text.h"
#include "domain/identity.h"
#include "pki/code.h"
#include "pki/password.h"

#include <ctype.h>
#include <string.h>

#define ACCOUNT_MAX             64
#define MOBILE_MAX              20
#define PORTAL_PASSWORD_MIN     8
#define PORTAL_PASSWORD_MIN_SAY "8"

struct portal_entry {
    struct request *req;
    const char *account, *password; /* copied into the request's arena */
    struct portal_credential credential;
    const char *hash;    /* to verify against: nobody's when the account is unknown */
    bool password_right; /* written by the pool thread */
    const char *token;
};

/* -- shared ------------------------------------------------------------------------------------------------------ */

struct bytes portal_mobile_index(struct request *req, const char *canonical)
{
    return seal_index(api_server(req)->seal_keys, request_arena(req), "portal.mobile", canonical);
}

enum err portal_read_mobile(struct request *req, const char *typed, struct portal_mobile *out, const char **canonical)
{
    struct arena *arena = request_arena(req);
    const char *mobile = mobile_canonical(arena, typed);
    if (!mobile_valid(mobile)) {
        fault_field(request_fault(req), "mobile", "mobile", "请输入11位手机号码",
                    "An 11-digit mobile number is needed");
        return ERR_FIELDS_INVALID;
    }
    out->index = portal_mobile_index(req, mobile);
    out->sealed = seal(api_server(req)->seal_keys, arena, "portal.mobile", out->index, bytes_of_text(mobile));
    out->masked = mask_mobile(arena, mobile);
    *canonical = mobile;
    return OK;
}

void portal_check_password(struct request *req, const char *password)
{
    size_t length = utf8_length(password);
    bool plain = password[0] != '\0' && password[strspn(password, (char[]){password[0], '\0'})] == '\0';
    if (length < PORTAL_PASSWORD_MIN || length > PASSWORD_LENGTH_MAX || plain)
        fault_field(request_fault(req), "password", "too_weak",
                    "密码至少" PORTAL_PASSWORD_MIN_SAY "个字符，且不能只用同一个字符",
                    "At least " PORTAL_PASSWORD_MIN_SAY " characters, and not one character only");
}

struct portal_seat portal_new_seat(struct request *req, const char **token)
{
    const struct settings *settings = api_server(req)->settings;
    struct portal_seat seat = {.idle_s = settings->portal_session_idle_s,
                               .absolute_s = settings->portal_session_absolute_s};
    *token = access_session_token(request_arena(req), &seat.token_digest);
    return seat;
}

static struct json *session_json(struct request *req, const struct portal_session *session)
{
    struct json *body = json_new_object();
    reply_put_text(body, "name", session->name);
    json_put_text(body, "mobile_masked", session->mobile_masked);
    json_put_text(body, "proof", session->proof);
    reply_put_time(req, body, "expires_at", session->expires_at_us);
    return body;
}

void portal_reply_opened(struct request *req, enum err err, const struct row *rows, const char *token)
{
    struct portal_session session;
    if (err == OK)
        err = store_open_portal_session_read(rows, request_arena(req), &session);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    access_set_cookie(req, SESSION_PORTAL, token, api_server(req)->settings->portal_session_absolute_s);
    struct json *body = session_json(req, &session);
    json_put_text(body, "token", token);
    request_reply_json(req, 201, body);
}

static void opened(void *context, enum err err, const struct row *rows)
{
    struct portal_entry *entry = context;
    portal_reply_opened(entry->req, err, rows, entry->token);
}

/* -- by password ------------------------------------------------------------------------------------------------- */

static void verify_password(void *context)
{
    struct portal_entry *entry = context;
    entry->password_right = password_verify(entry->hash, entry->password);
}

static void password_verified(void *context)
{
    struct portal_entry *entry = context;
    struct request *req = entry->req;
    const struct api_server *server = api_server(req);
    struct portal_login login = {
        .credential = &entry->credential,
        .typed = seal_index(server->seal_keys, request_arena(req), "portal.account", entry->account),
        .address = request_address(req),
        .accepted = entry->credential.known && entry->password_right,
        .attempts_limit = server->settings->portal_login_attempts,
        .lock_s = server->settings->portal_login_lock_s,
    };
    struct portal_seat seat = portal_new_seat(req, &entry->token);
    enum err err = store_open_portal_session(server->db, &login, &seat, api_call_ms(req), opened, entry);
    if (err != OK)
        request_fail(req, err);
}

static void credential_read(void *context, enum err err, const struct row *rows)
{
    struct portal_entry *entry = context;
    struct request *req = entry->req;
    if (err == OK)
        err = store_get_portal_credential_read(rows, request_arena(req), &entry->credential);
    if (err == OK) {
        entry->hash = entry->credential.known ? entry->credential.password_hash : password_hash_of_nobody();
        err = offload_submit(api_server(req)->offload, verify_password, password_verified, entry);
    }
    if (err != OK)
        request_fail(req, err);
}

/* Names are kept in lower case. */
static const char *lower(struct arena *arena, const char *text)
{
    char *copy = arena_text(arena, text);
    for (char *at = copy; *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
    return copy;
}

static enum err enter_by_password(struct portal_entry *entry, const char *account, const char *password)
{
    struct request *req = entry->req;
    struct arena *arena = request_arena(req);
    const char *mobile = mobile_canonical(arena, account);
    bool numbered = mobile_valid(mobile);
    entry->account = numbered ? mobile : lower(arena, account);
    entry->password = arena_text(arena, password);
    struct bytes index = numbered ? portal_mobile_index(req, mobile) : (struct bytes){0};
    return store_get_portal_credential(api_server(req)->db, numbered ? NULL : entry->account, index, api_call_ms(req),
                                       credential_read, entry);
}

/* -- by code ----------------------------------------------------------------------------------------------------- */

static void say_tries(struct request *req, int64_t left)
{
    struct arena *arena = request_arena(req);
    struct fault *fault = request_fault(req);
    long long count = (long long)left;
    if (left > 0)
        fault_say(fault, arena_format(arena, "还可以再试%lld次", count),
                  arena_format(arena, "It may be tried %lld more times", count));
    else
        fault_say(fault, "请重新获取验证码", "Ask for another code");
    fault_extend(fault, "sms_code", arena_format(arena, "{\"tries_left\": %lld}", count));
}

static void opened_by_code(void *context, enum err err, const struct row *rows)
{
    struct portal_entry *entry = context;
    struct portal_session session;
    if (err == OK && store_open_portal_session_read(rows, request_arena(entry->req), &session) == ERR_SMS_CODE_REFUSED)
        say_tries(entry->req, store_open_portal_session_sms_tries(rows));
    opened(entry, err, rows);
}

static enum err enter_by_code(struct portal_entry *entry, const char *typed, const char *code)
{
    struct request *req = entry->req;
    const struct api_server *server = api_server(req);
    struct portal_mobile mobile;
    const char *canonical;
    TRY(portal_read_mobile(req, typed, &mobile, &canonical));
    struct portal_seat seat = portal_new_seat(req, &entry->token);
    struct bytes digest = code_digest(server->seal_keys, request_arena(req), "login", canonical, code);
    return store_open_portal_session_sms(server->db, &mobile, digest, &seat, api_call_ms(req), opened_by_code, entry);
}

enum err api_portal_session_open(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *account = NULL, *password = NULL, *mobile = NULL, *code = NULL;
    const struct json_field fields[] = {
        {"account", FIELD_TEXT, .into = &account, .length_max = ACCOUNT_MAX, .optional = true},
        {"password", FIELD_TEXT, .into = &password, .length_max = PASSWORD_LENGTH_MAX, .optional = true},
        {"mobile", FIELD_TEXT, .into = &mobile, .length_max = MOBILE_MAX, .optional = true},
        {"code", FIELD_TEXT, .into = &code, .length_max = CODE_DIGITS, .optional = true},
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    struct portal_entry *entry = ARENA_NEW(request_arena(req), struct portal_entry);
    entry->req = req;
    if (account != NULL && password != NULL && mobile == NULL && code == NULL)
        return enter_by_password(entry, account, password);
    if (mobile != NULL && code != NULL && account == NULL && password == NULL)
        return enter_by_code(entry, mobile, code);
    return fault_explain(request_fault(req), ERR_FIELDS_INVALID, "请填写帐号和密码，或手机号码和短信验证码",
                         "Give account and password, or mobile and code");
}

/* -- the current session ----------------------------------------------------------------------------------------- */

static void session_read(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct portal_session session;
    if (err == OK)
        err = store_get_portal_session_read(rows, request_arena(req), &session);
    if (err == OK)
        request_reply_json(req, 200, session_json(req, &session));
    else
        request_fail(req, err);
}

enum err api_portal_session_get(struct request *req)
{
    return store_get_portal_session(api_server(req)->db, access_portal_digest(req), api_call_ms(req), session_read,
                                    req);
}

static void session_closed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    if (err == OK)
        err = store_close_portal_session_read(rows, request_arena(req));
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    access_set_cookie(req, SESSION_PORTAL, "", 0);
    struct json *body = json_new_object();
    json_put_text(body, "status", "closed");
    request_reply_json(req, 200, body);
}

enum err api_portal_session_close(struct request *req)
{
    return store_close_portal_session(api_server(req)->db, access_portal_digest(req), api_call_ms(req), session_closed,
                                      req);
}
