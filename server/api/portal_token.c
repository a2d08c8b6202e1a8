/* SPDX-License-Identifier: Apache-2.0 */
#include "api/portal_token.h"

#include "api/renewal_rules.h"
#include "api/server.h"
#include "base/mem.h"
#include "base/text.h"
#include "pki/digest.h"
#include "pki/jwt.h"

struct portal_issuer {
    struct jwks *keys; /* NULL where no token is asked for */
};

struct portal_issuers {
    const struct platforms *platforms;
    size_t count;
    struct portal_issuer items[]; /* by the platform's index */
};

enum err portal_issuers_load(struct arena *arena, const struct settings *settings, const struct platforms *platforms,
                             struct portal_issuers **out)
{
    size_t count = platforms_count(platforms);
    struct portal_issuers *issuers = mem_alloc(sizeof(*issuers) + count * sizeof(struct portal_issuer));
    issuers->platforms = platforms;
    issuers->count = count;
    enum err err = OK;
    for (size_t i = 0; err == OK && i < count; i++) {
        const struct platform *platform = platform_at(platforms, i);
        if (platform_proves(platform, PROOF_PORTAL_TOKEN))
            err = jwks_load(settings_path(arena, settings, platform->portal.jwks_file), &issuers->items[i].keys);
    }
    if (err != OK) {
        portal_issuers_free(issuers);
        return err;
    }
    *out = issuers;
    return OK;
}

void portal_issuers_free(struct portal_issuers *issuers)
{
    if (issuers == NULL)
        return;
    for (size_t i = 0; i < issuers->count; i++)
        jwks_free(issuers->items[i].keys);
    mem_free(issuers);
}

static const struct jwks *keys_of(const struct portal_issuers *issuers, const struct platform *platform)
{
    for (size_t i = 0; i < issuers->count; i++)
        if (platform_at(issuers->platforms, i) == platform)
            return issuers->items[i].keys;
    return NULL;
}

enum err portal_token_check(struct request *req, const struct platform *platform, const char *token, int64_t now_us,
                            struct portal_token_use *out)
{
    struct arena *arena = request_arena(req);
    const struct jwks *keys = keys_of(api_server(req)->portal_issuers, platform);
    const struct jwt_expected expected = {platform->portal.issuer, platform->portal.audience, now_us};
    struct jwt_claims claims;
    ENSURE(token[0] != '\0', ERR_PORTAL_TOKEN_MISSING);
    ENSURE(keys != NULL, ERR_INTERNAL);
    TRY(jwt_verify(keys, &expected, arena, token, request_fault(req), &claims));
    const char *id = arena_format(arena, "%s\n%s", platform->portal.issuer, claims.id);
    out->issuer = platform->portal.issuer;
    out->account = claims.subject;
    out->token = sha256(arena, bytes_of_text(id));
    out->expires_us = claims.expires_us;
    return OK;
}
