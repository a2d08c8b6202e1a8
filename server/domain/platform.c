/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/platform.h"

#include "base/clock.h"
#include "base/yaml.h"
#include "domain/folder.h"
#include "domain/platform_file.h"

#include <stdio.h>
#include <string.h>

struct platforms {
    struct platform *list;
    size_t count;
};

enum err platforms_load(struct arena *arena, const struct settings *settings, platform_digest *digest,
                        settings_report *report, void *context, struct platforms **out)
{
    const struct platform_source source = {arena, settings, digest, report, context};
    const char *folder = settings_path(arena, settings, settings->config_platforms);
    struct folder_files files;
    if (strcmp(settings->config_unpayable, "refuse") != 0 && strcmp(settings->config_unpayable, "allow") != 0)
        return folder_fault(arena, report, context, "config.unpayable", "%s is not allowed; refuse or allow",
                            settings->config_unpayable);
    TRY(folder_list(arena, folder, report, context, &files));
    if (files.count == 0)
        return folder_fault(arena, report, context, folder, "holds no platform; write one in a file <platform>.yaml");
    struct platforms *platforms = ARENA_NEW(arena, struct platforms);
    platforms->list = arena_alloc(arena, files.count * sizeof(*platforms->list));
    platforms->count = files.count;
    enum err err = OK;
    for (size_t i = 0; i < files.count; i++)
        if (platform_file_load(&source, files.names[i], files.paths[i], &platforms->list[i]) != OK)
            err = ERR_SETTINGS_INVALID;
    TRY(err);
    *out = platforms;
    return OK;
}

const struct platform *platform_find(const struct platforms *platforms, const char *id)
{
    for (size_t i = 0; id != NULL && i < platforms->count; i++)
        if (strcmp(platforms->list[i].id, id) == 0)
            return &platforms->list[i];
    return NULL;
}

size_t platforms_count(const struct platforms *platforms)
{
    return platforms->count;
}

const struct platform *platform_at(const struct platforms *platforms, size_t index)
{
    return index < platforms->count ? &platforms->list[index] : NULL;
}

const char *const *platform_ids(struct arena *arena, const struct platforms *platforms, size_t *count)
{
    const char **ids = arena_alloc(arena, platforms->count * sizeof(*ids));
    for (size_t i = 0; i < platforms->count; i++)
        ids[i] = platforms->list[i].id;
    *count = platforms->count;
    return ids;
}

const char *const *platforms_that(struct arena *arena, const struct platforms *platforms,
                                  bool (*is_true)(const struct platform *platform), size_t *count)
{
    const char **ids = arena_alloc(arena, (platforms->count + 1) * sizeof(*ids));
    *count = 0;
    for (size_t i = 0; i < platforms->count; i++)
        if (is_true(&platforms->list[i]))
            ids[(*count)++] = platforms->list[i].id;
    return ids;
}

const struct platform_fees *platform_fees_at(const struct platform *platform, int64_t now_us)
{
    struct beijing now = beijing_from_us(now_us);
    char today[CLOCK_TEXT_SIZE];
    snprintf(today, sizeof(today), "%04d-%02d-%02d", now.year, now.month, now.day);
    const struct platform_fees *in_force = NULL;
    for (unsigned i = 0; i < platform->fees_count; i++) /* ascending; ISO dates compare as text */
        if (strcmp(platform->fees[i].effective_from, today) <= 0)
            in_force = &platform->fees[i];
    return in_force;
}

const struct platform_term *platform_term(const struct platform_fees *fees, int64_t months)
{
    for (unsigned i = 0; fees != NULL && i < fees->terms_count; i++)
        if (fees->terms[i].months == months)
            return &fees->terms[i];
    return NULL;
}

bool platform_proves(const struct platform *platform, enum platform_proof proof)
{
    for (unsigned i = 0; i < platform->proofs_count; i++)
        if (platform->proofs[i] == proof)
            return true;
    return false;
}

unsigned platform_line(const struct platform *platform, const char *key)
{
    return yaml_line(platform->file, key);
}

const struct platform_agreement *platform_agreement_of(const struct platform *platform, enum agreement_kind kind)
{
    return kind == AGREEMENT_PRIVACY_NOTICE      ? &platform->privacy_notice
           : kind == AGREEMENT_SENSITIVE_CONSENT ? &platform->sensitive_consent
                                                 : &platform->agreement;
}

bool platform_takes(const char *const *list, unsigned count, const char *word)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(list[i], word) == 0)
            return true;
    return false;
}
