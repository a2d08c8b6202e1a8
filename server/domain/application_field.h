/* SPDX-License-Identifier: Apache-2.0 */
/* THE table of the form's fields: what they are called on the wire ("agent.id_number"), on the screen and in the
 * guides, of what kind they are and whether they may be corrected after submission. Reading, checking, freezing, the
 * reviewer's view and the platform's answer go by it; a field more is a row more. */
#pragma once

#include "domain/application.h"

enum form_kind {
    FORM_TERM, /* months, from the platform's list; the one that is no text */
    FORM_CHOICE,
    FORM_NAME,         /* of a person */
    FORM_ORGANISATION, /* name of one, or of its account */
    FORM_IDENTITY,     /* number, by the id_type beside it */
    FORM_MOBILE,
    FORM_EMAIL,
    FORM_ADDRESS,
    FORM_ACCOUNT,   /* bank account number: never Luhn */
    FORM_BANK,      /* name of a branch, from the list */
    FORM_BANK_CODE, /* its CNAPS code */
    FORM_TAX_ID,
    FORM_TITLE, /* of an invoice */
    FORM_KIND_COUNT
};

/* Within a block that is asked for or filled in. */
enum form_demand { FORM_OPTIONAL, FORM_REQUIRED, FORM_BY_PLATFORM };

struct application_field {
    const char *name;
    const char *label_zh, *label_en;
    const char *help_zh, *help_en; /* in the guides' words; "" if none */
    enum form_kind kind;
    enum form_demand demand;
    size_t offset; /* of the const char * in struct application; not for FORM_TERM */
    size_t length_max;
    bool correctable;
};

size_t application_field_count(void);
const struct application_field *application_field_at(size_t index);
/* NULL when there is none. */
const struct application_field *application_field_find(const char *name);
/* "agent" of "agent.name": is the field in this block? */
bool application_field_in(const struct application_field *field, const char *block);
/* "name" of "agent.name". */
const char *application_field_member(const struct application_field *field);
/* "TEXT" fields only. */
const char *application_field_value(const struct application_field *field, const struct application *application);
void application_field_set(const struct application_field *field, struct application *application, const char *value);
/* Trimmed, or canonical as numbers are. */
const char *application_field_canonical(const struct application_field *field, struct arena *arena, const char *value);
/* As a reviewer sees it: personal data masked, what is public as it is. */
const char *application_field_shown(const struct application_field *field, struct arena *arena, const char *value);
const char *form_kind_word(enum form_kind kind);

/* A group of fields that is asked for as a whole. */
struct form_block {
    const char *name; /* "organisation" */
    const char *label_zh, *label_en;
};

size_t form_block_count(void);
const struct form_block *form_block_at(size_t index);
/* What the platform's file says of a block; PLATFORM_REQUIRED for those that every form has. */
enum platform_demand form_block_demand(const struct form_block *block, const struct platform *platform);
bool form_block_given(const char *block, const struct application *application);

/* The values of a FORM_CHOICE. */
struct form_choice {
    const char *word, *zh, *en;
    size_t length_min, length_max; /* of the number that goes with this kind of document */
};

/* For "agent.id_type" and the like; *count 0 for fields whose choices are the platform's own. */
const struct form_choice *form_choices(const struct application_field *field, size_t *count);
/* NULL when the field does not offer it. */
const struct form_choice *form_choice_find(const char *field, const char *word);
