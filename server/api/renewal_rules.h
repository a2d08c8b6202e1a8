/* SPDX-License-Identifier: Apache-2.0 */
/* May this certificate be renewed on this platform, as far as the certificate and the platform's file decide? The
 * submission and the question before it (eligibility) ask here, so that they always agree; what the database knows is
 * decided for both by renewal_verdict in SQL. */
#pragma once

#include "api/server.h"

/* Is this how the platform wants it proved? session: how the session of the web hall was opened, or NULL where the
 * current key has signed. Whether a portal's token is there too is seen elsewhere. */
enum err renewal_rules_proof(const struct platform *platform, const char *session) MUST_CHECK;

/* client_version NULL: not judged. The refusal that the submission answers, explained in fault. */
enum err renewal_rules_check(const struct api_server *server, const struct platform *platform,
                             const struct certificate *certificate, const char *client_version, int64_t now_us,
                             struct fault *fault) MUST_CHECK;
