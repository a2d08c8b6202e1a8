/* SPDX-License-Identifier: Apache-2.0 */
#include "base/settings.h"

#include "base/file.h"
#include "base/log.h"
#include "base/yaml.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define SECTIONS_MAX   32
#define TEXT_CHARS_MAX 2000

/* The table, one row per setting; fields of yaml.h grouped by section are made of it. */
struct row {
    const char *section;
    struct yaml_field field;
};

#define REQUIRED NULL
#define TEXT(part, name, standard_value, what)                                                                         \
    {#part,                                                                                                            \
     {.key = #name,                                                                                                    \
      .kind = YAML_TEXT,                                                                                               \
      YAML_AT(struct settings, part##_##name),                                                                         \
      .optional = (standard_value) != NULL,                                                                            \
      .standard = (standard_value),                                                                                    \
      .max = TEXT_CHARS_MAX}},
#define NUMBER(part, name, standard_value, least, most, unit, what)                                                    \
    {#part,                                                                                                            \
     {.key = #name,                                                                                                    \
      .kind = YAML_INTEGER,                                                                                            \
      YAML_AT(struct settings, part##_##name),                                                                         \
      .optional = true,                                                                                                \
      .standard = #standard_value,                                                                                     \
      .min = (least),                                                                                                  \
      .max = (most)}},
static const struct row rows[] = {
#include "base/settings.def"
};
#undef TEXT
#undef NUMBER
#undef REQUIRED

/* -- texts with a form ------------------------------------------------------------------------------------------- */

static const char *check_level(const char *text)
{
    return log_level_from_text(text) >= 0 ? NULL : "is not allowed; one of: debug, info, warn, error";
}

static const char *check_url(const char *url)
{
    size_t scheme = strncmp(url, "https://", 8) == 0 ? 8 : strncmp(url, "http://", 7) == 0 ? 7 : 0;
    size_t size = strlen(url);
    bool fits = scheme > 0 && size > scheme && url[size - 1] != '/' && strpbrk(url, " ?#\"@") == NULL;
    return fits ? NULL : "is not allowed; https://host or https://host/path, without a trailing slash";
}

static const struct {
    size_t offset;
    yaml_check_text *check;
} forms[] = {
    {offsetof(struct settings, log_level), check_level},
    {offsetof(struct settings, web_public_url), check_url},
    {offsetof(struct settings, web_staff_url), check_url},
    {offsetof(struct settings, alipay_gateway_url), check_url},
    {offsetof(struct settings, unionpay_front_url), check_url},
    {offsetof(struct settings, unionpay_query_url), check_url},
};

static yaml_check_text *form_of(const struct yaml_field *field)
{
    for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
        if (forms[i].offset == field->offset)
            return forms[i].check;
    return NULL;
}

/* -- the table --------------------------------------------------------------------------------------------------- */

/* All members lie in one flat struct, so each section is a mapping at its start. */
static size_t sections_of(struct arena *arena, struct yaml_field *sections)
{
    struct yaml_field *fields = arena_alloc(arena, sizeof(*fields) * ARRAY_SIZE(rows));
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        fields[i] = rows[i].field;
        fields[i].check = form_of(&fields[i]);
        if (count == 0 || strcmp(sections[count - 1].key, rows[i].section) != 0)
            sections[count++] = (struct yaml_field){.key = rows[i].section,
                                                    .kind = YAML_MAPPING,
                                                    .fields = &fields[i],
                                                    .element_size = sizeof(struct settings)};
        sections[count - 1].field_count++;
    }
    return count;
}

/* -- what one row cannot say ------------------------------------------------------------------------------------- */

static void check_pair(struct yaml_file *file, const char *set, const char *set_key, const char *needed,
                       const char *needed_key)
{
    if (set[0] != '\0' && needed[0] == '\0')
        yaml_fault(file, needed_key, "is empty; it is needed when %s is set", set_key);
}

static void check_unionpay(struct yaml_file *file, const struct settings *settings)
{
    const struct {
        const char *value, *key;
    } needed[] = {
        {settings->unionpay_pfx_file, "unionpay.pfx_file"},
        {settings->unionpay_password_file, "unionpay.password_file"},
        {settings->unionpay_root_file, "unionpay.root_file"},
        {settings->unionpay_middle_file, "unionpay.middle_file"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
        check_pair(file, settings->unionpay_merchant_id, "unionpay.merchant_id", needed[i].value, needed[i].key);
}

static bool same_port(const char *one, int64_t one_port, const char *other, int64_t other_port)
{
    return one_port != 0 && one_port == other_port && strcmp(one, other) == 0;
}

/* Sockets share a port (SO_REUSEPORT): two settings with the same one would not fail, but mix what must be apart. */
static void check_ports(struct yaml_file *file, const struct settings *settings)
{
    const char *public = settings->web_address, *staff = settings->web_staff_address,
               *admin = settings->web_admin_address;
    if (same_port(public, settings->web_port, admin, settings->web_admin_port))
        yaml_fault(file, "web.admin_port", "is web.port as well; another port, since /metrics must never be public");
    if (same_port(public, settings->web_port, staff, settings->web_staff_port))
        yaml_fault(file, "web.staff_port",
                   "is web.port as well; another port, since staff have an origin of their own");
    for (int64_t i = 0; i < settings->web_processes && settings->web_admin_port != 0; i++)
        if (same_port(admin, settings->web_admin_port + i, staff, settings->web_staff_port))
            yaml_fault(file, "web.staff_port", "is an administration port; those are %lld to %lld",
                       (long long)settings->web_admin_port,
                       (long long)(settings->web_admin_port + settings->web_processes - 1));
    if (strcmp(settings->web_public_url, settings->web_staff_url) == 0)
        yaml_fault(file, "web.staff_url", "is web.public_url as well; another origin");
}

static enum err check_together(struct yaml_file *file, const struct settings *settings)
{
    check_pair(file, settings->web_staff_tls_certificate, "web.staff_tls_certificate", settings->web_staff_tls_key,
               "web.staff_tls_key");
    check_pair(file, settings->web_staff_tls_key, "web.staff_tls_key", settings->web_staff_tls_certificate,
               "web.staff_tls_certificate");
    check_pair(file, settings->web_staff_client_ca, "web.staff_client_ca", settings->web_staff_client_crl,
               "web.staff_client_crl");
    check_pair(file, settings->web_staff_client_ca, "web.staff_client_ca", settings->web_staff_tls_certificate,
               "web.staff_tls_certificate");
    check_pair(file, settings->web_tls_certificate, "web.tls_certificate", settings->web_tls_key, "web.tls_key");
    check_pair(file, settings->web_tls_key, "web.tls_key", settings->web_tls_certificate, "web.tls_certificate");
    check_pair(file, settings->alipay_app_id, "alipay.app_id", settings->alipay_seller_id, "alipay.seller_id");
    check_pair(file, settings->alipay_app_id, "alipay.app_id", settings->alipay_private_key_file,
               "alipay.private_key_file");
    check_pair(file, settings->alipay_app_id, "alipay.app_id", settings->alipay_public_key_file,
               "alipay.public_key_file");
    check_unionpay(file, settings);
    check_ports(file, settings);
    return yaml_check(file);
}

/* -- loading ----------------------------------------------------------------------------------------------------- */

/* So that a role that changes its folder still finds everything. */
static char *absolute(struct arena *arena, const char *path)
{
    char *real = realpath(path, NULL);
    char *copy = arena_text(arena, real != NULL ? real : path);
    free(real);
    return copy;
}

static char *folder_of(struct arena *arena, const char *path)
{
    char *folder = arena_text(arena, path);
    char *slash = strrchr(folder, '/');
    if (slash == NULL)
        return arena_text(arena, ".");
    slash[slash == folder ? 1 : 0] = '\0';
    return folder;
}

enum err settings_load(struct arena *arena, const char *path, settings_report *report, void *context,
                       struct settings *out)
{
    struct yaml_file *file = NULL;
    struct settings settings = {0};
    struct yaml_field sections[SECTIONS_MAX];
    size_t count = sections_of(arena, sections);
    TRY(yaml_open(arena, path, report, context, &file));
    TRY(yaml_bind(file, sections, count, &settings));
    TRY(check_together(file, &settings));
    settings.file = absolute(arena, path);
    settings.folder = folder_of(arena, settings.file);
    *out = settings;
    return OK;
}

/* -- what may change while a process runs -------------------------------------------------------------------------- */

/* Which keys there are and where. All of them texts. */
static const size_t reloaded[] = {
    offsetof(struct settings, keys_seal_file),          offsetof(struct settings, alipay_private_key_file),
    offsetof(struct settings, alipay_public_key_file),  offsetof(struct settings, unionpay_pfx_file),
    offsetof(struct settings, unionpay_password_file),  offsetof(struct settings, unionpay_root_file),
    offsetof(struct settings, unionpay_middle_file),    offsetof(struct settings, wechat_merchant_serial),
    offsetof(struct settings, wechat_private_key_file), offsetof(struct settings, wechat_merchant_certificate_file),
    offsetof(struct settings, wechat_api_key_file),     offsetof(struct settings, wechat_public_key_id),
    offsetof(struct settings, wechat_public_key_file),  offsetof(struct settings, wechat_certificate_files),
    offsetof(struct settings, sms_access_key_id),       offsetof(struct settings, sms_access_key_secret_file),
    offsetof(struct settings, faceid_secret_id),        offsetof(struct settings, faceid_secret_key_file),
};

static bool is_reloaded(size_t offset)
{
    for (size_t i = 0; i < ARRAY_SIZE(reloaded); i++)
        if (reloaded[i] == offset)
            return true;
    return false;
}

static const char *text_at(const struct settings *settings, size_t offset)
{
    const char *text;
    memcpy(&text, (const char *)settings + offset, sizeof(text));
    return text;
}

static bool differs(const struct row *row, const struct settings *now, const struct settings *newer)
{
    size_t offset = row->field.offset;
    if (row->field.kind == YAML_TEXT)
        return strcmp(text_at(now, offset), text_at(newer, offset)) != 0;
    return memcmp((const char *)now + offset, (const char *)newer + offset, sizeof(int64_t)) != 0;
}

void settings_with_keys(const struct settings *now, const struct settings *newer, struct arena *arena,
                        struct settings *out, const char **other)
{
    struct settings settings = *now;
    *other = NULL;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct yaml_field *field = &rows[i].field;
        if (is_reloaded(field->offset)) {
            const char *text = text_at(newer, field->offset);
            memcpy((char *)&settings + field->offset, &text, sizeof(text));
        } else if (*other == NULL && differs(&rows[i], now, newer))
            *other = arena_format(arena, "%s.%s", rows[i].section, field->key);
    }
    *out = settings;
}

size_t settings_addresses(const struct settings *settings, const char *addresses[], size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_SIZE(rows) && count < max; i++) {
        const struct yaml_field *field = &rows[i].field;
        if (field->kind != YAML_TEXT || field->offset == offsetof(struct settings, web_public_url) ||
            field->offset == offsetof(struct settings, web_staff_url))
            continue;
        const char *text = text_at(settings, field->offset);
        if (strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0)
            addresses[count++] = text;
    }
    return count;
}

char *settings_path(struct arena *arena, const struct settings *settings, const char *path)
{
    return file_path(arena, settings->folder, path);
}
