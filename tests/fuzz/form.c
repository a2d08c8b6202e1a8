/* SPDX-License-Identifier: Apache-2.0 */
/* A body of application/x-www-form-urlencoded: what was read is the same when it is written and read again. */
#include "fuzz.h"

#include "remote/form.h"

#include <string.h>

void fuzz_start(void)
{
}

static void same(const struct form_fields *a, const struct form_fields *b)
{
    HOLDS(a->count == b->count);
    for (size_t i = 0; i < a->count; i++) {
        HOLDS(strcmp(a->items[i].name, b->items[i].name) == 0);
        HOLDS(strcmp(a->items[i].value, b->items[i].value) == 0);
    }
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    struct form_fields fields, again;
    fuzz_fill(&fields, sizeof(fields));
    if (form_parse(input, arena, &fields) != OK) {
        HOLDS(fuzz_untouched(&fields, sizeof(fields)));
        return;
    }
    HOLDS(fields.count <= FORM_COUNT_MAX);
    struct bytes written = form_post_body(&fields, arena);
    if (written.size <= FORM_BYTES_MAX) { /* escapes take more room */
        HOLDS(form_parse(written, arena, &again) == OK);
        same(&fields, &again);
    }
    form_sort(&fields);
    for (size_t i = 1; i < fields.count; i++)
        HOLDS(strcmp(fields.items[i - 1].name, fields.items[i].name) < 0);
    form_join(&fields, arena);
}
