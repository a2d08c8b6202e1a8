/* SPDX-License-Identifier: Apache-2.0 */
/* A platform's file: YAML, its fields, and the checks across them. */
#include "fuzz.h"

#include "domain/platform_file.h"

static struct settings settings;
static size_t faults;

static void report(void *context, const char *message)
{
    (void)context;
    faults += message != NULL;
}

static struct bytes no_digest(struct arena *arena, struct bytes content)
{
    (void)content;
    return arena_bytes(arena, "digest", 6);
}

void fuzz_start(void)
{
    HOLDS(settings_load(arena_new(), XUQI_SOURCE "/config/xuqid.yaml", NULL, NULL, &settings) == OK);
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    const struct platform_source source = {arena, &settings, no_digest, report, NULL};
    struct platform platform;
    faults = 0;
    fuzz_fill(&platform, sizeof(platform));
    if (platform_file_load(&source, "fuzz", fuzz_file(input), &platform) != OK) {
        HOLDS(fuzz_untouched(&platform, sizeof(platform)) && faults > 0);
        return;
    }
    HOLDS(faults == 0 && platform.fees_count > 0 && platform.proofs_count > 0);
    for (unsigned i = 0; i < platform.fees_count; i++)
        for (unsigned k = 0; k < platform.fees[i].terms_count; k++)
            HOLDS(platform.fees[i].terms[k].total_fen >= 0);
    platform_line(&platform, "fees[1].effective_from");
}
