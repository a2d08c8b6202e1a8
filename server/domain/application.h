/* SPDX-License-Identifier: Apache-2.0 */
/* The renewal application as signed by the subscriber (design §9): reading and checking the form. */
#pragma once

#include "base/fault.h"
#include "base/json.h"
#include "domain/platform.h"

struct application_person {
    const char *id_type, *id_number, *name, *mobile, *email, *address;
};

struct application {
    const char *platform, *nonce, *client_version;
    int64_t term_months;
    struct agreement_accepted accepted[AGREEMENT_KINDS];
    struct application_person agent, recipient;                /* absent members are "" */
    const char *invoice_kind, *invoice_tax_id, *invoice_title; /* "" when absent */
};

/* Reads the JSON by its field tables; names every wrong, missing and unknown field. Texts live as long as document and
 * arena; identity numbers and mobiles are canonical afterwards. */
enum err application_read(const struct json *document, struct arena *arena, struct fault *fault,
                          struct application *out) MUST_CHECK;
/* The form against the platform's rules: term offered, resident ID, age, mobile, e-mail, lengths, recipient, invoice.
 * ERR_FIELDS_INVALID with every field; ERR_AGREEMENT_CHANGED, ERR_PRIVACY_NOTICE_MISSING and so on for what is to be
 * accepted. */
enum err application_check(const struct application *application, const struct platform *platform, int64_t now_us,
                           struct fault *fault) MUST_CHECK;
