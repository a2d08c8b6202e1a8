/* SPDX-License-Identifier: Apache-2.0 */
/* Any JSON: what was read and written is read again, and written the same. */
#include "fuzz.h"

#include "base/json.h"

#include <string.h>

void fuzz_start(void)
{
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    AUTO_JSON *document = NULL;
    AUTO_JSON *again = NULL;
    if (json_parse((const char *)input.data, input.size, fuzz_fault(arena), &document) != OK) {
        HOLDS(document == NULL);
        return;
    }
    const char *text = json_dump(document, arena);
    HOLDS(utf8_valid(text, strlen(text)));
    HOLDS(json_parse(text, strlen(text), fuzz_fault(arena), &again) == OK);
    HOLDS(strcmp(text, json_dump(again, arena)) == 0);
    for (size_t i = 0; i < json_length(document); i++)
        json_text(json_item(document, i));
    json_text_at(document, "agent.mobile");
}
