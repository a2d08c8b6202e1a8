/* SPDX-License-Identifier: Apache-2.0 */
/* The TBSCertList, written by hand. crl_lint.c looks at it with OpenSSL's eyes. */
#include "pki/crl.h"

#include "base/clock.h"
#include "base/text.h"
#include "pki/crl_entries.h"
#include "pki/der.h"
#include "pki/key.h"
#include "pki/x509.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SERIAL_SIZE_MAX 20 /* RFC 5280 4.1.2.2 */
#define UTC_TIME_END    2050

static const uint8_t crl_number[] = {0x55, 0x1d, 0x14};
static const uint8_t reason_code[] = {0x55, 0x1d, 0x15};
static const uint8_t authority_key_identifier[] = {0x55, 0x1d, 0x23};

enum crl_reason crl_reason_of_text(const char *text)
{
    static const struct {
        const char *text;
        enum crl_reason reason;
    } reasons[] = {
        {"keyCompromise", CRL_KEY_COMPROMISE},
        {"cACompromise", CRL_CA_COMPROMISE},
        {"affiliationChanged", CRL_AFFILIATION_CHANGED},
        {"superseded", CRL_SUPERSEDED},
        {"cessationOfOperation", CRL_CESSATION_OF_OPERATION},
        {"privilegeWithdrawn", CRL_PRIVILEGE_WITHDRAWN},
        {"aACompromise", CRL_AA_COMPROMISE},
    };
    for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
        if (strcmp(reasons[i].text, text) == 0)
            return reasons[i].reason;
    return CRL_UNSPECIFIED;
}

/* -- entries ------------------------------------------------------------------------------------------------------ */

static struct bytes without_zeros(struct bytes number)
{
    while (number.size > 0 && number.data[0] == 0)
        number = (struct bytes){number.data + 1, number.size - 1};
    return number;
}

static int by_serial(const void *a, const void *b)
{
    struct bytes one = ((const struct crl_entry *)a)->serial, other = ((const struct crl_entry *)b)->serial;
    if (one.size != other.size)
        return one.size < other.size ? -1 : 1;
    return memcmp(one.data, other.data, one.size);
}

enum err crl_sort_entries(struct arena *arena, const struct crl_request *request, struct crl_entry **sorted)
{
    size_t count = request->entry_count;
    struct crl_entry *entries = arena_alloc(arena, count * sizeof(*entries));
    for (size_t i = 0; i < count; i++) {
        entries[i] = request->entries[i];
        entries[i].serial = without_zeros(entries[i].serial);
        ENSURE(entries[i].serial.size > 0 && entries[i].serial.size <= SERIAL_SIZE_MAX, ERR_LINT_REFUSED);
    }
    if (count > 1)
        qsort(entries, count, sizeof(*entries), by_serial);
    for (size_t i = 1; i < count; i++)
        ENSURE(by_serial(&entries[i - 1], &entries[i]) != 0, ERR_LINT_REFUSED);
    *sorted = entries;
    return OK;
}

/* -- fields ------------------------------------------------------------------------------------------------------- */

/* A positive INTEGER: one zero more when its first bit would make it negative (X.690 8.3). */
static struct bytes integer(struct arena *arena, struct bytes number)
{
    struct bytes digits = without_zeros(number);
    bool sign = digits.size == 0 || (digits.data[0] & 0x80) != 0;
    struct bytes parts[] = {{(const uint8_t *)"", sign ? 1 : 0}, digits};
    return der_wrap(arena, DER_INTEGER, der_join(arena, parts, ARRAY_SIZE(parts)));
}

static struct bytes integer_of(struct arena *arena, int64_t number)
{
    uint8_t octets[sizeof(number)];
    for (size_t i = 0; i < sizeof(octets); i++)
        octets[i] = (uint8_t)((uint64_t)number >> (8 * (sizeof(octets) - 1 - i)));
    return integer(arena, (struct bytes){octets, sizeof(octets)});
}

/* RFC 5280 5.1.2.4: UTCTime until 2049, GeneralizedTime from 2050 on. */
static enum err write_time(struct arena *arena, int64_t unix_us, struct bytes *out)
{
    time_t seconds = (time_t)(unix_us / CLOCK_SECOND_US);
    struct tm utc;
    char text[32];
    ENSURE(unix_us > 0 && gmtime_r(&seconds, &utc) != NULL, ERR_LINT_REFUSED);
    bool short_year = utc.tm_year + 1900 < UTC_TIME_END;
    size_t size = strftime(text, sizeof(text), short_year ? "%y%m%d%H%M%SZ" : "%Y%m%d%H%M%SZ", &utc);
    *out = der_wrap(arena, short_year ? DER_UTC_TIME : DER_GENERALIZED_TIME,
                    (struct bytes){(const uint8_t *)text, size});
    return OK;
}

/* None of ours is critical (RFC 5280 5.2.1, 5.2.3, 5.3.1). */
static struct bytes extension(struct arena *arena, struct bytes oid, struct bytes value)
{
    struct bytes parts[] = {der_wrap(arena, DER_OID, oid), der_wrap(arena, DER_OCTET_STRING, value)};
    return der_sequence(arena, parts, ARRAY_SIZE(parts));
}

static enum err write_entry(struct arena *arena, const struct crl_entry *entry, struct bytes *out)
{
    struct bytes parts[3] = {integer(arena, entry->serial)};
    size_t count = 2;
    TRY(write_time(arena, entry->revoked_at_us, &parts[1]));
    if (entry->reason != CRL_UNSPECIFIED) {
        struct bytes code = der_wrap(arena, DER_ENUMERATED, DER_LITERAL((uint8_t)entry->reason));
        struct bytes only = extension(arena, (struct bytes){reason_code, sizeof(reason_code)}, code);
        parts[count++] = der_sequence(arena, &only, 1);
    }
    *out = der_sequence(arena, parts, count);
    return OK;
}

static enum err write_entries(struct arena *arena, const struct crl_request *request, struct bytes *out)
{
    struct crl_entry *sorted;
    TRY(crl_sort_entries(arena, request, &sorted));
    struct bytes *parts = arena_alloc(arena, request->entry_count * sizeof(*parts));
    for (size_t i = 0; i < request->entry_count; i++)
        TRY(write_entry(arena, &sorted[i], &parts[i]));
    *out = der_sequence(arena, parts, request->entry_count);
    return OK;
}

static enum err write_extensions(struct arena *arena, const struct certificate *issuer, int64_t number,
                                 struct bytes *out)
{
    ENSURE(issuer->key_id.size > 0, ERR_LINT_REFUSED);
    struct bytes key = der_wrap(arena, DER_CONTEXT | 0, issuer->key_id);
    struct bytes list[] = {
        extension(arena, (struct bytes){authority_key_identifier, sizeof(authority_key_identifier)},
                  der_sequence(arena, &key, 1)),
        extension(arena, (struct bytes){crl_number, sizeof(crl_number)}, integer_of(arena, number)),
    };
    *out = der_wrap(arena, DER_CONTEXT_CONSTRUCTED | 0, der_sequence(arena, list, ARRAY_SIZE(list)));
    return OK;
}

/* -- the whole ---------------------------------------------------------------------------------------------------- */

/* TBSCertList ::= SEQUENCE { version, signature, issuer, thisUpdate, nextUpdate, revokedCertificates, [0] extensions }
 * (RFC 5280 5.1.2). Without entries revokedCertificates is absent (5.1.2.6). */
enum err crl_build(struct arena *arena, const struct certificate *issuer, const struct crl_request *request,
                   struct bytes *tbs)
{
    enum key_kind kind = key_kind(issuer->spki);
    ENSURE(kind != KEY_REFUSED && request->number > 0 && request->this_update_us < request->next_update_us,
           ERR_LINT_REFUSED);
    struct bytes parts[7] = {integer_of(arena, 1), key_signature_algorithm(kind), issuer->subject_der};
    size_t count = 5;
    TRY(write_time(arena, request->this_update_us, &parts[3]));
    TRY(write_time(arena, request->next_update_us, &parts[4]));
    if (request->entry_count > 0)
        TRY(write_entries(arena, request, &parts[count++]));
    TRY(write_extensions(arena, issuer, request->number, &parts[count]));
    *tbs = der_sequence(arena, parts, count + 1);
    return OK;
}
