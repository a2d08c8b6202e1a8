/* SPDX-License-Identifier: Apache-2.0 */
/* A submission whose certificate is known and whose right is proved, whichever way: from here on all are treated alike.
 */
#pragma once

#include "edge/request.h"
#include "pki/cms.h"

struct submission_proof {
    struct signed_content signed_content; /* in the web hall the certificate that was named, and the body */
    const char *session;   /* how the session of the web hall was opened; NULL: the current key has signed */
    struct bytes evidence; /* what is sealed and kept */
};

/* Checks, freezes and submits. proof lives as long as the request. */
enum err renewal_submit_proved(struct request *req, const struct submission_proof *proof) MUST_CHECK;
/* portal_submit.c: the same call with JSON in a session of the web hall. */
enum err portal_submit(struct request *req) MUST_CHECK;
