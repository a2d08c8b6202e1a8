/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"
#include "base/text.h"
#include "pki/der.h"
#include "pki/key.h"
#include "pki/profile.h"
#include "pki/tbs.h"
#include "pki/x509.h"

enum err x509_join(struct arena *arena, struct bytes tbs, struct bytes signature, const struct certificate *issuer,
                   struct bytes *der)
{
    enum key_kind kind = key_kind(issuer->spki);
    ENSURE(kind != KEY_REFUSED, ERR_LINT_REFUSED);
    if (!x509_signature_valid(issuer->spki, tbs, signature)) {
        log_error("pki", "the signature does not verify with the CA certificate's key: is the key label right?");
        return ERR_HSM_REFUSED;
    }
    struct bytes bits[] = {DER_LITERAL(0), signature};
    struct bytes parts[] = {tbs, key_signature_algorithm(kind),
                            der_wrap(arena, DER_BIT_STRING, der_join(arena, bits, ARRAY_SIZE(bits)))};
    *der = der_sequence(arena, parts, ARRAY_SIZE(parts));
    return OK;
}

static bool holds(struct bytes certificate, struct bytes tbs)
{
    struct bytes inside;
    struct der_item first;
    return der_take(&certificate, DER_SEQUENCE, &inside) && der_next(&inside, &first) && bytes_equal(first.whole, tbs);
}

enum err certificate_assemble(struct arena *arena, struct bytes tbs, struct bytes signature,
                              const struct certificate *issuer, struct bytes *der)
{
    struct tbs parsed;
    struct bytes joined, algorithm = key_signature_algorithm(key_kind(issuer->spki));
    ENSURE(tbs_parse(tbs, &parsed), ERR_LINT_REFUSED);
    ENSURE(bytes_equal(parsed.algorithm, algorithm), ERR_LINT_REFUSED); /* RFC 5280 4.1.1.2: the same twice */
    TRY(x509_join(arena, tbs, signature, issuer, &joined));
    AUTO(X509) *read = NULL;
    ENSURE(x509_decode(joined, &read) == OK && holds(joined, tbs), ERR_LINT_REFUSED);
    *der = joined;
    return OK;
}
