/* SPDX-License-Identifier: Apache-2.0 */
/* The renewal application form as one A4 page (PDF), to be printed, signed, sealed, scanned and uploaded. Blocks for
 * some ten milliseconds: to be called from base/offload. Texts from people are drawn as they are, never as markup; long
 * ones wrap and shrink. The same content makes the same bytes. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct form_person {
    const char *name, *id_type, *id_number, *mobile, *email, *address;
};

struct form_organisation {
    const char *name, *id_type, *id_number, *address;
};

struct form_account {
    const char *name, *number, *bank_name, *bank_code;
};

/* Everything as it is to be read, in UTF-8; "" where there is none. */
struct application_form {
    const char *renewal_no, *platform, *company;
    const char *subject, *certificate_serial, *old_not_after;
    const char *term, *fee, *not_after, *submitted_at;
    const char *edition; /* which form and which of its contents this paper is */
    struct form_person agent, recipient;
    /* not on every platform's form: left out when the name is "" or NULL */
    struct form_organisation organisation;
    struct form_person legal_person;
    struct form_account basic_account;
};

/* ERR_INTERNAL when the page cannot be made (no fonts, out of memory). */
enum err application_form_pdf(struct arena *arena, const struct application_form *form, struct bytes *pdf) MUST_CHECK;
