/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/correction.h"

#include "domain/application_field.h"

#include <assert.h>
#include <string.h>

#define BLOCKS_MAX 8

/* -- reading ----------------------------------------------------------------------------------------------------- */

/* The correctable fields of one block of the document, "agent" for example. */
static enum err read_block(const struct json *object, const char *block, struct fault *fault, struct correction *out)
{
    struct json_field members[CORRECTION_FIELDS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < application_field_count(); i++) {
        const struct application_field *field = application_field_at(i);
        if (field->correctable && application_field_in(field, block))
            members[count++] = (struct json_field){.name = application_field_member(field),
                                                   .kind = FIELD_TEXT,
                                                   .optional = true,
                                                   .into = &out->given[i],
                                                   .length_max = field->length_max};
    }
    return json_read(object, block, members, count, fault);
}

static enum err read_all(const struct json *document, struct fault *fault, struct correction *out)
{
    const struct json *objects[BLOCKS_MAX] = {NULL};
    struct json_field members[BLOCKS_MAX + 2] = {
        {.name = "nonce", .kind = FIELD_TEXT, .into = &out->nonce, .length_max = 128},
        {.name = "renewal_no", .kind = FIELD_TEXT, .into = &out->renewal_no, .length_max = 18},
    };
    size_t blocks = form_block_count();
    assert(blocks <= BLOCKS_MAX && application_field_count() <= CORRECTION_FIELDS_MAX);
    for (size_t i = 0; i < blocks; i++)
        members[2 + i] = (struct json_field){
            .name = form_block_at(i)->name, .kind = FIELD_OBJECT, .optional = true, .into = &objects[i]};
    enum err err = json_read(document, "", members, 2 + blocks, fault);
    for (size_t i = 0; i < blocks; i++) {
        enum err block = objects[i] == NULL ? OK : read_block(objects[i], form_block_at(i)->name, fault, out);
        err = err != OK ? err : block;
    }
    return err;
}

enum err correction_read(const struct json *document, struct arena *arena, struct fault *fault, struct correction *out)
{
    struct correction read = {.nonce = "", .renewal_no = ""};
    TRY(read_all(document, fault, &read));
    read.nonce = arena_text(arena, read.nonce);
    read.renewal_no = arena_text(arena, read.renewal_no);
    for (size_t i = 0; i < CORRECTION_FIELDS_MAX; i++)
        if (read.given[i] != NULL)
            read.given[i] = arena_text(arena, read.given[i]);
    *out = read;
    return OK;
}

/* -- checking ---------------------------------------------------------------------------------------------------- */

static bool lists(const char *words, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = words; *at != '\0'; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        if (length == size && strncmp(at, word, size) == 0)
            return true;
        at += length;
    }
    return false;
}

enum err correction_check_named(const struct correction *correction, const char *named, struct fault *fault)
{
    bool all = true;
    for (size_t i = 0; i < application_field_count(); i++) {
        if (correction->given[i] == NULL || lists(named, application_field_at(i)->name))
            continue;
        all = false;
        fault_field(fault, application_field_at(i)->name, "not_returned", "审核人员没有要求更正此项，不能修改",
                    "The reviewer has not asked to correct this; it may not change");
    }
    ENSURE(all, ERR_CORRECTION_UNEXPECTED);
    return OK;
}

void correction_apply(const struct correction *correction, struct arena *arena, struct application *application)
{
    for (size_t i = 0; i < application_field_count(); i++) {
        const struct application_field *field = application_field_at(i);
        if (correction->given[i] != NULL)
            application_field_set(field, application, application_field_canonical(field, arena, correction->given[i]));
    }
}

/* A check may name a whole block ("recipient") as well. */
static bool concerns(const struct correction *correction, const char *path)
{
    for (size_t i = 0; i < application_field_count(); i++) {
        const struct application_field *field = application_field_at(i);
        if (correction->given[i] != NULL && (strcmp(field->name, path) == 0 || application_field_in(field, path)))
            return true;
    }
    return false;
}

enum err correction_check(const struct correction *correction, const struct application *corrected,
                          const struct application_basis *basis, struct fault *fault,
                          struct application_warnings *warnings)
{
    struct fault all;
    fault_init(&all, fault->arena);
    enum err whole = application_check(corrected, basis, &all, warnings);
    for (size_t i = 0; whole != OK && i < all.field_count; i++)
        if (strcmp(all.fields[i].code, "not_asked") != 0 && concerns(correction, all.fields[i].path))
            fault_field(fault, all.fields[i].path, all.fields[i].code, all.fields[i].zh, all.fields[i].en);
    return fault_check(fault);
}
