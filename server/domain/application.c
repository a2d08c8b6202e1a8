/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/application.h"

#include "domain/identity.h"

#include <string.h>

#define NAME_MAX_CHARACTERS 50
#define ADDRESS_MAX         200
#define TITLE_MAX           100

static enum err read_person(const struct json *json, const char *path, bool is_agent, struct fault *fault,
                            struct application_person *out)
{
    const struct json_field fields[] = {
        {.name = "name", .kind = FIELD_TEXT, .into = &out->name, .length_max = NAME_MAX_CHARACTERS},
        {.name = "mobile", .kind = FIELD_TEXT, .into = &out->mobile, .length_max = 20},
        {.name = "address", .kind = FIELD_TEXT, .optional = is_agent, .into = &out->address, .length_max = ADDRESS_MAX},
        {.name = "id_type", .kind = FIELD_TEXT, .optional = !is_agent, .into = &out->id_type, .length_max = 20},
        {.name = "id_number", .kind = FIELD_TEXT, .optional = !is_agent, .into = &out->id_number, .length_max = 30},
        {.name = "email", .kind = FIELD_TEXT, .optional = !is_agent, .into = &out->email, .length_max = 254},
    };
    /* a recipient has no identity number: nobody sends more personal data than is needed */
    return json_read(json, path, fields, is_agent ? ARRAY_SIZE(fields) : 3, fault);
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

static enum err read_invoice(const struct json *json, struct fault *fault, struct application *out)
{
    const struct json_field fields[] = {
        {.name = "kind", .kind = FIELD_TEXT, .into = &out->invoice_kind, .length_max = 20},
        {.name = "tax_id", .kind = FIELD_TEXT, .optional = true, .into = &out->invoice_tax_id, .length_max = 40},
        {.name = "title", .kind = FIELD_TEXT, .optional = true, .into = &out->invoice_title, .length_max = TITLE_MAX},
    };
    return json_read(json, "invoice", fields, ARRAY_SIZE(fields), fault);
}

/* Reads on after a fault, so that all are named at once. */
static enum err worse(enum err err, enum err other)
{
    return err != OK ? err : other;
}

static const struct application empty = {
    .platform = "",
    .nonce = "",
    .client_version = "",
    .accepted = {{"", "", ""}, {"", "", ""}, {"", "", ""}},
    .agent = {"", "", "", "", "", ""},
    .recipient = {"", "", "", "", "", ""},
    .invoice_kind = "",
    .invoice_tax_id = "",
    .invoice_title = "",
};

static enum err read_all(const struct json *document, struct fault *fault, struct application *out)
{
    const struct json *accepted[AGREEMENT_KINDS] = {0}, *agent = NULL, *recipient = NULL, *invoice = NULL;
    const struct json_field fields[] = {
        {.name = "platform", .kind = FIELD_TEXT, .into = &out->platform, .length_max = 32},
        {.name = "nonce", .kind = FIELD_TEXT, .into = &out->nonce, .length_max = 128},
        {.name = "client_version", .kind = FIELD_TEXT, .into = &out->client_version, .length_max = 32},
        {.name = "term_months", .kind = FIELD_INTEGER, .into = &out->term_months},
        {.name = "agreement", .kind = FIELD_OBJECT, .into = &accepted[AGREEMENT_SERVICE]},
        /* optional here, so that older clients are told by a code of its own what they lack */
        {.name = "privacy_notice", .kind = FIELD_OBJECT, .optional = true, .into = &accepted[AGREEMENT_PRIVACY_NOTICE]},
        {.name = "sensitive_consent",
         .kind = FIELD_OBJECT,
         .optional = true,
         .into = &accepted[AGREEMENT_SENSITIVE_CONSENT]},
        {.name = "agent", .kind = FIELD_OBJECT, .into = &agent},
        {.name = "recipient", .kind = FIELD_OBJECT, .optional = true, .into = &recipient},
        {.name = "invoice", .kind = FIELD_OBJECT, .optional = true, .into = &invoice},
    };
    enum err err = json_read(document, "", fields, ARRAY_SIZE(fields), fault);
    for (enum agreement_kind kind = 0; kind < AGREEMENT_KINDS; kind++)
        if (accepted[kind] != NULL)
            err = worse(err, read_accepted(accepted[kind], kind, fault, out));
    if (agent != NULL)
        err = worse(err, read_person(agent, "agent", true, fault, &out->agent));
    if (recipient != NULL)
        err = worse(err, read_person(recipient, "recipient", false, fault, &out->recipient));
    if (invoice != NULL)
        err = worse(err, read_invoice(invoice, fault, out));
    return worse(err, fault_check(fault));
}

/* Names, addresses and titles keep their inner spaces; those around them are typing. */
static const char *trimmed(struct arena *arena, const char *text)
{
    text += strspn(text, " ");
    size_t size = strlen(text);
    while (size > 0 && text[size - 1] == ' ')
        size--;
    return arena_text_n(arena, text, size);
}

static void canonicalise_person(struct arena *arena, struct application_person *person)
{
    person->id_number = identity_canonical(arena, person->id_number);
    person->mobile = mobile_canonical(arena, person->mobile);
    person->email = trimmed(arena, person->email);
    person->name = trimmed(arena, person->name);
    person->address = trimmed(arena, person->address);
}

enum err application_read(const struct json *document, struct arena *arena, struct fault *fault,
                          struct application *out)
{
    struct application application = empty;
    TRY(read_all(document, fault, &application));
    canonicalise_person(arena, &application.agent);
    canonicalise_person(arena, &application.recipient);
    application.invoice_tax_id = identity_canonical(arena, application.invoice_tax_id);
    application.invoice_title = trimmed(arena, application.invoice_title);
    *out = application;
    return OK;
}
