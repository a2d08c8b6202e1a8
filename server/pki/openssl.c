/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/openssl.h"

#include "base/log.h"

#include <stdlib.h>

void openssl_broken(const char *what)
{
    log_error("pki", "OpenSSL cannot do %s", what);
    abort();
}
