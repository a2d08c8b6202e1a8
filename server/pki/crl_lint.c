/* SPDX-License-Identifier: Apache-2.0 */
/* THE table of rules that a revocation list must keep before it is signed, and its assembly. crl.c writes by hand; here
 * it is read by OpenSSL's decoder and compared with what was asked for. */
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "pki/crl.h"
#include "pki/crl_entries.h"
#include "pki/der.h"
#include "pki/key.h"
#include "pki/x509.h"

#include <time.h>

DEFINE_CLEANUP(ASN1_INTEGER, ASN1_INTEGER_free)

struct check {
    struct arena *arena;
    X509_CRL *list;
    X509 *ca;
    struct bytes algorithm; /* as written inside the TBS */
    const struct certificate *issuer;
    const struct crl_request *request;
};

static struct bytes octets_of(const ASN1_STRING *string)
{
    return (struct bytes){ASN1_STRING_get0_data(string), (size_t)ASN1_STRING_length(string)};
}

/* -- rules -------------------------------------------------------------------------------------------------------- */

static bool version_is_2(const struct check *check)
{
    return X509_CRL_get_version(check->list) == X509_CRL_VERSION_2;
}

static bool algorithm_is_the_issuers(const struct check *check)
{
    enum key_kind kind = key_kind(check->issuer->spki);
    return kind != KEY_REFUSED && bytes_equal(check->algorithm, key_signature_algorithm(kind));
}

static bool issuer_is_the_ca(const struct check *check)
{
    const unsigned char *der;
    size_t size;
    return X509_NAME_get0_der(X509_CRL_get_issuer(check->list), &der, &size) == 1 &&
           bytes_equal((struct bytes){der, size}, check->issuer->subject_der);
}

static bool issuer_may_sign_lists(const struct check *check)
{
    return (X509_get_key_usage(check->ca) & KU_CRL_SIGN) != 0; /* all bits when absent */
}

static bool time_is(const ASN1_TIME *written, int64_t unix_us)
{
    struct tm civil;
    return written != NULL && ASN1_TIME_to_tm(written, &civil) == 1 &&
           (int64_t)timegm(&civil) == unix_us / CLOCK_SECOND_US &&
           ASN1_STRING_type(written) == (civil.tm_year + 1900 < 2050 ? V_ASN1_UTCTIME : V_ASN1_GENERALIZEDTIME);
}

static bool times_are_the_requested(const struct check *check)
{
    return time_is(X509_CRL_get0_lastUpdate(check->list), check->request->this_update_us) &&
           time_is(X509_CRL_get0_nextUpdate(check->list), check->request->next_update_us);
}

static bool extensions_are_two(const struct check *check)
{
    return X509_CRL_get_ext_count(check->list) == 2;
}

static bool authority_is_the_ca(const struct check *check)
{
    int critical = -1;
    AUTO(AUTHORITY_KEYID) *authority = X509_CRL_get_ext_d2i(check->list, NID_authority_key_identifier, &critical, NULL);
    return authority != NULL && critical == 0 && authority->keyid != NULL && authority->issuer == NULL &&
           authority->serial == NULL && bytes_equal(octets_of(authority->keyid), check->issuer->key_id);
}

static bool number_is_the_requested(const struct check *check)
{
    int critical = -1;
    int64_t number;
    AUTO(ASN1_INTEGER) *written = X509_CRL_get_ext_d2i(check->list, NID_crl_number, &critical, NULL);
    return written != NULL && critical == 0 && ASN1_INTEGER_get_int64(&number, written) == 1 && number > 0 &&
           number == check->request->number;
}

static bool reason_is(const X509_REVOKED *entry, enum crl_reason reason)
{
    int count = X509_REVOKED_get_ext_count(entry);
    if (reason == CRL_UNSPECIFIED)
        return count <= 0;
    int at = X509_REVOKED_get_ext_by_NID(entry, NID_crl_reason, -1);
    if (count != 1 || at != 0)
        return false;
    X509_EXTENSION *only = X509_REVOKED_get_ext(entry, at);
    return X509_EXTENSION_get_critical(only) == 0 &&
           bytes_equal(octets_of(X509_EXTENSION_get_data(only)), DER_LITERAL(DER_ENUMERATED, 1, (uint8_t)reason));
}

static bool entry_is(const X509_REVOKED *written, const struct crl_entry *wanted)
{
    const ASN1_INTEGER *serial = X509_REVOKED_get0_serialNumber(written);
    return ASN1_STRING_type(serial) == V_ASN1_INTEGER && bytes_equal(octets_of(serial), wanted->serial) &&
           time_is(X509_REVOKED_get0_revocationDate(written), wanted->revoked_at_us) &&
           reason_is(written, wanted->reason);
}

static bool entries_are_the_requested(const struct check *check)
{
    STACK_OF(X509_REVOKED) *written = X509_CRL_get_REVOKED(check->list);
    struct crl_entry *wanted;
    if (check->request->entry_count == 0)
        return written == NULL; /* RFC 5280 5.1.2.6: absent, not empty */
    if (written == NULL || (size_t)sk_X509_REVOKED_num(written) != check->request->entry_count ||
        crl_sort_entries(check->arena, check->request, &wanted) != OK)
        return false;
    for (size_t i = 0; i < check->request->entry_count; i++)
        if (!entry_is(sk_X509_REVOKED_value(written, (int)i), &wanted[i]))
            return false;
    return true;
}

static const struct rule {
    const char *name, *source;
    bool (*holds)(const struct check *check);
} rules[] = {
    {"version_is_2", "RFC 5280 5.1.2.1", version_is_2},
    {"algorithm_is_the_issuers", "RFC 5280 5.1.2.2, RFC 4055 5, RFC 5758 3.2", algorithm_is_the_issuers},
    {"issuer_is_the_ca", "RFC 5280 5.1.2.3", issuer_is_the_ca},
    {"issuer_may_sign_lists", "RFC 5280 6.3.3 (f): the CA certificate's keyUsage lacks cRLSign", issuer_may_sign_lists},
    {"times_are_the_requested", "RFC 5280 5.1.2.4, 5.1.2.5", times_are_the_requested},
    {"extensions_are_two", "RFC 5280 5.2: AKI and CRL number", extensions_are_two},
    {"authority_is_the_ca", "RFC 5280 5.2.1", authority_is_the_ca},
    {"number_is_the_requested", "RFC 5280 5.2.3", number_is_the_requested},
    {"entries_are_the_requested", "RFC 5280 5.1.2.6, 5.3.1", entries_are_the_requested},
};

/* -- the whole ---------------------------------------------------------------------------------------------------- */

static enum err decode(struct bytes der, X509_CRL **out)
{
    ENSURE(der_valid(der) && der.size <= INT32_MAX, ERR_LINT_REFUSED);
    const unsigned char *at = der.data;
    AUTO(X509_CRL) *list = d2i_X509_CRL(NULL, &at, (long)der.size);
    ENSURE(list != NULL && at == der.data + der.size, ERR_LINT_REFUSED);
    *out = TAKE(list);
    return OK;
}

/* The decoder wants a whole list: an empty signature completes it. */
static enum err decode_unsigned(struct arena *arena, struct bytes tbs, struct bytes algorithm, X509_CRL **out)
{
    struct bytes parts[] = {tbs, algorithm, der_wrap(arena, DER_BIT_STRING, DER_LITERAL(0))};
    return decode(der_sequence(arena, parts, ARRAY_SIZE(parts)), out);
}

static enum err find_algorithm(struct bytes tbs, struct bytes *algorithm)
{
    struct bytes inside, version;
    struct der_item item;
    ENSURE(der_valid(tbs) && der_take(&tbs, DER_SEQUENCE, &inside) && der_take(&inside, DER_INTEGER, &version) &&
               der_next(&inside, &item),
           ERR_LINT_REFUSED);
    *algorithm = item.whole;
    return OK;
}

enum err crl_lint(struct arena *arena, struct bytes tbs, const struct certificate *issuer,
                  const struct crl_request *request)
{
    OPENSSL_QUIET;
    AUTO(X509_CRL) *list = NULL;
    AUTO(X509) *ca = NULL;
    struct bytes algorithm;
    TRY(find_algorithm(tbs, &algorithm));
    TRY(decode_unsigned(arena, tbs, algorithm, &list));
    TRY(x509_decode(issuer->der, &ca));
    const struct check check = {arena, list, ca, algorithm, issuer, request};
    for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
        if (!rules[i].holds(&check)) {
            log_error("pki", "revocation list refused: %s (%s)", rules[i].name, rules[i].source);
            return ERR_LINT_REFUSED;
        }
    }
    return OK;
}

enum err crl_assemble(struct arena *arena, struct bytes tbs, struct bytes signature, const struct certificate *issuer,
                      struct bytes *der)
{
    OPENSSL_QUIET;
    AUTO(X509_CRL) *list = NULL;
    struct bytes joined, algorithm;
    TRY(find_algorithm(tbs, &algorithm));
    ENSURE(bytes_equal(algorithm, key_signature_algorithm(key_kind(issuer->spki))), ERR_LINT_REFUSED); /* 5.1.1.2 */
    TRY(x509_join(arena, tbs, signature, issuer, &joined));
    TRY(decode(joined, &list));
    *der = joined;
    return OK;
}
