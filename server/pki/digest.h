/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"

#define SHA256_SIZE 32

/* 32 bytes in arena. */
struct bytes sha256(struct arena *arena, struct bytes message);
struct bytes hmac_sha256(struct arena *arena, struct bytes key, struct bytes message);

/* A message that comes piece by piece. */
struct sha256_stream;
struct sha256_stream *sha256_begin(void);
void sha256_add(struct sha256_stream *stream, struct bytes piece);
/* Frees the stream; arena NULL: only that. */
struct bytes sha256_end(struct sha256_stream *stream, struct arena *arena);
