/* SPDX-License-Identifier: Apache-2.0 */
/* A portal's token: as it comes, and with claims (or header and claims) that a key of ours has signed. */
#include "fuzz.h"

#include "base/clock.h"
#include "pki/jwt.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <string.h>

#define NOW_S          INT64_C(1795000000)
#define COORDINATE     32
#define SIGNATURE_ROOM 128

static EVP_PKEY *key;
static struct jwks *jwks;
static const struct jwt_expected expected = {"https://portal.example.cn", "xuqi", NOW_S *CLOCK_SECOND_US};

void fuzz_start(void)
{
    struct arena *arena = arena_new();
    uint8_t point[1 + 2 * COORDINATE];
    size_t size;
    key = EVP_EC_gen("P-256");
    HOLDS(EVP_PKEY_get_octet_string_param(key, "encoded-pub-key", point, sizeof(point), &size) == 1);
    const char *x = base64url_encode(arena, (struct bytes){point + 1, COORDINATE}),
               *y = base64url_encode(arena, (struct bytes){point + 1 + COORDINATE, COORDINATE});
    const char *set = arena_format(
        arena, "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"a\",\"x\":\"%s\",\"y\":\"%s\"}]}", x, y);
    HOLDS(jwks_parse(bytes_of_text(set), "fuzz", &jwks) == OK);
    arena_free(arena);
}

/* r and s side by side (RFC 7518 3.4). */
static const char *signature_of(struct arena *arena, const char *text)
{
    uint8_t der[SIGNATURE_ROOM], raw[2 * COORDINATE];
    const uint8_t *at = der;
    size_t size = sizeof(der);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    HOLDS(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1);
    HOLDS(EVP_DigestSign(context, der, &size, (const uint8_t *)text, strlen(text)) == 1);
    EVP_MD_CTX_free(context);
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)size);
    HOLDS(BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, COORDINATE) == COORDINATE);
    HOLDS(BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + COORDINATE, COORDINATE) == COORDINATE);
    ECDSA_SIG_free(pair);
    return base64url_encode(arena, (struct bytes){raw, sizeof(raw)});
}

static const char *signed_token(struct arena *arena, struct bytes header, struct bytes claims)
{
    const char *text = arena_format(arena, "%s.%s", base64url_encode(arena, header), base64url_encode(arena, claims));
    return arena_format(arena, "%s.%s", text, signature_of(arena, text));
}

static void judge(struct arena *arena, const char *token)
{
    struct jwt_claims claims;
    fuzz_fill(&claims, sizeof(claims));
    if (jwt_verify(jwks, &expected, arena, token, fuzz_fault(arena), &claims) != OK) {
        HOLDS(fuzz_untouched(&claims, sizeof(claims)));
        return;
    }
    HOLDS(claims.subject[0] != '\0' && claims.id[0] != '\0');
    HOLDS(claims.expires_us / CLOCK_SECOND_US >= NOW_S - JWT_SKEW_S);
    HOLDS(claims.expires_us / CLOCK_SECOND_US <= NOW_S + JWT_LIFE_S + JWT_SKEW_S);
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    uint8_t choice = fuzz_choice(&input);
    const uint8_t *line = input.size > 0 ? memchr(input.data, '\n', input.size) : NULL;
    if (choice == 'r') {
        judge(arena, fuzz_text(arena, input));
    } else if (choice == 'h' && line != NULL) {
        size_t size = (size_t)(line - input.data);
        judge(arena,
              signed_token(arena, (struct bytes){input.data, size}, (struct bytes){line + 1, input.size - size - 1}));
    } else {
        judge(arena, signed_token(arena, bytes_of_text("{\"alg\":\"ES256\",\"kid\":\"a\"}"), input));
    }
}
