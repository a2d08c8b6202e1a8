/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate named in the web hall: by its serial number and the organisation it belongs to, in a session. */
#pragma once

#include "edge/request.h"
#include "pki/certificate.h"
#include "store/proof.h"

#define SERIAL_TYPED_MAX 100

struct portal_naming {
    const char *serial, *organisation; /* as typed */
    struct bytes nonce_digest;         /* {0}: nothing is to be submitted */
    struct bytes evidence_sha256;
};

/* Looks it up; counted, so that nobody can try them all. After access_require_portal. ERR_FIELDS_INVALID: not a serial
 * number. */
enum err portal_certificate_find(struct request *req, const struct portal_naming *naming, db_done *done,
                                 void *context) MUST_CHECK;
/* In the callback. ERR_ORGANISATION_MISMATCH: no such certificate, or another organisation's; nobody is told which. */
enum err portal_certificate_found(struct request *req, const struct row *rows, const char *organisation,
                                  struct certificate *certificate, struct portal_answer *answer) MUST_CHECK;
