/* SPDX-License-Identifier: Apache-2.0 */
/* RSA PKCS#1 v1.5 with SHA-256 as the payment gateways use it (RSA2). */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>

struct rsa_key;

/* PEM, or the bare base64 of DER that the gateways' consoles show: PKCS#8 or PKCS#1 private; SPKI, PKCS#1 or
 * certificate public. At least 2048 bits. */
enum err rsa_load_private(struct bytes text, struct rsa_key **out) MUST_CHECK;
enum err rsa_load_public(struct bytes text, struct rsa_key **out) MUST_CHECK;
void rsa_free(struct rsa_key *key);
enum err rsa_sign(const struct rsa_key *key, struct bytes message, struct arena *arena,
                  struct bytes *signature) MUST_CHECK;
bool rsa_verify(const struct rsa_key *key, struct bytes message, struct bytes signature);
