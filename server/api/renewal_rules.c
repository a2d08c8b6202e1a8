/* SPDX-License-Identifier: Apache-2.0 */
#include "api/renewal_rules.h"

#include "domain/term.h"

enum err renewal_rules_check(const struct api_server *server, const struct platform *platform,
                             const struct certificate *certificate, const char *client_version, int64_t now_us,
                             struct fault *fault)
{
    bool expired = now_us > certificate->not_after_us; /* RFC 5280 4.1.2.5: notAfter is inside */
    ENSURE(platform->proofs_count == 1 && platform->proofs[0] == PROOF_CURRENT_KEY, ERR_PLATFORM_PROOF_UNSUPPORTED);
    TRY(trust_check(server->trust, certificate->der));
    ENSURE(certificate->may_sign, ERR_CERTIFICATE_USAGE);
    TRY(window_check(platform, certificate->not_before_us, certificate->not_after_us, now_us, fault));
    if (client_version != NULL)
        TRY(client_version_check(platform, client_version, expired, fault));
    return OK;
}
