/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"

#define SHA256_SIZE 32

/* 32 bytes in arena. */
struct bytes sha256(struct arena *arena, struct bytes message);
void sha256_to(struct bytes message, uint8_t digest[static SHA256_SIZE]);

/* SHA-1 of a long text in pieces. For WeChat Pay's bills alone, which are told by no other hash. */
struct digest;
struct digest *digest_new_sha1(void);
void digest_add(struct digest *digest, struct bytes text);
struct bytes digest_finish(struct digest *digest, struct arena *arena);
void digest_free(struct digest *digest); /* NULL is fine */

struct bytes hmac_sha256(struct arena *arena, struct bytes key, struct bytes message);

/* A message that comes piece by piece. */
struct sha256_stream;
struct sha256_stream *sha256_begin(void);
void sha256_add(struct sha256_stream *stream, struct bytes piece);
/* Frees the stream; arena NULL: only that. */
struct bytes sha256_end(struct sha256_stream *stream, struct arena *arena);
