/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"
#include "hsm/encode.h"
#include "hsm/token.h"

#define SIGNATURE_SIZE_MAX 1024 /* RSA-8192 */
#define DIGEST_SIZE        32

static CK_RV sign_rsa(struct hsm *hsm, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key, struct bytes message,
                      uint8_t *out, CK_ULONG *size)
{
    CK_MECHANISM mechanism = {CKM_SHA256_RSA_PKCS, NULL, 0};
    CK_RV rv = hsm->module->C_SignInit(session, &mechanism, key);
    if (rv != CKR_OK)
        return rv;
    return hsm->module->C_Sign(session, (CK_BYTE_PTR)(uintptr_t)message.data, message.size, out, size);
}

/* Not every module has CKM_ECDSA_SHA256: the token hashes first. */
static CK_RV sign_p256(struct hsm *hsm, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key, struct bytes message,
                       uint8_t *out, CK_ULONG *size)
{
    CK_MECHANISM hash = {CKM_SHA256, NULL, 0}, mechanism = {CKM_ECDSA, NULL, 0};
    uint8_t digest[DIGEST_SIZE];
    CK_ULONG digest_size = sizeof(digest);
    CK_RV rv = hsm->module->C_DigestInit(session, &hash);
    if (rv == CKR_OK)
        rv = hsm->module->C_Digest(session, (CK_BYTE_PTR)(uintptr_t)message.data, message.size, digest, &digest_size);
    if (rv == CKR_OK)
        rv = hsm->module->C_SignInit(session, &mechanism, key);
    if (rv == CKR_OK)
        rv = hsm->module->C_Sign(session, digest, digest_size, out, size);
    return rv == CKR_OK && *size != P256_SIGNATURE_SIZE ? CKR_GENERAL_ERROR : rv;
}

/* seen receives the generation of sessions and handles that was used. */
static CK_RV sign_once(struct hsm *hsm, unsigned session, const struct hsm_key *key, struct bytes message,
                       struct arena *arena, struct bytes *signature, unsigned *seen)
{
    uint8_t out[SIGNATURE_SIZE_MAX];
    CK_ULONG size = sizeof(out);
    pthread_rwlock_rdlock(&hsm->lock);
    *seen = hsm->generation;
    bool rsa = key->rsa;
    CK_SESSION_HANDLE handle = hsm->sessions[session];
    CK_RV rv = rsa ? sign_rsa(hsm, handle, key->handle, message, out, &size)
                   : sign_p256(hsm, handle, key->handle, message, out, &size);
    pthread_rwlock_unlock(&hsm->lock);
    if (rv != CKR_OK)
        return rv;
    struct bytes made = {out, size};
    *signature = rsa ? arena_bytes(arena, out, size) : encode_ecdsa_signature(arena, made);
    return CKR_OK;
}

/* A signature that the token made and could not hand over stays in the token: signing once more gives out one. */
static enum err sign(struct hsm *hsm, unsigned session, struct hsm_key *key, struct bytes message, struct arena *arena,
                     struct bytes *signature)
{
    unsigned seen;
    CK_RV rv = sign_once(hsm, session, key, message, arena, signature, &seen);
    if (outcome_of(rv) == OUTCOME_AWAY) {
        log_warn("hsm", "signing with %s: %s (0x%lx)", key->label, outcome_name(rv), rv);
        TRY(token_recover(hsm, seen, key));
        rv = sign_once(hsm, session, key, message, arena, signature, &seen);
    }
    return outcome_err(rv, "C_Sign");
}

enum err hsm_sign(struct hsm *hsm, unsigned session, struct hsm_key *key, struct bytes message, struct arena *arena,
                  struct bytes *signature)
{
    ENSURE(session < hsm->session_count && message.size > 0, ERR_INTERNAL);
    enum err err = sign(hsm, session, key, message, arena, signature);
    atomic_store(&hsm->failed, err != OK);
    if (err == OK)
        atomic_fetch_add(&hsm->signatures, 1);
    return err;
}

struct hsm_figures hsm_figures(const struct hsm *hsm)
{
    return (struct hsm_figures){!atomic_load(&hsm->failed), atomic_load(&hsm->signatures)};
}
