/* SPDX-License-Identifier: Apache-2.0 */
/* The renewal application as signed by the subscriber (design §9): reading and checking the form. Its fields are listed
 * in application_field.h. */
#pragma once

#include "base/fault.h"
#include "base/json.h"
#include "domain/platform.h"

struct application_person {
    const char *id_type, *id_number, *name, *mobile, *email, *address;
};

struct application_organisation {
    const char *name, *id_type, *id_number, *address;
};

/* The organisation's basic account (基本户): where the 0.01 yuan of the account verification goes. */
struct application_account {
    const char *name, *number, *bank_name, *bank_code;
};

struct application {
    const char *platform, *nonce, *client_version;
    const char *certificate_serial; /* in the web hall, where nobody signs; else "" */
    const char *portal_token;       /* of the portal one comes from; "" when absent */
    int64_t term_months;
    int64_t quote_version, amount_shown_fen; /* what the applicant was shown; 0: the client does not say */
    struct agreement_accepted accepted[AGREEMENT_KINDS];
    /* absent members are "" */
    struct application_person agent, recipient, legal_person;
    struct application_organisation organisation;
    struct application_account basic_account;
    const char *invoice_kind, *invoice_tax_id, *invoice_title;
};

/* What the form is held against beside itself. */
struct application_basis {
    const struct platform *platform;
    const char *organisation, *subject; /* of the certificate that is renewed */
    bool expired;                       /* the certificate has */
    int64_t now_us;
};

/* What does not stop an application but should be looked at: answered to the applicant and shown to the reviewer. */
struct application_warning {
    const char *field, *code;
    const char *zh, *en;
};

#define APPLICATION_WARNINGS_MAX 16

struct application_warnings {
    const struct application_warning *items[APPLICATION_WARNINGS_MAX];
    size_t count;
};

/* The warning of this field and code, or NULL: for those that were stored. */
const struct application_warning *application_warning_find(const char *field, const char *code);

/* Nothing filled in. */
extern const struct application application_empty;

/* Reads the JSON by its field tables; names every wrong, missing and unknown field. Texts live as long as document and
 * arena; identity numbers and mobiles are canonical afterwards, and a recipient with copy_from_agent has the agent's
 * name, mobile and address where it has none of its own. */
enum err application_read(const struct json *document, struct arena *arena, struct fault *fault,
                          struct application *out) MUST_CHECK;
/* Fills in what the platform lets out because it is known: the invoice's title. Before application_check. */
void application_complete(struct application *application, const struct application_basis *basis);
/* The form against the platform's rules: blocks and fields asked for, identity numbers, age, contacts,
 * lengths, invoice. ERR_FIELDS_INVALID with every field; ERR_AGREEMENT_CHANGED, ERR_PRIVACY_NOTICE_MISSING and so on
 * for what is to be accepted. */
enum err application_check(const struct application *application, const struct application_basis *basis,
                           struct fault *fault, struct application_warnings *warnings) MUST_CHECK;

/* The invoice alone, as it may be changed until it is paid. ERR_FIELDS_INVALID. */
enum err application_check_invoice(const struct application *application, const struct application_basis *basis,
                                   struct fault *fault) MUST_CHECK;

/* The basic account alone, as it may be corrected while it is to be verified. ERR_FIELDS_INVALID. */
enum err application_check_account(const struct application *application, const struct application_basis *basis,
                                   struct fault *fault) MUST_CHECK;

/* The personal data of an application as it is sealed: {"agent":{…},"recipient":{…},…}. */
struct json *application_personal(const struct application *application);
/* Reads it again, into an application that is empty otherwise; also what was sealed before there were more than agent
 * and recipient. Texts in arena. */
enum err application_personal_read(const char *text, size_t size, struct arena *arena,
                                   struct application *out) MUST_CHECK;
