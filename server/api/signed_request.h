/* SPDX-License-Identifier: Apache-2.0 */
/* A request signed with the key of a certificate of ours (CMS SignedData over a JSON object), as the calls after the
 * submission take it. */
#pragma once

#include "edge/request.h"
#include "pki/cms.h"

/* Signature, chain and key usage are checked; the validity period is not, since what was submitted in time is followed
 * and installed after the certificate has expired. Revocation is the database's. The document is the caller's
 * (AUTO_JSON). */
enum err signed_request_read(struct request *req, struct signed_content *out, struct json **document) MUST_CHECK;
