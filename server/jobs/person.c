/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/person.h"

#include "base/json.h"
#include "pki/seal.h"

enum err person_read(const struct jobs *jobs, struct arena *arena, struct bytes evidence_sha256,
                     struct bytes personal_sealed, struct person *out)
{
    struct fault fault;
    struct bytes text;
    AUTO_JSON *document = NULL;
    const struct json *agent = NULL, *recipient = NULL;
    const char *address = NULL;
    struct person person = {0};
    const struct json_field both[] = {
        {"agent", FIELD_OBJECT, .into = &agent},
        {"recipient", FIELD_OBJECT, .into = &recipient, .optional = true},
    };
    const struct json_field fields[] = {
        {"id_type", FIELD_TEXT, .into = &person.id_type}, {"id_number", FIELD_TEXT, .into = &person.id_number},
        {"name", FIELD_TEXT, .into = &person.name},       {"mobile", FIELD_TEXT, .into = &person.mobile},
        {"email", FIELD_TEXT, .into = &person.email},     {"address", FIELD_TEXT, .into = &address},
    };
    fault_init(&fault, arena);
    TRY(unseal(jobs->seal_keys, arena, "renewal.personal", evidence_sha256, personal_sealed, &text));
    TRY(json_parse((const char *)text.data, text.size, &fault, &document));
    TRY(json_read(document, "", both, ARRAY_SIZE(both), &fault));
    TRY(json_read(agent, "agent", fields, ARRAY_SIZE(fields), &fault));
    *out = (struct person){.id_type = arena_text(arena, person.id_type),
                           .id_number = arena_text(arena, person.id_number),
                           .name = arena_text(arena, person.name),
                           .mobile = arena_text(arena, person.mobile),
                           .email = arena_text(arena, person.email)};
    return OK;
}
