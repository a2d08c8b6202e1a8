/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL's object for a public key of a kind that this CA certifies and signs with, made from numbers that key.c has
 * read: OpenSSL's own decoders cost seven times as much. They belong to library_for_keys: used in another context they
 * are copied into it first. For pki/ only. */
#pragma once

#include "pki/openssl.h"

/* NULL unless key_kind accepts it and, for P-256, the point is on the curve. */
EVP_PKEY *public_key_new(struct bytes spki);
/* The same, kept for whoever asks next with the same bytes, from any thread: the issuer verifies all that it signs with
 * one key, and what OpenSSL computes at a key's first use is kept with it. */
EVP_PKEY *public_key_kept(struct bytes spki);
/* With SHA-256, as this CA's keys sign. */
bool public_key_verifies(EVP_PKEY *key, struct bytes message, struct bytes signature);
