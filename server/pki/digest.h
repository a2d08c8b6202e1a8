/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"

#define SHA256_SIZE 32

/* 32 bytes in arena. */
struct bytes sha256(struct arena *arena, struct bytes message);
struct bytes hmac_sha256(struct arena *arena, struct bytes key, struct bytes message);
