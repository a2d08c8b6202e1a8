/* SPDX-License-Identifier: Apache-2.0 */
#include "pages.h"

#include <string.h>

/* Every address that a subscriber's page may have; the page itself knows which view belongs there. */
static const struct files_document documents[] = {
    {"/", "portal.html"},
    {"/apply", "portal.html"},
    {"/order", "portal.html"},
    {"/m", "m.html"},
};

/* "https://host:port" of a URL (RFC 6454 4). */
static const char *origin_of(struct arena *arena, const char *url)
{
    const char *scheme_end = strstr(url, "://");
    if (scheme_end == NULL)
        return "";
    const char *host = scheme_end + strlen("://");
    return arena_text_n(arena, url, (size_t)(host - url) + strcspn(host, "/?#"));
}

/* Payers are taken to their gateway by a form that the page posts; browsers allow it only where the policy names the
 * gateway's origin (CSP 3, 6.4.2). */
static const char *gateway_origins(const struct settings *settings, struct arena *arena)
{
    const char *origins = "";
    if (settings->alipay_app_id[0] != '\0')
        origins = arena_format(arena, "%s %s", origins, origin_of(arena, settings->alipay_gateway_url));
    if (settings->unionpay_merchant_id[0] != '\0')
        origins = arena_format(arena, "%s %s", origins, origin_of(arena, settings->unionpay_front_url));
    return origins;
}

const char *pages_policy(const struct settings *settings, struct arena *arena)
{
    return arena_format(arena,
                        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
                        "font-src 'self'; connect-src 'self'; form-action 'self'%s; base-uri 'none'; "
                        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types vue",
                        gateway_origins(settings, arena));
}

enum err pages_open(const struct settings *settings, struct arena *arena, struct files **out)
{
    *out = NULL;
    if (settings->web_pages[0] == '\0')
        return OK;
    return files_open(&(struct files_options){.root = settings_path(arena, settings, settings->web_pages),
                                              .documents = documents,
                                              .document_count = ARRAY_SIZE(documents),
                                              .policy = pages_policy(settings, arena)},
                      out);
}
