/* SPDX-License-Identifier: Apache-2.0 */
/* The certificates of one counterpart, who sends its own along with what it signs: believed when it chains to the CA
 * files named in the settings, and to nothing else. */
#pragma once

#include "pki/certificate.h"

struct pinned;

/* PEM files with CA certificates; self-signed ones are anchors, the others stand between (several: rotation).
 * ERR_SETTINGS_INVALID after logging which file and why. */
enum err pinned_load(const char *const *paths, size_t count, struct pinned **out) MUST_CHECK;
void pinned_free(struct pinned *pinned); /* NULL is fine */

/* Chain, validity of everything in it at that time, an RSA key of 2048 to 4096 bits. ERR_CERTIFICATE_MALFORMED (not one
 * PEM certificate), ERR_CERTIFICATE_UNTRUSTED, ERR_CERTIFICATE_EXPIRED, ERR_CERTIFICATE_NOT_YET_VALID. */
enum err pinned_check(const struct pinned *pinned, struct bytes pem, int64_t at_us, struct arena *arena,
                      struct certificate *out) MUST_CHECK;
/* Did its key sign the message (SHA-256 with RSA, PKCS#1 v1.5)? */
bool pinned_signed_by(const struct certificate *certificate, struct bytes message, struct bytes signature);
