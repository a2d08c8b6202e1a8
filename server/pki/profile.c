/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/profile.h"

#include "base/yaml.h"
#include "pki/usage.h"

#include <stddef.h>
#include <string.h>

#define PLACEHOLDER "{public_url}"

const char *const key_usage_names[] = {
    "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", NULL,
};
const char *const extended_key_usage_names[] = {"clientAuth", "emailProtection", NULL};

int usage_index(const char *const *names, const char *name)
{
    for (int i = 0; names[i] != NULL; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

/* Visible ASCII, since it becomes an IA5String (RFC 5280 4.2.1.6), reached without credentials. */
static const char *check_url(const char *text)
{
    static const char what[] = "is not an address; http://, https:// or " PLACEHOLDER " is allowed";
    bool known = strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0 ||
                 strncmp(text, PLACEHOLDER, strlen(PLACEHOLDER)) == 0;
    for (const char *at = text; *at != '\0'; at++)
        if (*at <= ' ' || *at > '~')
            return what;
    return known ? NULL : what;
}

/* Numbers joined by dots, the first 0 to 2, no leading zeros (X.660 7.6). */
static const char *check_oid(const char *text)
{
    static const char what[] = "is not an object identifier; like 1.3.6.1.4.1.18760.1";
    const char *at = text;
    unsigned numbers = 0;
    do {
        size_t digits = strspn(at, "0123456789");
        if (digits == 0 || digits > 9 || (at[0] == '0' && digits > 1) || (at[digits] != '.' && at[digits] != '\0'))
            return what;
        numbers++;
        at += digits;
    } while (*at++ == '.');
    return numbers >= 2 && text[0] <= '2' && text[1] == '.' ? NULL : what;
}

static const struct yaml_field fields[] = {
    {.key = "version", .kind = YAML_TEXT, YAML_AT(struct profile, version), .max = 40},
    {.key = "key_usage",
     .kind = YAML_WORD_TEXTS,
     YAML_LIST_AT(struct profile, key_usage, key_usage_count),
     .min = 1,
     .max = 8,
     .words = key_usage_names},
    {.key = "extended_key_usage",
     .kind = YAML_WORD_TEXTS,
     YAML_LIST_AT(struct profile, extended_key_usage, extended_key_usage_count),
     .optional = true,
     .max = 8,
     .words = extended_key_usage_names},
    {.key = "policy_oid",
     .kind = YAML_TEXT,
     YAML_AT(struct profile, policy_oid),
     .optional = true,
     .max = 64,
     .check = check_oid},
    {.key = "crl_url",
     .kind = YAML_TEXT,
     YAML_AT(struct profile, crl_url),
     .optional = true,
     .max = 500,
     .check = check_url},
    {.key = "issuer_url",
     .kind = YAML_TEXT,
     YAML_AT(struct profile, issuer_url),
     .optional = true,
     .max = 500,
     .check = check_url},
    {.key = "ocsp_url",
     .kind = YAML_TEXT,
     YAML_AT(struct profile, ocsp_url),
     .optional = true,
     .max = 500,
     .check = check_url},
    {.key = "backdate_s", .kind = YAML_INTEGER, YAML_AT(struct profile, backdate_s), .max = 86400},
    {.key = "validity_max_months",
     .kind = YAML_INTEGER,
     YAML_AT(struct profile, validity_max_months),
     .min = 1,
     .max = 120},
};

static const char *file_stem(struct arena *arena, const char *path)
{
    const char *name = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
    const char *end = strrchr(name, '.');
    return arena_text_n(arena, name, end != NULL ? (size_t)(end - name) : strlen(name));
}

static const char *with_public_url(struct arena *arena, const char *text, const char *public_url)
{
    size_t size = strlen(PLACEHOLDER);
    if (strncmp(text, PLACEHOLDER, size) != 0)
        return text;
    return arena_format(arena, "%s%s", public_url, text + size);
}

enum err profile_load(struct arena *arena, const char *path, const char *public_url, struct profile *out)
{
    struct profile read = {0};
    TRY(yaml_load(arena, path, fields, ARRAY_SIZE(fields), &read, NULL, NULL));
    read.id = file_stem(arena, path);
    read.crl_url = with_public_url(arena, read.crl_url, public_url);
    read.issuer_url = with_public_url(arena, read.issuer_url, public_url);
    read.ocsp_url = with_public_url(arena, read.ocsp_url, public_url);
    *out = read;
    return OK;
}
