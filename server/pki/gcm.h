/* SPDX-License-Identifier: Apache-2.0 */
/* AES-256-GCM (NIST SP 800-38D) as others send it to us. What we keep ourselves is sealed: seal.h. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

#define GCM_KEY_SIZE   32
#define GCM_NONCE_SIZE 12
#define GCM_TAG_SIZE   16

/* sealed: ciphertext and, behind it, the tag. False unless the tag is right; plain has a NUL behind it. */
bool gcm_open(const uint8_t key[static GCM_KEY_SIZE], struct bytes nonce, struct bytes aad, struct bytes sealed,
              struct arena *arena, struct bytes *plain);
