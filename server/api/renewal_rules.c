/* SPDX-License-Identifier: Apache-2.0 */
#include "api/renewal_rules.h"

#include "domain/term.h"

#include <string.h>

enum err renewal_rules_proof(const struct platform *platform, const char *session)
{
    enum platform_proof shown = session == NULL                          ? PROOF_CURRENT_KEY
                                : strcmp(session, "portal_account") == 0 ? PROOF_PORTAL_ACCOUNT
                                                                         : PROOF_SMS_CODE;
    ENSURE(platform_proves(platform, shown), ERR_PLATFORM_PROOF_UNSUPPORTED);
    return OK;
}

enum err renewal_rules_check(const struct api_server *server, const struct platform *platform,
                             const struct certificate *certificate, const char *client_version, int64_t now_us,
                             struct fault *fault)
{
    bool expired = now_us > certificate->not_after_us; /* RFC 5280 4.1.2.5: notAfter is inside */
    TRY(trust_check(server->trust, certificate->der));
    ENSURE(certificate->may_sign, ERR_CERTIFICATE_USAGE);
    TRY(window_check(platform, certificate->not_before_us, certificate->not_after_us, now_us, fault));
    if (client_version != NULL)
        TRY(client_version_check(platform, client_version, expired, fault));
    return OK;
}
