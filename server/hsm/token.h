/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of hsm.h, for hsm/ only. Who holds the lock for reading may use sessions and handles; who holds it for
 * writing may replace them. */
#pragma once

#include "hsm/hsm.h"

#include <p11-kit/p11-kit.h>
#include <pthread.h>
#include <stdatomic.h>

struct hsm_key {
    struct hsm_key *next;
    char *label;
    CK_OBJECT_HANDLE handle; /* 0: not in the token any more */
    bool rsa;
};

struct hsm {
    CK_FUNCTION_LIST *module;
    bool initialized;
    char *label;
    uint8_t *pin;
    size_t pin_size;
    bool pin_refused; /* never tried again: a few wrong ones lock the token */
    CK_SLOT_ID slot;
    unsigned session_count;
    CK_SESSION_HANDLE *sessions; /* 0: closed */
    struct hsm_key *keys;
    pthread_rwlock_t lock;
    unsigned generation; /* of sessions and handles */
    atomic_bool failed;  /* the last signature */
    atomic_uint_fast64_t signatures;
};

/* What an answer of the module means for us. */
enum outcome {
    OUTCOME_DONE,
    OUTCOME_AWAY,    /* session, token or device is gone or ill: connect again */
    OUTCOME_REFUSED, /* it will say the same next time */
};

enum outcome outcome_of(CK_RV rv);
const char *outcome_name(CK_RV rv);
/* Logs what failed; OK for CKR_OK. */
enum err outcome_err(CK_RV rv, const char *what) MUST_CHECK;

/* Initializes the module if need be, finds the slot, opens the sessions, logs in. Lock held for writing. */
enum err token_connect(struct hsm *hsm) MUST_CHECK;
void token_disconnect(struct hsm *hsm);
/* Gives the module up, so that the next token_connect initializes it anew. */
void token_finalize(struct hsm *hsm);
/* Connects again after a loss and finds every key anew, unless another thread did since the generation seen.
 * ERR_HSM_REFUSED when key is not in the token any more. */
enum err token_recover(struct hsm *hsm, unsigned seen, const struct hsm_key *key) MUST_CHECK;

/* Sets the key's handle and kind by its label. */
enum err token_find_key(struct hsm *hsm, struct hsm_key *key) MUST_CHECK;
/* The only object of this class with this label. */
enum err token_find(struct hsm *hsm, CK_OBJECT_CLASS object_class, const char *label, CK_OBJECT_HANDLE *out) MUST_CHECK;
/* A variable-length attribute, in arena. */
enum err token_attribute(struct hsm *hsm, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, struct arena *arena,
                         struct bytes *value) MUST_CHECK;
