/* SPDX-License-Identifier: Apache-2.0 */
#include "api/access.h"

#include "api/desk.h"
#include "api/refusals.h"
#include "api/server.h"
#include "base/mem.h"
#include "base/text.h"
#include "pki/digest.h"

#include <string.h>

static const char *const session_cookies[] = {[SESSION_STAFF] = "xuqi_staff", [SESSION_PORTAL] = "xuqi_portal"};

static bool over_tls(struct request *req, enum session_kind kind)
{
    const struct settings *settings = api_server(req)->settings;
    return strncmp(kind == SESSION_STAFF ? settings->web_staff_url : settings->web_public_url, "https://", 8) == 0;
}

/* Browsers keep cookies apart by host, not by port, and let one host set another's: __Host- binds a name to the very
 * host that set it over TLS (RFC 6265bis 4.1.3.2). */
static const char *cookie_name(struct request *req, enum session_kind kind)
{
    const char *prefix = kind == SESSION_STAFF && over_tls(req, kind) ? "__Host-" : "";
    return arena_format(request_arena(req), "%s%s", prefix, session_cookies[kind]);
}

char *access_token(struct arena *arena, struct bytes key, const char *renewal_no)
{
    const char *message = arena_format(arena, "xuqi renewal access %s", renewal_no);
    return base64url_encode(arena, hmac_sha256(arena, key, bytes_of_text(message)));
}

char *access_pay_url(struct arena *arena, const char *public_url, const char *renewal_no, const char *token)
{
    return arena_format(arena, "%s/order/%s#%s", public_url, renewal_no, token);
}

/* -- the phone --------------------------------------------------------------------------------------------------- */

#define PHONE_RANDOM_SIZE 16 /* and as many of its mark */

static struct bytes phone_mark(struct arena *arena, struct bytes key, struct bytes random)
{
    const char *message = arena_format(arena, "xuqi phone link %s", hex_encode(arena, random));
    return (struct bytes){hmac_sha256(arena, key, bytes_of_text(message)).data, PHONE_RANDOM_SIZE};
}

char *access_phone_token(struct arena *arena, struct bytes key, struct bytes *digest)
{
    uint8_t *raw = arena_alloc(arena, 2 * PHONE_RANDOM_SIZE);
    random_bytes(raw, PHONE_RANDOM_SIZE);
    struct bytes mark = phone_mark(arena, key, (struct bytes){raw, PHONE_RANDOM_SIZE});
    memcpy(raw + PHONE_RANDOM_SIZE, mark.data, PHONE_RANDOM_SIZE);
    struct bytes token = {raw, 2 * PHONE_RANDOM_SIZE};
    *digest = sha256(arena, token);
    return base64url_encode(arena, token);
}

char *access_phone_url(struct arena *arena, const char *public_url, const char *token)
{
    return arena_format(arena, "%s/m/#%s", public_url, token);
}

static enum err admit_phone(struct request *req)
{
    struct arena *arena = request_arena(req);
    const char *given = request_bearer(req);
    struct bytes raw;
    ENSURE(given != NULL && base64url_decode(arena, given, strlen(given), &raw) && raw.size == 2 * PHONE_RANDOM_SIZE,
           ERR_PHONE_LINK_INVALID);
    struct bytes expected = phone_mark(arena, api_server(req)->access_key, (struct bytes){raw.data, PHONE_RANDOM_SIZE});
    ENSURE(bytes_equal_secret((struct bytes){raw.data + PHONE_RANDOM_SIZE, PHONE_RANDOM_SIZE}, expected),
           ERR_PHONE_LINK_INVALID);
    struct bytes *digest = ARENA_NEW(arena, struct bytes);
    *digest = sha256(arena, raw);
    request_set_caller(req, digest);
    return OK;
}

struct bytes access_phone_digest(const struct request *req)
{
    return *(const struct bytes *)request_caller(req);
}

static enum err check_renewal(struct request *req, const char *given)
{
    ENSURE(given != NULL, ERR_ACCESS_TOKEN_INVALID);
    const char *expected = access_token(request_arena(req), api_server(req)->access_key, request_path_part(req, "no"));
    ENSURE(bytes_equal_secret(bytes_of_text(given), bytes_of_text(expected)), ERR_ACCESS_TOKEN_INVALID);
    return OK;
}

static enum err admit_renewal(struct request *req)
{
    return check_renewal(req, request_bearer(req));
}

enum err access_require_renewal(struct request *req)
{
    return check_renewal(req, request_header(req, "x-xuqi-renewal"));
}

/* The value of one cookie (RFC 6265 4.2.1), or NULL. */
static const char *cookie(struct request *req, const char *name)
{
    const char *header = request_header(req, "cookie");
    size_t length = strlen(name);
    while (header != NULL && *header != '\0') {
        header += strspn(header, "; ");
        size_t pair = strcspn(header, ";");
        if (pair > length && strncmp(header, name, length) == 0 && header[length] == '=')
            return arena_text_n(request_arena(req), header + length + 1, pair - length - 1);
        header += pair;
    }
    return NULL;
}

const char *access_session_cookie(struct request *req, enum session_kind kind)
{
    return cookie(req, cookie_name(req, kind));
}

bool access_session_digest(struct arena *arena, const char *token, struct bytes *digest)
{
    struct bytes raw;
    if (!base64url_decode(arena, token, strlen(token), &raw) || raw.size != SESSION_TOKEN_SIZE)
        return false;
    *digest = sha256(arena, raw);
    return true;
}

/* A cookie comes along by itself, a header does not: writes by cookie must name the session in a header as well, which
 * no foreign page can (ASVS 3.5.1). */
static enum err admit_portal(struct request *req)
{
    const char *token = request_bearer(req);
    if (token == NULL) {
        token = access_session_cookie(req, SESSION_PORTAL);
        bool reads = strcmp(request_method(req), "GET") == 0 || strcmp(request_method(req), "HEAD") == 0;
        ENSURE(token != NULL && (reads || request_header(req, "x-xuqi-request") != NULL), ERR_UNAUTHENTICATED);
    }
    struct bytes *digest = ARENA_NEW(request_arena(req), struct bytes);
    ENSURE(access_session_digest(request_arena(req), token, digest), ERR_UNAUTHENTICATED);
    request_set_caller(req, digest);
    return OK;
}

static enum err admit_staff(struct request *req)
{
    enum err err = desk_admit(req);
    if (err != OK)
        refusals_note(req, err);
    return err;
}

enum err access_admit(struct request *req, const struct route *route)
{
    switch (route->access) {
    case ACCESS_PUBLIC:
        return OK;
    case ACCESS_RENEWAL:
        return admit_renewal(req);
    case ACCESS_PHONE:
        return admit_phone(req);
    case ACCESS_STAFF:
        return admit_staff(req);
    case ACCESS_PORTAL:
        return admit_portal(req);
    }
    return ERR_FORBIDDEN;
}

struct bytes access_staff_digest(const struct request *req)
{
    return *(const struct bytes *)request_caller(req);
}

struct bytes access_portal_digest(const struct request *req)
{
    return *(const struct bytes *)request_caller(req);
}

const char *access_portal_token(struct request *req)
{
    const char *bearer = request_bearer(req);
    return bearer != NULL ? bearer : access_session_cookie(req, SESSION_PORTAL);
}

enum err access_require_portal(struct request *req)
{
    return admit_portal(req);
}

char *access_session_token(struct arena *arena, struct bytes *digest)
{
    uint8_t *raw = arena_alloc(arena, SESSION_TOKEN_SIZE);
    random_bytes(raw, SESSION_TOKEN_SIZE);
    struct bytes token = {raw, SESSION_TOKEN_SIZE};
    *digest = sha256(arena, token);
    return base64url_encode(arena, token);
}

void access_set_cookie(struct request *req, enum session_kind kind, const char *token, int64_t max_age_s)
{
    const char *secure = over_tls(req, kind) ? "; Secure" : "";
    request_add_header(req, "Set-Cookie",
                       arena_format(request_arena(req), "%s=%s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Strict%s",
                                    cookie_name(req, kind), token, (long long)max_age_s, secure));
}
