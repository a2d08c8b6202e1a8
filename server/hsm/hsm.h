/* SPDX-License-Identifier: Apache-2.0 */
/* The signing HSM through PKCS#11 (p11-kit). Keys are found by label, never leave the token. One session per slot of
 * concurrency; a token that went away and came back is logged into again and its handles are found anew. Functions
 * block: call them at start or inside base/offload. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct hsm;
struct hsm_key; /* a private key by label */

/* Loads module_path, finds the token by label, opens `sessions` sessions, logs in with pin (copied, wiped at close). */
enum err hsm_open(const char *module_path, const char *token_label, struct bytes pin, unsigned sessions,
                  struct hsm **out) MUST_CHECK;
void hsm_close(struct hsm *hsm);

/* ERR_HSM_REFUSED when there is none or more than one with this label. The key belongs to hsm. */
enum err hsm_find_key(struct hsm *hsm, const char *label, struct hsm_key **out) MUST_CHECK;
/* CKM_SHA256_RSA_PKCS for RSA; for P-256 CKM_ECDSA over SHA-256 with the result as DER ECDSA-Sig-Value.
 * session: 0..sessions-1, one thread each. ERR_HSM_UNAVAILABLE: the token is away, nothing is known to be signed. */
enum err hsm_sign(struct hsm *hsm, unsigned session, struct hsm_key *key, struct bytes message, struct arena *arena,
                  struct bytes *signature) MUST_CHECK;
/* How it went so far, from any thread, without asking the token: did the last signature succeed (none yet: yes), and
 * how many did. */
struct hsm_figures {
    bool up;
    uint64_t signatures;
};
struct hsm_figures hsm_figures(const struct hsm *hsm);
bool hsm_key_is_rsa(const struct hsm_key *key);
/* DER SubjectPublicKeyInfo, from the public key object of the same label. */
enum err hsm_public_key(struct hsm *hsm, const struct hsm_key *key, struct arena *arena, struct bytes *spki) MUST_CHECK;

/* For making a demonstration or ceremony CA: a key pair born in the token, not extractable, sensitive.
 * spki: the public key as DER SubjectPublicKeyInfo. */
enum err hsm_generate_rsa(struct hsm *hsm, const char *label, unsigned bits, struct arena *arena,
                          struct bytes *spki) MUST_CHECK;
/* The same on P-256. */
enum err hsm_generate_p256(struct hsm *hsm, const char *label, struct arena *arena, struct bytes *spki) MUST_CHECK;
/* Initializes a blank token with this label, unless there is one with it. */
enum err hsm_make_token(const char *module_path, const char *label, struct bytes so_pin, struct bytes pin) MUST_CHECK;
