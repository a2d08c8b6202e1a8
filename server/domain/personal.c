/* SPDX-License-Identifier: Apache-2.0 */
/* The personal data of an application as it lies sealed in the database: one JSON document, written and read by the
 * same tables. Documents from before there were more than agent and recipient stay readable. */
#include "domain/application.h"
#include "domain/application_field.h"

#define MEMBERS_MAX 6

struct members {
    struct json_field fields[MEMBERS_MAX];
    size_t count;
};

static void member(struct members *members, const char *name, const char **into)
{
    members->fields[members->count++] = (struct json_field){.name = name, .kind = FIELD_TEXT, .into = into};
}

/* All six for everybody, as it was from the first. */
static struct members person_members(struct application_person *person)
{
    struct members members = {.count = 0};
    member(&members, "id_type", &person->id_type);
    member(&members, "id_number", &person->id_number);
    member(&members, "name", &person->name);
    member(&members, "mobile", &person->mobile);
    member(&members, "email", &person->email);
    member(&members, "address", &person->address);
    return members;
}

static struct members organisation_members(struct application_organisation *organisation)
{
    struct members members = {.count = 0};
    member(&members, "name", &organisation->name);
    member(&members, "id_type", &organisation->id_type);
    member(&members, "id_number", &organisation->id_number);
    member(&members, "address", &organisation->address);
    return members;
}

static struct members account_members(struct application_account *account)
{
    struct members members = {.count = 0};
    member(&members, "name", &account->name);
    member(&members, "number", &account->number);
    member(&members, "bank_name", &account->bank_name);
    member(&members, "bank_code", &account->bank_code);
    return members;
}

/* The document's objects, in its order. */
struct section {
    const char *name;
    bool always; /* also when empty */
    struct members members;
};

#define SECTIONS 5

static void list_sections(struct application *application, struct section out[SECTIONS])
{
    out[0] = (struct section){"agent", true, person_members(&application->agent)};
    out[1] = (struct section){"recipient", true, person_members(&application->recipient)};
    out[2] = (struct section){"organisation", false, organisation_members(&application->organisation)};
    out[3] = (struct section){"legal_person", false, person_members(&application->legal_person)};
    out[4] = (struct section){"basic_account", false, account_members(&application->basic_account)};
}

struct json *application_personal(const struct application *application)
{
    struct application copy = *application; /* the tables point into what may be written */
    struct section sections[SECTIONS];
    list_sections(&copy, sections);
    struct json *document = json_new_object();
    for (size_t i = 0; i < SECTIONS; i++) {
        if (!sections[i].always && !form_block_given(sections[i].name, application))
            continue;
        struct json *object = json_new_object();
        for (size_t j = 0; j < sections[i].members.count; j++)
            json_put_text(object, sections[i].members.fields[j].name,
                          *(const char *const *)sections[i].members.fields[j].into);
        json_put(document, sections[i].name, object);
    }
    return document;
}

static enum err read_section(const struct json *object, const struct members *members, struct arena *arena,
                             struct fault *fault)
{
    TRY(json_read(object, "", members->fields, members->count, fault));
    for (size_t i = 0; i < members->count; i++) {
        const char **text = members->fields[i].into;
        *text = arena_text(arena, *text);
    }
    return OK;
}

enum err application_personal_read(const char *text, size_t size, struct arena *arena, struct application *out)
{
    struct fault fault; /* what we sealed ourselves is not the caller's to mend */
    fault_init(&fault, arena);
    AUTO_JSON *document = NULL;
    ENSURE(json_parse(text, size, &fault, &document) == OK, ERR_SEAL_BROKEN);
    struct application application = application_empty;
    struct section sections[SECTIONS];
    const struct json *objects[SECTIONS] = {NULL};
    struct json_field fields[SECTIONS];
    list_sections(&application, sections);
    for (size_t i = 0; i < SECTIONS; i++)
        fields[i] = (struct json_field){sections[i].name, FIELD_OBJECT, i > 0, .into = &objects[i]};
    ENSURE(json_read(document, "", fields, SECTIONS, &fault) == OK, ERR_SEAL_BROKEN);
    for (size_t i = 0; i < SECTIONS; i++)
        if (objects[i] != NULL)
            ENSURE(read_section(objects[i], &sections[i].members, arena, &fault) == OK, ERR_SEAL_BROKEN);
    *out = application;
    return OK;
}
