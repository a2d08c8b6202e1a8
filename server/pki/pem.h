/* SPDX-License-Identifier: Apache-2.0 */
/* One object as text (RFC 7468), or the bare base64 that the gateways' consoles show. For pki/ only. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

/* Text with a "-----BEGIN " line. */
bool pem_looks_like(struct bytes text);
/* The one block in text: its label and content. Text before it is fine, anything but white space after it is not, and
 * neither is an encrypted block (RFC 1421 headers). */
bool pem_decode(struct arena *arena, struct bytes text, const char **label, struct bytes *der);
/* Base64 with white space anywhere. */
bool pem_decode_bare(struct arena *arena, struct bytes text, struct bytes *der);
