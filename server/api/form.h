/* SPDX-License-Identifier: Apache-2.0 */
/* The form's fields on the wire and on their way into the database. */
#pragma once

#include "domain/application.h"
#include "edge/request.h"
#include "store/renewal.h"

/* What a client draws for this platform: blocks with their fields, labels, hints and rules. */
struct json *form_blocks_json(const struct platform *platform);
/* Seals the personal data and freezes what a reviewer sees of it, the search indexes and the warnings. evidence_sha256
 * must be set already: the seal is bound to it. */
void form_freeze(struct request *req, const struct application *application,
                 const struct application_warnings *warnings, struct renewal_submission *out);
struct json *form_warnings_json(const struct application_warnings *warnings);
/* What was frozen, line by line, for the reviewer: fields with label and masked value; warnings with their text. */
struct json *form_shown_json(struct request *req, const char *fields, const char *shown);
struct json *form_stored_warnings_json(struct request *req, const char *fields, const char *codes);
