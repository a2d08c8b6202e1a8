/* SPDX-License-Identifier: Apache-2.0 */
#include "api/desk.h"

#include "api/access.h"
#include "api/presence.h"
#include "api/server.h"
#include "base/text.h"
#include "pki/digest.h"

#include <string.h>

/* -- where it comes from ----------------------------------------------------------------------------------------- */

static enum err cross_site(struct request *req)
{
    const char *url = api_server(req)->settings->web_staff_url;
    struct arena *arena = request_arena(req);
    return fault_explain(request_fault(req), ERR_CROSS_SITE, arena_format(arena, "工作人员页面的地址是 %s", url),
                         arena_format(arena, "The desks' pages are at %s", url));
}

/* Is origin ("https://host:port") that of the url? (RFC 6454 6.2) */
static bool is_origin_of(const char *origin, const char *url)
{
    size_t size = strlen(origin);
    return size > 0 && strncmp(url, origin, size) == 0 && (url[size] == '\0' || url[size] == '/');
}

/* Browsers say where a request comes from: Sec-Fetch-Site (W3C Fetch Metadata), Origin for all but plain reads (Fetch
 * 3.2). same-site is another host or port of the same domain: the subscribers' pages are just that. */
enum err desk_require_origin(struct request *req)
{
    const char *site = request_header(req, "sec-fetch-site"), *origin = request_header(req, "origin");
    if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
        return cross_site(req);
    if (origin != NULL && !is_origin_of(origin, api_server(req)->settings->web_staff_url))
        return cross_site(req);
    return OK;
}

/* -- by whom ------------------------------------------------------------------------------------------------------- */

char *desk_csrf_token(struct arena *arena, struct bytes key, struct bytes session_digest)
{
    const char *message = arena_format(arena, "xuqi desk write %s", hex_encode(arena, session_digest));
    return base64url_encode(arena, hmac_sha256(arena, key, bytes_of_text(message)));
}

static bool reads(const struct request *req)
{
    return strcmp(request_method(req), "GET") == 0 || strcmp(request_method(req), "HEAD") == 0;
}

/* A cookie comes along by itself, a header does not (ASVS 3.5.1). */
static enum err check_mark(struct request *req, struct bytes digest)
{
    const char *given = request_header(req, "x-xuqi-request");
    ENSURE(given != NULL, ERR_CSRF_MISSING);
    const char *expected = desk_csrf_token(request_arena(req), api_server(req)->access_key, digest);
    ENSURE(bytes_equal_secret(bytes_of_text(given), bytes_of_text(expected)), ERR_CSRF_FOREIGN);
    return OK;
}

enum err desk_admit(struct request *req)
{
    struct arena *arena = request_arena(req);
    TRY(desk_require_origin(req));
    const char *bearer = request_bearer(req);
    const char *token = bearer != NULL ? bearer : access_session_cookie(req, SESSION_STAFF);
    ENSURE(token != NULL, ERR_UNAUTHENTICATED);
    struct bytes *digest = ARENA_NEW(arena, struct bytes);
    ENSURE(access_session_digest(arena, token, digest), ERR_SESSION_UNKNOWN);
    request_set_caller(req, digest);
    if (bearer == NULL && !reads(req))
        TRY(check_mark(req, *digest));
    presence_note(api_server(req)->presence, *digest);
    return OK;
}
