/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/openssl.h"

#include "base/log.h"

#include <stdlib.h>

void openssl_must(bool ok, const char *what)
{
    if (ok)
        return;
    log_error("pki", "OpenSSL cannot do %s", what);
    abort();
}
