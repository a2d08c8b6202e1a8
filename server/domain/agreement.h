/* SPDX-License-Identifier: Apache-2.0 */
/* What an applicant accepts: the service agreement, the privacy notice (PIPL art. 17) and the separate consent to
 * sensitive personal information (art. 29). Each is a text file by version; what was accepted is named by its hash. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

/* The words of acceptance.kind in SQL. */
enum agreement_kind { AGREEMENT_SERVICE, AGREEMENT_PRIVACY_NOTICE, AGREEMENT_SENSITIVE_CONSENT, AGREEMENT_KINDS };
extern const char *const agreement_kinds[AGREEMENT_KINDS];

struct platform_agreement {
    const char *id, *version, *title, *file;
    const char *text;   /* read at load, placeholders filled in */
    const char *sha256; /* hex, of the text */
};

/* What an application says was accepted; all "" when it says nothing. */
struct agreement_accepted {
    const char *id, *version, *sha256;
};

/* What stands for {company}, {platform} and {hotline} in a text. */
struct agreement_names {
    const char *company, *platform, *hotline;
};

/* The text with its placeholders filled in; NULL when a brace is none of them. */
const char *agreement_fill(struct arena *arena, const char *text, const struct agreement_names *names);
bool agreement_given(const struct agreement_accepted *accepted);
/* Exactly this version and text. */
bool agreement_current(const struct agreement_accepted *accepted, const struct platform_agreement *agreement);
