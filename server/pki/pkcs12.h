/* SPDX-License-Identifier: Apache-2.0 */
/* A key and its certificate in one file under a password (PKCS#12, RFC 7292), as acquirers hand them to merchants. */
#pragma once

#include "pki/rsa.h"

/* The RSA key, and of the certificates in the file the one that belongs to it (DER, in arena). Takes what acquirers
 * use: 3DES and RC2 of 40 bits as well as PBES2. ERR_SETTINGS_INVALID after logging what is wrong. */
enum err pkcs12_load(struct bytes file, const char *password, struct arena *arena, struct rsa_key **key,
                     struct bytes *certificate) MUST_CHECK;
