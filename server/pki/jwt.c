/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/jwt.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "pki/jwk.h"

#include <string.h>

#define SUBJECT_MAX 128
#define ID_MAX      128

static enum err refuse(struct fault *fault, const char *zh, const char *en)
{
    return fault_explain(fault, ERR_PORTAL_TOKEN_INVALID, zh, en);
}

/* -- the form ---------------------------------------------------------------------------------------------------- */

struct parts {
    struct bytes header, claims, signature; /* decoded */
    struct bytes message;                   /* what was signed */
};

static bool take_part(struct arena *arena, const char *from, const char *to, struct bytes *out)
{
    return to > from && base64url_decode(arena, from, (size_t)(to - from), out);
}

static bool split(struct arena *arena, const char *token, struct parts *out)
{
    size_t size = strlen(token);
    const char *first = strchr(token, '.');
    const char *second = first == NULL ? NULL : strchr(first + 1, '.');
    if (size > JWT_SIZE_MAX || second == NULL)
        return false;
    out->message = (struct bytes){(const uint8_t *)token, (size_t)(second - token)};
    return take_part(arena, token, first, &out->header) && take_part(arena, first + 1, second, &out->claims) &&
           take_part(arena, second + 1, token + size, &out->signature);
}

/* Duplicate members are refused by the parser: two readers could disagree about which counts. */
static enum err parse(struct arena *arena, struct bytes text, struct json **out)
{
    struct fault ignored;
    fault_init(&ignored, arena);
    return json_parse((const char *)text.data, text.size, &ignored, out);
}

/* -- the signature ----------------------------------------------------------------------------------------------- */

static enum err check_signature(const struct jwks *jwks, struct arena *arena, const struct parts *parts,
                                struct fault *fault)
{
    AUTO_JSON *header = NULL;
    if (parse(arena, parts->header, &header) != OK || json_member(header, "crit") != NULL) /* RFC 7515 4.1.11 */
        return refuse(fault, "门户凭证的头部无法识别", "The token's header cannot be read");
    const char *kid = json_member_text(header, "kid"), *algorithm = json_member_text(header, "alg");
    const struct jwk *key = kid == NULL ? NULL : jwks_find(jwks, kid);
    if (key == NULL)
        return refuse(fault, "门户凭证的签名密钥（kid）未登记", "The token's key (kid) is not one of the portal's");
    if (algorithm == NULL || strcmp(algorithm, jwk_algorithm(key)) != 0)
        return refuse(fault, "门户凭证的签名算法（alg）与密钥不符", "The token's alg is not that of its key");
    if (!jwk_verify(key, parts->message, parts->signature))
        return refuse(fault, "门户凭证的签名验证失败", "The token's signature does not verify");
    return OK;
}

/* -- the claims -------------------------------------------------------------------------------------------------- */

static bool is(const char *text, const char *expected)
{
    return text != NULL && strcmp(text, expected) == 0;
}

/* RFC 7519 4.1.3: one audience or several. */
static bool is_meant_for(const struct json *claims, const char *audience)
{
    const struct json *list = json_member(claims, "aud");
    if (list == NULL || is(json_member_text(claims, "aud"), audience))
        return list != NULL;
    for (size_t i = 0; i < json_length(list); i++)
        if (is(json_text(json_item(list, i)), audience))
            return true;
    return false;
}

static enum err check_times(const struct json *claims, int64_t now_s, struct fault *fault, int64_t *expires_s)
{
    int64_t issued_s, not_before_s;
    if (!json_member_integer(claims, "exp", expires_s) || !json_member_integer(claims, "iat", &issued_s))
        return refuse(fault, "门户凭证缺少exp或iat", "The token has no exp or iat in whole seconds");
    bool starts = json_member(claims, "nbf") == NULL;
    if (!starts && json_member_integer(claims, "nbf", &not_before_s))
        starts = not_before_s <= now_s + JWT_SKEW_S;
    if (!starts || issued_s > now_s + JWT_SKEW_S)
        return refuse(fault, "门户凭证尚未生效", "The token is not valid yet");
    if (*expires_s > now_s + JWT_LIFE_S)
        return refuse(fault, "门户凭证的有效期过长", "The token lives longer than an hour");
    ENSURE(now_s < *expires_s + JWT_SKEW_S, ERR_PORTAL_TOKEN_EXPIRED);
    return OK;
}

static bool short_text(const char *text, size_t max)
{
    return text != NULL && text[0] != '\0' && strlen(text) <= max;
}

static enum err check_claims(const struct jwt_expected *expected, struct arena *arena, struct bytes text,
                             struct fault *fault, struct jwt_claims *out)
{
    AUTO_JSON *claims = NULL;
    int64_t expires_s;
    if (parse(arena, text, &claims) != OK)
        return refuse(fault, "门户凭证的内容无法识别", "The token's claims cannot be read");
    if (!is(json_member_text(claims, "iss"), expected->issuer) || !is_meant_for(claims, expected->audience))
        return refuse(fault, "门户凭证的签发方或接收方不符", "The token's iss or aud is another one");
    TRY(check_times(claims, expected->now_us / CLOCK_SECOND_US, fault, &expires_s));
    const char *subject = json_member_text(claims, "sub"), *id = json_member_text(claims, "jti");
    if (!short_text(subject, SUBJECT_MAX) || !short_text(id, ID_MAX))
        return refuse(fault, "门户凭证缺少帐号（sub）或编号（jti）", "The token has no sub or jti of 1 to 128 bytes");
    *out = (struct jwt_claims){.subject = arena_text(arena, subject),
                               .id = arena_text(arena, id),
                               .expires_us = (expires_s + JWT_SKEW_S) * CLOCK_SECOND_US};
    return OK;
}

enum err jwt_verify(const struct jwks *jwks, const struct jwt_expected *expected, struct arena *arena,
                    const char *token, struct fault *fault, struct jwt_claims *out)
{
    struct parts parts;
    if (!split(arena, token, &parts))
        return refuse(fault, "门户凭证格式错误", "The token is not a JWS in compact form");
    TRY(check_signature(jwks, arena, &parts, fault));
    return check_claims(expected, arena, parts.claims, fault, out);
}
