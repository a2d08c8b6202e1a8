/* SPDX-License-Identifier: Apache-2.0 */
#include "issuer/request.h"

#include "base/text.h"
#include "domain/renewal.h"
#include "pki/digest.h"

#include <string.h>

#define CSR_LENGTH_MAX 16384

static enum err read_envelope(struct arena *arena, struct bytes body, const char **renewal_no, struct bytes *cms)
{
    struct fault fault;
    fault_init(&fault, arena);
    AUTO_JSON *document = NULL;
    const char *no = NULL, *text = NULL;
    const struct json_field fields[] = {
        {"renewal_no", FIELD_TEXT, .into = &no, .length_max = 64},
        {"request", FIELD_TEXT, .into = &text, .length_max = SIZE_MAX},
    };
    TRY(json_parse((const char *)body.data, body.size, &fault, &document));
    TRY(json_read(document, "", fields, ARRAY_SIZE(fields), &fault));
    ENSURE(base64_decode(arena, text, strlen(text), cms), ERR_CMS_MALFORMED);
    *renewal_no = arena_text(arena, no);
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

enum err certificate_ask_read(const struct issuer *issuer, struct arena *arena, struct fault *fault, struct bytes body,
                              struct certificate_ask *out)
{
    struct certificate_ask ask = {0};
    struct bytes cms;
    const char *nonce = NULL;
    TRY(read_envelope(arena, body, &ask.renewal_no, &cms));
    ENSURE(renewal_no_valid(ask.renewal_no), ERR_RENEWAL_UNKNOWN);
    TRY(cms_verify_trusted(arena, cms, issuer->trust, fault, &ask.signed_content));
    ENSURE(ask.signed_content.signer.may_sign, ERR_CERTIFICATE_USAGE);
    TRY(read_content(arena, fault, ask.signed_content.content, &nonce, &ask.csr));
    ask.nonce_digest = sha256(arena, bytes_of_text(nonce));
    ask.evidence_sha256 = sha256(arena, cms);
    *out = ask;
    return OK;
}
