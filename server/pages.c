/* SPDX-License-Identifier: Apache-2.0 */
#include "pages.h"

#include <string.h>

/* Every address that a page may have; the page itself knows which view belongs there. */
static const struct files_document subscribers[] = {
    {"/", "portal.html"},     {"/apply", "portal.html"}, {"/mine", "portal.html"},
    {"/order", "order.html"}, {"/m", "m.html"},
};
static const struct files_document staff[] = {
    {"/", "staff.html"},
    {"/staff", "staff.html"},
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

#define POLICY                                                                                                         \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; "           \
    "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "

static const char *subscribers_policy(const struct settings *settings, struct arena *arena)
{
    return arena_format(arena, POLICY "trusted-types vue; form-action 'self'%s", gateway_origins(settings, arena));
}

/* Reviewers look at PDFs: drawn by a worker of ours, started through the policy "pdf". */
static const char staff_policy[] = POLICY "trusted-types vue pdf; worker-src 'self'; form-action 'self'";

static enum err open_pages(const struct settings *settings, struct arena *arena, struct files_options options,
                           struct files **out)
{
    *out = NULL;
    if (settings->web_pages[0] == '\0')
        return OK;
    options.root = settings_path(arena, settings, settings->web_pages);
    return files_open(&options, out);
}

enum err pages_open(const struct settings *settings, struct arena *arena, struct files **out)
{
    return open_pages(settings, arena,
                      (struct files_options){.documents = subscribers,
                                             .document_count = ARRAY_SIZE(subscribers),
                                             .policy = subscribers_policy(settings, arena)},
                      out);
}

enum err pages_open_staff(const struct settings *settings, struct arena *arena, struct files **out)
{
    return open_pages(
        settings, arena,
        (struct files_options){.documents = staff, .document_count = ARRAY_SIZE(staff), .policy = staff_policy}, out);
}
