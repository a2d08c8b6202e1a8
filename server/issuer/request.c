/* SPDX-License-Identifier: Apache-2.0 */
#include "issuer/request.h"

#include "base/text.h"
#include "domain/renewal.h"
#include "pki/digest.h"

#include <string.h>

#define CSR_LENGTH_MAX   16384
#define PORTAL_TOKEN_MAX 64

struct envelope {
    const char *renewal_no, *portal_token; /* "": signed */
    struct bytes request;
};

/* A JSON head, NUL, which JSON never holds, and the request as it came. */
static enum err read_envelope(struct arena *arena, struct bytes body, struct envelope *out)
{
    struct fault fault;
    fault_init(&fault, arena);
    AUTO_JSON *document = NULL;
    const char *no = NULL, *token = "";
    const struct json_field fields[] = {
        {"renewal_no", FIELD_TEXT, .into = &no, .length_max = 64},
        {"portal_token", FIELD_TEXT, .into = &token, .length_max = PORTAL_TOKEN_MAX, .optional = true},
    };
    const uint8_t *end = body.size > 0 ? memchr(body.data, '\0', body.size) : NULL;
    ENSURE(end != NULL, ERR_JSON_MALFORMED);
    size_t head = (size_t)(end - body.data);
    TRY(json_parse((const char *)body.data, head, &fault, &document));
    TRY(json_read(document, "", fields, ARRAY_SIZE(fields), &fault));
    out->request = (struct bytes){end + 1, body.size - head - 1};
    out->renewal_no = arena_text(arena, no);
    out->portal_token = arena_text(arena, token);
    return OK;
}

static enum err read_content(struct arena *arena, struct fault *fault, struct bytes content, const char **nonce,
                             struct csr *csr)
{
    AUTO_JSON *document = NULL;
    const char *given = NULL, *pem = NULL;
    const struct json_field fields[] = {
        {"nonce", FIELD_TEXT, .into = &given, .length_max = 64},
        {"signing_csr", FIELD_TEXT, .into = &pem, .length_max = CSR_LENGTH_MAX, .lines = true},
    };
    TRY(json_parse((const char *)content.data, content.size, fault, &document));
    TRY(json_read(document, "", fields, ARRAY_SIZE(fields), fault));
    *nonce = arena_text(arena, given);
    return csr_parse(arena, bytes_of_text(arena_text(arena, pem)), fault, csr);
}

static enum err check_signed(const struct issuer *issuer, struct arena *arena, struct fault *fault, struct bytes cms,
                             struct certificate_ask *ask)
{
    TRY(cms_verify_trusted(arena, cms, issuer->trust, fault, &ask->signed_content));
    ENSURE(ask->signed_content.signer.may_sign, ERR_CERTIFICATE_USAGE);
    return OK;
}

/* Whose session the token opens is the database's to say. */
static enum err check_session(struct arena *arena, const struct envelope *envelope, struct certificate_ask *ask)
{
    struct bytes token;
    ENSURE(base64url_decode(arena, envelope->portal_token, strlen(envelope->portal_token), &token),
           ERR_UNAUTHENTICATED);
    ask->portal_token_digest = sha256(arena, token);
    ask->signed_content.content = envelope->request;
    return OK;
}

enum err certificate_ask_read(const struct issuer *issuer, struct arena *arena, struct fault *fault, struct bytes body,
                              struct certificate_ask *out)
{
    struct certificate_ask ask = {0};
    struct envelope envelope;
    const char *nonce = NULL;
    TRY(read_envelope(arena, body, &envelope));
    ask.renewal_no = envelope.renewal_no;
    ENSURE(renewal_no_valid(ask.renewal_no), ERR_RENEWAL_UNKNOWN);
    if (envelope.portal_token[0] == '\0')
        TRY(check_signed(issuer, arena, fault, envelope.request, &ask));
    else
        TRY(check_session(arena, &envelope, &ask));
    TRY(read_content(arena, fault, ask.signed_content.content, &nonce, &ask.csr));
    ask.nonce_digest = sha256(arena, bytes_of_text(nonce));
    ask.evidence_sha256 = sha256(arena, envelope.request);
    *out = ask;
    return OK;
}
