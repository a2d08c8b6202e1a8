/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "domain/payment_method.h"
#include "rules.h"

#include <string.h>

static void say(struct arena *arena, const struct platform *platform, const char *key, settings_report *report,
                void *context, const char *what)
{
    report(context, arena_format(arena, "%s:%u: %s: %s", platform->path, platform_line(platform, key), key, what));
}

static enum err check_profile(struct arena *arena, const struct platform *platform, const struct profiles *profiles,
                              settings_report *report, void *context)
{
    if (profile_find(profiles, platform->profile) != NULL)
        return OK;
    say(arena, platform, "profile", report, context,
        arena_format(arena, "there is no profile %s; write it (it is read at start) or name another",
                     platform->profile));
    return ERR_SETTINGS_INVALID;
}

/* The text a person agreed to must be found again by id and version. */
static enum err check_text(struct arena *arena, const struct platform *platform, enum agreement_kind kind,
                           const struct platforms *others, settings_report *report, void *context)
{
    const struct platform_agreement *mine = platform_agreement_of(platform, kind);
    for (size_t i = 0; i < platforms_count(others); i++) {
        const struct platform_agreement *other = platform_agreement_of(platform_at(others, i), kind);
        if (strcmp(mine->id, other->id) != 0 || strcmp(mine->version, other->version) != 0 ||
            strcmp(mine->sha256, other->sha256) == 0)
            continue;
        say(arena, platform, arena_format(arena, "%s.version", agreement_kinds[kind]), report, context,
            arena_format(arena, "%s is there already with another text (platform %s); give the new text a new version",
                         mine->version, platform_at(others, i)->id));
        return ERR_SETTINGS_INVALID;
    }
    return OK;
}

static enum err check_texts(struct arena *arena, const struct platform *platform, const struct platforms *others,
                            settings_report *report, void *context)
{
    enum err err = OK;
    for (enum agreement_kind kind = 0; kind < AGREEMENT_KINDS; kind++)
        if (check_text(arena, platform, kind, others, report, context) != OK)
            err = ERR_SETTINGS_INVALID;
    return err;
}

enum err rules_check(struct arena *arena, const struct platforms *platforms, const struct profiles *profiles,
                     const struct platforms *before, settings_report *report, void *context)
{
    enum err err = OK;
    for (size_t i = 0; i < platforms_count(platforms); i++) {
        const struct platform *platform = platform_at(platforms, i);
        if (check_profile(arena, platform, profiles, report, context) != OK ||
            check_texts(arena, platform, platforms, report, context) != OK ||
            (before != NULL && check_texts(arena, platform, before, report, context) != OK))
            err = ERR_SETTINGS_INVALID;
    }
    return err;
}

void rules_note(struct arena *arena, const struct settings *settings, const struct platforms *platforms,
                settings_report *report, void *context)
{
    for (size_t i = 0; i < platforms_count(platforms); i++) {
        const struct platform *platform = platform_at(platforms, i);
        const char *absent = payment_methods_absent(arena, settings, platform);
        if (absent[0] != '\0')
            say(arena, platform, "payment_methods", report, context,
                arena_format(arena, "not set up here and not shown: %s", absent));
    }
}
