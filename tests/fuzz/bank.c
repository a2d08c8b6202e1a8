/* SPDX-License-Identifier: Apache-2.0 */
/* A list of bank branches: every row that is taken has a code and a name, and names are searched the same way twice. */
#include "fuzz.h"

#include "domain/bank_file.h"

#include <string.h>

void fuzz_start(void)
{
}

static void count_fault(void *context, size_t line, const char *fault)
{
    size_t *faults = context;
    (void)line;
    *faults += fault != NULL;
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    struct bank_list list;
    size_t faults = 0;
    fuzz_fill(&list, sizeof(list));
    if (bank_file_read(arena, input, count_fault, &faults, &list) != OK) {
        HOLDS(fuzz_untouched(&list, sizeof(list)) && faults > 0);
        return;
    }
    HOLDS(faults == 0 && list.doubtful <= list.count);
    for (size_t i = 0; i < list.count; i++) {
        HOLDS(strlen(list.codes[i]) == 12 && list.names[i][0] != '\0');
        HOLDS(utf8_valid(list.names[i], strlen(list.names[i])));
        HOLDS(utf8_valid(list.provinces[i], strlen(list.provinces[i])));
        HOLDS(utf8_valid(list.cities[i], strlen(list.cities[i])));
        HOLDS(strcmp(list.searches[i], bank_search_text(arena, list.searches[i])) == 0);
    }
}
