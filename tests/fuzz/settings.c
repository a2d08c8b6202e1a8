/* SPDX-License-Identifier: Apache-2.0 */
/* The settings file. */
#include "fuzz.h"

#include "base/settings.h"

static size_t faults;

static void report(void *context, const char *message)
{
    (void)context;
    faults += message != NULL;
}

void fuzz_start(void)
{
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    struct settings settings;
    faults = 0;
    fuzz_fill(&settings, sizeof(settings));
    if (settings_load(arena, fuzz_file(input), report, NULL, &settings) == OK)
        HOLDS(faults == 0);
    else
        HOLDS(fuzz_untouched(&settings, sizeof(settings)) && faults > 0);
}
