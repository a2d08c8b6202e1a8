/* SPDX-License-Identifier: Apache-2.0 */
/* A correction as JSON: only what was given changes, and giving it twice changes nothing more. */
#include "fuzz.h"

#include "base/json.h"
#include "domain/application_field.h"
#include "domain/correction.h"

#include <string.h>

void fuzz_start(void)
{
}

static void apply(const struct correction *correction, struct arena *arena)
{
    struct application once = application_empty;
    correction_apply(correction, arena, &once);
    struct application twice = once;
    correction_apply(correction, arena, &twice);
    for (size_t i = 0; i < application_field_count(); i++) {
        const struct application_field *field = application_field_at(i);
        if (field->kind == FORM_TERM)
            continue;
        const char *value = application_field_value(field, &once);
        HOLDS(strcmp(value, application_field_value(field, &twice)) == 0);
        HOLDS(strcmp(value, application_field_canonical(field, arena, value)) == 0);
        HOLDS(correction->given[i] != NULL || strcmp(value, application_field_value(field, &application_empty)) == 0);
        const char *shown = application_field_shown(field, arena, value);
        HOLDS(utf8_valid(shown, strlen(shown)));
    }
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    AUTO_JSON *document = NULL;
    struct fault *fault = fuzz_fault(arena);
    struct correction correction;
    if (json_parse((const char *)input.data, input.size, fault, &document) != OK)
        return;
    fuzz_fill(&correction, sizeof(correction));
    if (correction_read(document, arena, fault, &correction) != OK) {
        HOLDS(fuzz_untouched(&correction, sizeof(correction)));
        HOLDS(fault->field_count > 0);
        return;
    }
    if (correction_check_named(&correction, "agent.mobile invoice.tax_id", fault) != OK)
        HOLDS(fault->field_count > 0);
    apply(&correction, arena);
}
