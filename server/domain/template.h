/* SPDX-License-Identifier: Apache-2.0 */
/* The words of messages to applicants, one YAML file per event in config/templates/: an SMS that fits one message and a
 * mail, with {placeholders}. */
#pragma once

#include "base/settings.h"

#include <stdbool.h>

/* Events every installation needs a file for: NULL-terminated. */
extern const char *const template_events[];

struct template
{
    const char *event;   /* the file's name: "approved" */
    const char *sms;     /* at most 70 characters when filled: one message, billed once */
    const char *subject; /* of the mail */
    const char *body;
};

#define TEMPLATE_VALUES(X)                                                                                             \
    X(organisation)                                                                                                    \
    X(renewal_no)                                                                                                      \
    X(amount)                                                                                                          \
    X(not_after)                                                                                                       \
    X(reason)                                                                                                          \
    X(hotline)

/* What {organisation} and so on stand for; NULL counts as "". */
struct template_values {
#define X(name) const char *name;
    TEMPLATE_VALUES(X)
#undef X
};

struct templates;

/* Reports all faults like settings_load; ERR_SETTINGS_INVALID also when a needed event has no file. */
enum err templates_load(struct arena *arena, const struct settings *settings, settings_report *report, void *context,
                        struct templates **out) MUST_CHECK;
size_t templates_count(const struct templates *templates);
const struct template *template_at(const struct templates *templates, size_t index);
/* NULL when there is none. */
const struct template *template_find(const struct templates *templates, const char *event);
/* text with its placeholders filled in; organisation and reason are cut to what the SMS limit reckons with when sms is
 * true. Control characters of values become spaces, so that no value adds lines or headers. */
char *template_fill(struct arena *arena, const char *text, const struct template_values *values, bool sms);
