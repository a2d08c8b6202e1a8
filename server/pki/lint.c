/* SPDX-License-Identifier: Apache-2.0 */
/* THE table of rules that a certificate must keep before it is signed. Nothing of OpenSSL's encoder is used: each field
 * is compared with what this file writes itself from the request and the profile. */
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "pki/key.h"
#include "pki/profile.h"
#include "pki/tbs.h"
#include "pki/usage.h"
#include "pki/x509.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SERIAL_SIZE  16
#define OID_SIZE_MAX 64

struct check {
    struct arena *arena;
    struct tbs tbs;
    const struct profile *profile;
    const struct certificate *issuer;
    const struct certificate_request *request;
};

/* -- fields ------------------------------------------------------------------------------------------------------- */

static bool version_is_3(const struct check *check)
{
    return bytes_equal(check->tbs.version, DER_LITERAL(2));
}

static bool serial_is_ours(const struct check *check)
{
    struct bytes serial = check->request->serial;
    if (serial.size != SERIAL_SIZE || (serial.data[0] & 0x80) != 0)
        return false;
    while (serial.size > 0 && serial.data[0] == 0)
        serial = (struct bytes){serial.data + 1, serial.size - 1};
    if (serial.size == 0)
        return false;
    /* an INTEGER whose first bit would make it negative has one zero more */
    struct bytes written = check->tbs.serial;
    if ((serial.data[0] & 0x80) != 0 && written.size > 0 && written.data[0] == 0)
        written = (struct bytes){written.data + 1, written.size - 1};
    return bytes_equal(written, serial) && (check->tbs.serial.data[0] & 0x80) == 0;
}

static bool algorithm_is_the_issuers(const struct check *check)
{
    enum key_kind kind = key_kind(check->issuer->spki);
    return kind != KEY_REFUSED && bytes_equal(check->tbs.algorithm, key_signature_algorithm(kind));
}

static bool issuer_is_the_ca(const struct check *check)
{
    return bytes_equal(check->tbs.issuer, check->issuer->subject_der);
}

static bool subject_is_the_requested(const struct check *check)
{
    static const uint8_t empty[] = {DER_SEQUENCE, 0};
    return bytes_equal(check->tbs.subject, check->request->subject_der) &&
           !bytes_equal(check->tbs.subject, (struct bytes){empty, sizeof(empty)});
}

static bool time_is(const struct der_item *item, int64_t unix_us)
{
    time_t seconds = (time_t)(unix_us / CLOCK_SECOND_US);
    struct tm utc;
    char text[32];
    if (unix_us < 0 || unix_us % CLOCK_SECOND_US != 0 || gmtime_r(&seconds, &utc) == NULL)
        return false;
    bool short_year = utc.tm_year + 1900 < 2050;
    size_t size = strftime(text, sizeof(text), short_year ? "%y%m%d%H%M%SZ" : "%Y%m%d%H%M%SZ", &utc);
    return item->tag == (short_year ? DER_UTC_TIME : DER_GENERALIZED_TIME) &&
           bytes_equal(item->content, (struct bytes){(const uint8_t *)text, size});
}

static bool times_are_the_requested(const struct check *check)
{
    return time_is(&check->tbs.not_before, check->request->not_before_us) &&
           time_is(&check->tbs.not_after, check->request->not_after_us);
}

static bool period_is_not_empty(const struct check *check)
{
    return check->request->not_before_us < check->request->not_after_us;
}

static bool period_is_inside_the_issuers(const struct check *check)
{
    return check->request->not_before_us >= check->issuer->not_before_us &&
           check->request->not_after_us <= check->issuer->not_after_us;
}

/* Counted in calendar months from the time of issue, as terms are. */
static bool period_is_not_too_long(const struct check *check)
{
    int64_t issued_us = check->request->not_before_us + check->profile->backdate_s * CLOCK_SECOND_US;
    struct beijing end = beijing_from_us(issued_us);
    int64_t months = end.month - 1 + check->profile->validity_max_months;
    end.year += (int)(months / 12);
    end.month = (int)(months % 12) + 1;
    int days = days_in_month(end.year, end.month);
    end.day = end.day < days ? end.day : days;
    return check->request->not_after_us <= beijing_to_us(end);
}

static bool key_is_the_requested(const struct check *check)
{
    return bytes_equal(check->tbs.spki, check->request->spki);
}

static bool key_is_strong(const struct check *check)
{
    return key_kind(check->tbs.spki) != KEY_REFUSED;
}

static const struct rule {
    const char *name, *source;
    bool (*holds)(const struct check *check);
} rules[] = {
    {"version_is_3", "RFC 5280 4.1.2.1", version_is_3},
    {"serial_is_ours", "RFC 5280 4.1.2.2: positive, 16 octets of ours", serial_is_ours},
    {"algorithm_is_the_issuers", "RFC 5280 4.1.2.3, RFC 4055 5, RFC 5758 3.2", algorithm_is_the_issuers},
    {"issuer_is_the_ca", "RFC 5280 4.1.2.4", issuer_is_the_ca},
    {"subject_is_the_requested", "RFC 5280 4.1.2.6", subject_is_the_requested},
    {"times_are_the_requested", "RFC 5280 4.1.2.5: UTCTime until 2049, whole seconds, Z", times_are_the_requested},
    {"period_is_not_empty", "RFC 5280 4.1.2.5", period_is_not_empty},
    {"period_is_inside_the_issuers", "RFC 5280 6.1: outside it no chain is valid", period_is_inside_the_issuers},
    {"period_is_not_too_long", "the profile's validity_max_months", period_is_not_too_long},
    {"key_is_the_requested", "RFC 5280 4.1.2.7", key_is_the_requested},
    {"key_is_strong", "RSA 2048..4096 with e=65537, or P-256", key_is_strong},
};

/* -- extensions: each function writes the value that must stand there, empty for none ------------------------------ */

static struct bytes basic_constraints(const struct check *check)
{
    return der_wrap(check->arena, DER_SEQUENCE, (struct bytes){0});
}

/* A named bit list: trailing zero bits are cut off (X.690 11.2.2). */
static struct bytes key_usage(const struct check *check)
{
    unsigned bits = 0, last = 0;
    for (size_t i = 0; i < check->profile->key_usage_count; i++) {
        int bit = usage_index(key_usage_names, check->profile->key_usage[i]);
        if (bit < 0 || bit > 7)
            return (struct bytes){0};
        bits |= 0x80u >> bit;
        last = (unsigned)bit > last ? (unsigned)bit : last;
    }
    return der_wrap(check->arena, DER_BIT_STRING, DER_LITERAL((uint8_t)(7 - last), (uint8_t)bits));
}

static struct bytes extended_key_usage(const struct check *check)
{
    static const uint8_t purposes[][8] = {
        {0x2b, 6, 1, 5, 5, 7, 3, 2}, /* id-kp-clientAuth */
        {0x2b, 6, 1, 5, 5, 7, 3, 4}, /* id-kp-emailProtection */
    };
    struct bytes parts[ARRAY_SIZE(purposes)];
    size_t count = check->profile->extended_key_usage_count;
    if (count == 0 || count > ARRAY_SIZE(purposes))
        return (struct bytes){0};
    for (size_t i = 0; i < count; i++) {
        int index = usage_index(extended_key_usage_names, check->profile->extended_key_usage[i]);
        if (index < 0)
            return (struct bytes){0};
        parts[i] = der_wrap(check->arena, DER_OID, (struct bytes){purposes[index], sizeof(purposes[index])});
    }
    return der_sequence(check->arena, parts, count);
}

static struct bytes subject_key_identifier(const struct check *check)
{
    return der_wrap(check->arena, DER_OCTET_STRING, key_identifier(check->arena, check->request->spki));
}

static struct bytes authority_key_identifier(const struct check *check)
{
    return der_wrap(check->arena, DER_SEQUENCE, der_wrap(check->arena, DER_CONTEXT | 0, check->issuer->key_id));
}

static struct bytes uniform_resource(const struct check *check, const char *url)
{
    return der_wrap(check->arena, DER_CONTEXT | 6, bytes_of_text(url));
}

static struct bytes crl_distribution_points(const struct check *check)
{
    if (check->profile->crl_url[0] == '\0')
        return (struct bytes){0};
    struct bytes full_name = der_wrap(check->arena, DER_CONTEXT_CONSTRUCTED | 0,
                                      uniform_resource(check, check->profile->crl_url));
    struct bytes name = der_wrap(check->arena, DER_CONTEXT_CONSTRUCTED | 0, full_name);
    struct bytes point = der_sequence(check->arena, &name, 1);
    return der_sequence(check->arena, &point, 1);
}

static struct bytes authority_information_access(const struct check *check)
{
    static const uint8_t ocsp[] = {DER_OID, 8, 0x2b, 6, 1, 5, 5, 7, 0x30, 1};
    static const uint8_t ca_issuers[] = {DER_OID, 8, 0x2b, 6, 1, 5, 5, 7, 0x30, 2};
    struct bytes list[2];
    size_t count = 0;
    const struct {
        struct bytes method;
        const char *url;
    } both[] = {{{ocsp, sizeof(ocsp)}, check->profile->ocsp_url},
                {{ca_issuers, sizeof(ca_issuers)}, check->profile->issuer_url}};
    for (size_t i = 0; i < ARRAY_SIZE(both); i++) {
        struct bytes description[] = {both[i].method, uniform_resource(check, both[i].url)};
        if (both[i].url[0] != '\0')
            list[count++] = der_sequence(check->arena, description, ARRAY_SIZE(description));
    }
    return count == 0 ? (struct bytes){0} : der_sequence(check->arena, list, count);
}

/* "1.2.840" as contents octets (X.690 8.19). */
static struct bytes oid_of_text(struct arena *arena, const char *text)
{
    uint8_t *out = arena_alloc(arena, OID_SIZE_MAX);
    size_t size = 0;
    char *at;
    unsigned long first = strtoul(text, &at, 10);
    for (bool second = true; *at == '.' && size + 10 < OID_SIZE_MAX; second = false) {
        unsigned long number = strtoul(at + 1, &at, 10) + (second ? first * 40 : 0);
        for (int shift = 63; shift >= 0; shift -= 7)
            if (shift == 0 || number >> shift != 0)
                out[size++] = (uint8_t)((number >> shift & 0x7f) | (shift > 0 ? 0x80 : 0));
    }
    return (struct bytes){out, size};
}

static struct bytes certificate_policies(const struct check *check)
{
    if (check->profile->policy_oid[0] == '\0')
        return (struct bytes){0};
    struct bytes oid = der_wrap(check->arena, DER_OID, oid_of_text(check->arena, check->profile->policy_oid));
    struct bytes policy = der_sequence(check->arena, &oid, 1);
    return der_sequence(check->arena, &policy, 1);
}

static const struct expectation {
    const char *name, *source;
    uint8_t oid[9];
    size_t oid_size;
    bool critical;
    struct bytes (*value)(const struct check *check);
} expectations[] = {
    {"basic_constraints", "RFC 5280 4.2.1.9: cA FALSE, critical", {0x55, 0x1d, 19}, 3, true, basic_constraints},
    {"key_usage", "RFC 5280 4.2.1.3: as in the profile, critical", {0x55, 0x1d, 15}, 3, true, key_usage},
    {"extended_key_usage", "RFC 5280 4.2.1.12: as in the profile", {0x55, 0x1d, 37}, 3, false, extended_key_usage},
    {"subject_key_identifier", "RFC 5280 4.2.1.2, RFC 7093 2", {0x55, 0x1d, 14}, 3, false, subject_key_identifier},
    {"authority_key_identifier",
     "RFC 5280 4.2.1.1: the CA's subjectKeyIdentifier",
     {0x55, 0x1d, 35},
     3,
     false,
     authority_key_identifier},
    {"crl_distribution_points",
     "RFC 5280 4.2.1.13: as in the profile",
     {0x55, 0x1d, 31},
     3,
     false,
     crl_distribution_points},
    {"authority_information_access",
     "RFC 5280 4.2.2.1: as in the profile",
     {0x2b, 6, 1, 5, 5, 7, 1, 1},
     8,
     false,
     authority_information_access},
    {"certificate_policies", "RFC 5280 4.2.1.4: as in the profile", {0x55, 0x1d, 32}, 3, false, certificate_policies},
};

/* How often it is there; *found is the last one. */
static size_t count_extension(const struct tbs *tbs, struct bytes oid, const struct tbs_extension **found)
{
    size_t count = 0;
    for (size_t i = 0; i < tbs->extension_count; i++) {
        if (!bytes_equal(tbs->extensions[i].oid, oid))
            continue;
        *found = &tbs->extensions[i];
        count++;
    }
    return count;
}

static bool expectation_holds(const struct check *check, const struct expectation *expectation, size_t *known)
{
    const struct tbs_extension *found = NULL;
    size_t count = count_extension(&check->tbs, (struct bytes){expectation->oid, expectation->oid_size}, &found);
    struct bytes value = expectation->value(check);
    *known += count;
    if (value.size == 0)
        return count == 0;
    return count == 1 && found->critical == expectation->critical && bytes_equal(found->value, value);
}

/* -- the whole ---------------------------------------------------------------------------------------------------- */

static enum err refused(const char *name, const char *source)
{
    log_error("lint", "the certificate breaks %s (%s)", name, source);
    return ERR_LINT_REFUSED;
}

static enum err check_all(const struct check *check)
{
    for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
        if (!rules[i].holds(check))
            return refused(rules[i].name, rules[i].source);
    size_t known = 0;
    for (size_t i = 0; i < ARRAY_SIZE(expectations); i++)
        if (!expectation_holds(check, &expectations[i], &known))
            return refused(expectations[i].name, expectations[i].source);
    if (known != check->tbs.extension_count)
        return refused("no_other_extension", "RFC 5280 4.2: the profile decides which there are");
    return OK;
}

enum err certificate_lint(struct arena *arena, struct bytes tbs, const struct profile *profile,
                          const struct certificate *issuer, const struct certificate_request *request)
{
    struct check check = {.arena = arena, .profile = profile, .issuer = issuer, .request = request};
    if (!tbs_parse(tbs, &check.tbs))
        return refused("tbs_is_der", "RFC 5280 4.1, X.690 10 and 11");
    if (issuer->key_id.size == 0)
        return refused("authority_key_identifier",
                       "RFC 5280 4.2.1.2: the CA's certificate has no subjectKeyIdentifier");
    return check_all(&check);
}
