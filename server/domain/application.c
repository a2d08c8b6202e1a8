/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/application.h"

#include "domain/application_field.h"

#include <string.h>

#define BLOCK_FIELDS_MAX 8
#define PORTAL_TOKEN_MAX 4096
#define SERIAL_TEXT_MAX  100

#define NOBODY                                                                                                         \
    {                                                                                                                  \
        "", "", "", "", "", ""                                                                                         \
    }

const struct application application_empty = {
    .platform = "",
    .nonce = "",
    .client_version = "",
    .certificate_serial = "",
    .portal_token = "",
    .accepted = {{"", "", ""}, {"", "", ""}, {"", "", ""}},
    .agent = NOBODY,
    .recipient = NOBODY,
    .legal_person = NOBODY,
    .organisation = {"", "", "", ""},
    .basic_account = {"", "", "", ""},
    .invoice_kind = "",
    .invoice_tax_id = "",
    .invoice_title = "",
};

/* -- reading ----------------------------------------------------------------------------------------------------- */

/* The rows of the field table as json_read wants them. A recipient's may be the agent's: they are asked for by the
 * check. */
static size_t block_fields(const char *block, bool lenient, struct application *out, struct json_field *into)
{
    size_t count = 0;
    for (size_t i = 0; i < application_field_count(); i++) {
        const struct application_field *field = application_field_at(i);
        if (!application_field_in(field, block))
            continue;
        into[count++] = (struct json_field){.name = application_field_member(field),
                                            .kind = FIELD_TEXT,
                                            .optional = lenient || field->demand != FORM_REQUIRED,
                                            .into = (char *)out + field->offset,
                                            .length_max = field->length_max};
    }
    return count;
}

static enum err read_block(const struct json *json, const char *block, struct fault *fault, struct application *out)
{
    struct json_field fields[BLOCK_FIELDS_MAX];
    size_t count = block_fields(block, false, out, fields);
    return json_read(json, block, fields, count, fault);
}

static void copy_missing(const char **to, const char *from)
{
    if ((*to)[0] == '\0')
        *to = from;
}

static enum err read_recipient(const struct json *json, struct fault *fault, struct application *out, bool *copy)
{
    struct json_field fields[BLOCK_FIELDS_MAX];
    size_t count = block_fields("recipient", true, out, fields);
    fields[count++] = (struct json_field){
        .name = "copy_from_agent", .kind = FIELD_BOOLEAN, .optional = true, .into = copy};
    return json_read(json, "recipient", fields, count, fault);
}

static enum err read_accepted(const struct json *json, enum agreement_kind kind, struct fault *fault,
                              struct application *out)
{
    struct agreement_accepted *accepted = &out->accepted[kind];
    const struct json_field fields[] = {
        {.name = "id", .kind = FIELD_TEXT, .into = &accepted->id, .length_max = 64},
        {.name = "version", .kind = FIELD_TEXT, .into = &accepted->version, .length_max = 32},
        {.name = "sha256", .kind = FIELD_TEXT, .into = &accepted->sha256, .length_max = 64},
    };
    return json_read(json, agreement_kinds[kind], fields, ARRAY_SIZE(fields), fault);
}

/* Reads on after a fault, so that all are named at once. */
static enum err worse(enum err err, enum err other)
{
    return err != OK ? err : other;
}

/* The objects of a document, NULL where absent. */
struct parts {
    const struct json *accepted[AGREEMENT_KINDS], *agent, *recipient, *organisation, *legal_person, *basic_account,
        *invoice;
};

static enum err read_parts(const struct parts *parts, struct fault *fault, struct application *out, bool *copy)
{
    const struct {
        const struct json *json;
        const char *block;
    } blocks[] = {
        {parts->agent, "agent"},
        {parts->organisation, "organisation"},
        {parts->legal_person, "legal_person"},
        {parts->basic_account, "basic_account"},
        {parts->invoice, "invoice"},
    };
    enum err err = OK;
    for (enum agreement_kind kind = 0; kind < AGREEMENT_KINDS; kind++)
        if (parts->accepted[kind] != NULL)
            err = worse(err, read_accepted(parts->accepted[kind], kind, fault, out));
    if (parts->recipient != NULL)
        err = worse(err, read_recipient(parts->recipient, fault, out, copy));
    for (size_t i = 0; i < ARRAY_SIZE(blocks); i++)
        if (blocks[i].json != NULL)
            err = worse(err, read_block(blocks[i].json, blocks[i].block, fault, out));
    return err;
}

static enum err read_all(const struct json *document, struct fault *fault, struct application *out, bool *copy)
{
    struct parts parts = {0};
    const struct json_field fields[] = {
        {.name = "platform", .kind = FIELD_TEXT, .into = &out->platform, .length_max = 32},
        {.name = "nonce", .kind = FIELD_TEXT, .into = &out->nonce, .length_max = 128},
        {.name = "client_version", .kind = FIELD_TEXT, .into = &out->client_version, .length_max = 32},
        {.name = "certificate_serial",
         .kind = FIELD_TEXT,
         .optional = true,
         .into = &out->certificate_serial,
         .length_max = SERIAL_TEXT_MAX},
        {.name = "portal_token",
         .kind = FIELD_TEXT,
         .optional = true,
         .into = &out->portal_token,
         .length_max = PORTAL_TOKEN_MAX},
        {.name = "term_months", .kind = FIELD_INTEGER, .into = &out->term_months},
        {.name = "quote_version", .kind = FIELD_INTEGER, .optional = true, .into = &out->quote_version},
        {.name = "amount_fen", .kind = FIELD_INTEGER, .optional = true, .into = &out->amount_shown_fen},
        {.name = "agreement", .kind = FIELD_OBJECT, .into = &parts.accepted[AGREEMENT_SERVICE]},
        /* optional here, so that older clients are told by a code of its own what they lack */
        {.name = "privacy_notice",
         .kind = FIELD_OBJECT,
         .optional = true,
         .into = &parts.accepted[AGREEMENT_PRIVACY_NOTICE]},
        {.name = "sensitive_consent",
         .kind = FIELD_OBJECT,
         .optional = true,
         .into = &parts.accepted[AGREEMENT_SENSITIVE_CONSENT]},
        {.name = "agent", .kind = FIELD_OBJECT, .into = &parts.agent},
        {.name = "recipient", .kind = FIELD_OBJECT, .optional = true, .into = &parts.recipient},
        {.name = "organisation", .kind = FIELD_OBJECT, .optional = true, .into = &parts.organisation},
        {.name = "legal_person", .kind = FIELD_OBJECT, .optional = true, .into = &parts.legal_person},
        {.name = "basic_account", .kind = FIELD_OBJECT, .optional = true, .into = &parts.basic_account},
        {.name = "invoice", .kind = FIELD_OBJECT, .optional = true, .into = &parts.invoice},
    };
    enum err err = json_read(document, "", fields, ARRAY_SIZE(fields), fault);
    err = worse(err, read_parts(&parts, fault, out, copy));
    return worse(err, fault_check(fault));
}

enum err application_read(const struct json *document, struct arena *arena, struct fault *fault,
                          struct application *out)
{
    struct application application = application_empty;
    bool copy = false;
    TRY(read_all(document, fault, &application, &copy));
    for (size_t i = 0; i < application_field_count(); i++) {
        const struct application_field *field = application_field_at(i);
        if (field->kind != FORM_TERM)
            application_field_set(
                field, &application,
                application_field_canonical(field, arena, application_field_value(field, &application)));
    }
    if (copy) {
        copy_missing(&application.recipient.name, application.agent.name);
        copy_missing(&application.recipient.mobile, application.agent.mobile);
        copy_missing(&application.recipient.address, application.agent.address);
    }
    *out = application;
    return OK;
}

/* -- what is known ----------------------------------------------------------------------------------------------- */

void application_complete(struct application *application, const struct application_basis *basis)
{
    bool legal_person = form_block_given("legal_person", application);
    if (legal_person)
        copy_missing(&application->legal_person.id_type, "resident_id");
    if (!basis->platform->invoice_title_from_organisation || strcmp(application->invoice_kind, "electronic") != 0)
        return;
    copy_missing(&application->invoice_title, application->organisation.name);
    copy_missing(&application->invoice_title, basis->organisation);
}
