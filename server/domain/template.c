/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/template.h"

#include "base/file.h"
#include "base/text.h"
#include "base/yaml.h"
#include "domain/folder.h"

#include <stddef.h>
#include <string.h>

#define SMS_CHARACTERS_MAX 70 /* of one message; longer ones are billed as several */
#define MAIL_BODY_MAX      4000

const char *const template_events[] = {"submitted",    "paid",           "approved",         "rejected", "issued",
                                       "refunded",     "cancelled",      "closed",           "returned", "reminder",
                                       "account-paid", "account-failed", "account-reminder", NULL};

struct templates {
    struct template *list;
    size_t count;
};

/* What stands between braces, and how many characters an SMS reckons with for it. */
static const struct placeholder {
    const char *name;
    size_t offset;
    size_t sms_characters;
} placeholders[] = {
    {"organisation", offsetof(struct template_values, organisation), 16},
    {"renewal_no", offsetof(struct template_values, renewal_no), 18},
    {"amount", offsetof(struct template_values, amount), 8},
    {"not_after", offsetof(struct template_values, not_after), 19},
    {"reason", offsetof(struct template_values, reason), 16},
    {"hotline", offsetof(struct template_values, hotline), 12},
};

/* The placeholder that begins at text ("{name}"), or NULL. */
static const struct placeholder *placeholder_at(const char *text)
{
    for (size_t i = 0; text[0] == '{' && i < ARRAY_SIZE(placeholders); i++) {
        size_t size = strlen(placeholders[i].name);
        if (strncmp(text + 1, placeholders[i].name, size) == 0 && text[1 + size] == '}')
            return &placeholders[i];
    }
    return NULL;
}

static const char *known_placeholders(const char *text)
{
    for (; *text != '\0'; text++) {
        const struct placeholder *placeholder = placeholder_at(text);
        if (placeholder == NULL && (*text == '{' || *text == '}'))
            return "has a brace that no known placeholder explains; known: {organisation} {renewal_no} {amount} "
                   "{not_after} {reason} {hotline}";
        if (placeholder != NULL)
            text += strlen(placeholder->name) + 1;
    }
    return NULL;
}

static const char *fits_sms(const char *text)
{
    const char *wrong = known_placeholders(text);
    if (wrong != NULL)
        return wrong;
    size_t characters = utf8_length(text);
    for (const char *at = text; (at = strchr(at, '{')) != NULL; at++) {
        const struct placeholder *placeholder = placeholder_at(at);
        characters = characters - strlen(placeholder->name) - 2 + placeholder->sms_characters;
    }
    return characters <= SMS_CHARACTERS_MAX ? NULL : "is longer than 70 characters when filled in; shorten it";
}

/* -- loading ----------------------------------------------------------------------------------------------------- */

static const struct yaml_field mail_fields[] = {
    {.key = "subject", .kind = YAML_TEXT, YAML_AT(struct template, subject), .max = 100, .check = known_placeholders},
    {.key = "body",
     .kind = YAML_TEXT,
     YAML_AT(struct template, body),
     .max = MAIL_BODY_MAX,
     .lines = true,
     .check = known_placeholders},
};

static const struct yaml_field template_fields[] = {
    {.key = "sms", .kind = YAML_TEXT, YAML_AT(struct template, sms), .max = 200, .check = fits_sms},
    {.key = "mail", .kind = YAML_MAPPING, YAML_FIELDS(struct template, mail_fields)},
};

static enum err check_events(const struct templates *templates, const char *folder, settings_report *report,
                             void *context, struct arena *arena)
{
    enum err err = OK;
    for (size_t i = 0; template_events[i] != NULL; i++)
        if (template_find(templates, template_events[i]) == NULL)
            err = folder_fault(arena, report, context, folder, "there is no %s.yaml; each event needs its file",
                               template_events[i]);
    return err;
}

enum err templates_load(struct arena *arena, const struct settings *settings, settings_report *report, void *context,
                        struct templates **out)
{
    const char *folder = settings_path(arena, settings, settings->config_templates);
    struct folder_files files;
    TRY(folder_list(arena, folder, report, context, &files));
    struct templates *templates = ARENA_NEW(arena, struct templates);
    templates->list = arena_alloc(arena, (files.count + 1) * sizeof(*templates->list));
    enum err err = OK;
    for (size_t i = 0; i < files.count; i++) {
        struct template *template = &templates->list[templates->count++];
        template->event = files.names[i];
        if (yaml_load(arena, files.paths[i], template_fields, ARRAY_SIZE(template_fields), template, report, context) !=
            OK)
            err = ERR_SETTINGS_INVALID;
    }
    enum err complete = check_events(templates, folder, report, context, arena);
    TRY(err);
    TRY(complete);
    *out = templates;
    return OK;
}

size_t templates_count(const struct templates *templates)
{
    return templates->count;
}

const struct template *template_at(const struct templates *templates, size_t index)
{
    return &templates->list[index];
}

const struct template *template_find(const struct templates *templates, const char *event)
{
    for (size_t i = 0; i < templates->count; i++)
        if (strcmp(templates->list[i].event, event) == 0)
            return &templates->list[i];
    return NULL;
}

/* -- filling ----------------------------------------------------------------------------------------------------- */

/* Appends value, at most `characters` of it (0: all), and returns the end. */
static char *append(char *out, const char *value, size_t characters)
{
    for (size_t used = 0; *value != '\0'; value++) {
        bool starts = ((unsigned char)*value & 0xc0) != 0x80;
        if (starts && characters > 0 && used++ == characters)
            break;
        *out++ = (unsigned char)*value < 0x20 || *value == 0x7f ? ' ' : *value;
    }
    return out;
}

static const char *value_of(const struct template_values *values, const struct placeholder *placeholder)
{
    const char *value = *(const char *const *)(const void *)((const char *)values + placeholder->offset);
    return value != NULL ? value : "";
}

static size_t room_for(const char *text, const struct template_values *values)
{
    size_t size = strlen(text) + 1;
    for (const char *at = text; (at = strchr(at, '{')) != NULL; at++) {
        const struct placeholder *placeholder = placeholder_at(at);
        size += placeholder != NULL ? strlen(value_of(values, placeholder)) : 0;
    }
    return size;
}

char *template_fill(struct arena *arena, const char *text, const struct template_values *values, bool sms)
{
    char *filled = arena_alloc(arena, room_for(text, values));
    char *out = filled;
    while (*text != '\0') {
        const struct placeholder *placeholder = placeholder_at(text);
        if (placeholder != NULL) {
            out = append(out, value_of(values, placeholder), sms ? placeholder->sms_characters : 0);
            text += strlen(placeholder->name) + 2;
        } else {
            *out++ = *text++;
        }
    }
    return filled;
}
