/* SPDX-License-Identifier: Apache-2.0 */
/* Key pairs born in the token. */
#include "base/log.h"
#include "base/text.h"
#include "hsm/encode.h"
#include "hsm/token.h"

#include <string.h>

#define KEY_ID_SIZE  20
#define RSA_BITS_MIN 2048
#define RSA_BITS_MAX 8192
#define ATTRIBUTE(type, value)                                                                                         \
    {                                                                                                                  \
        type, (void *)(uintptr_t)(value), sizeof(*(value))                                                             \
    }

/* A second key of one label would make both unusable. */
static enum err ensure_free(struct hsm *hsm, const char *label)
{
    CK_OBJECT_CLASS object_class = CKO_PRIVATE_KEY;
    CK_ATTRIBUTE template[] = {ATTRIBUTE(CKA_CLASS, &object_class),
                               {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)}};
    CK_OBJECT_HANDLE found;
    CK_ULONG count = 0;
    CK_SESSION_HANDLE session = hsm->sessions[0];
    TRY(outcome_err(hsm->module->C_FindObjectsInit(session, template, ARRAY_SIZE(template)), "C_FindObjectsInit"));
    CK_RV rv = hsm->module->C_FindObjects(session, &found, 1, &count);
    (void)hsm->module->C_FindObjectsFinal(session);
    TRY(outcome_err(rv, "C_FindObjects"));
    if (count > 0)
        log_error("hsm", "token %s has a key labelled %s already", hsm->label, label);
    return count == 0 ? OK : ERR_HSM_REFUSED;
}

static const CK_BBOOL yes = CK_TRUE, no = CK_FALSE;

/* What is different of each kind of key: the mechanism, and what the public half says of its kind. */
struct kind {
    CK_MECHANISM_TYPE mechanism;
    CK_ATTRIBUTE attributes[2];
    CK_ULONG attribute_count;
};

static CK_RV generate(struct hsm *hsm, CK_SESSION_HANDLE session, const char *label, const struct kind *kind,
                      CK_OBJECT_HANDLE *public_key)
{
    uint8_t id[KEY_ID_SIZE];
    random_bytes(id, sizeof(id));
    CK_MECHANISM mechanism = {kind->mechanism, NULL, 0};
    CK_ATTRIBUTE name = {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)};
    CK_ATTRIBUTE public_template[] = {
        ATTRIBUTE(CKA_TOKEN, &yes), ATTRIBUTE(CKA_VERIFY, &yes), name, {CKA_ID, id, sizeof(id)},
        kind->attributes[0],        kind->attributes[1], /* the last, which not every kind has */
    };
    CK_ATTRIBUTE private_template[] = {
        ATTRIBUTE(CKA_TOKEN, &yes),      ATTRIBUTE(CKA_PRIVATE, &yes), ATTRIBUTE(CKA_SENSITIVE, &yes),
        ATTRIBUTE(CKA_EXTRACTABLE, &no), ATTRIBUTE(CKA_SIGN, &yes),    name,
        {CKA_ID, id, sizeof(id)},
    };
    CK_OBJECT_HANDLE private_key;
    return hsm->module->C_GenerateKeyPair(session, &mechanism, public_template,
                                          ARRAY_SIZE(public_template) - ARRAY_SIZE(kind->attributes) +
                                              kind->attribute_count,
                                          private_template, ARRAY_SIZE(private_template), public_key, &private_key);
}

static enum err generate_kind(struct hsm *hsm, const char *label, const struct kind *kind, CK_OBJECT_HANDLE *public_key)
{
    CK_SESSION_HANDLE session;
    TRY(ensure_free(hsm, label));
    TRY(outcome_err(hsm->module->C_OpenSession(hsm->slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session),
                    "C_OpenSession"));
    CK_RV rv = generate(hsm, session, label, kind, public_key);
    (void)hsm->module->C_CloseSession(session);
    return outcome_err(rv, "C_GenerateKeyPair");
}

/* -- RSA ----------------------------------------------------------------------------------------------------------- */

static enum err generate_rsa(struct hsm *hsm, const char *label, CK_ULONG bits, struct arena *arena, struct bytes *spki)
{
    static const uint8_t f4[] = {1, 0, 1};
    const struct kind kind = {
        CKM_RSA_PKCS_KEY_PAIR_GEN, {ATTRIBUTE(CKA_MODULUS_BITS, &bits), ATTRIBUTE(CKA_PUBLIC_EXPONENT, &f4)}, 2};
    CK_OBJECT_HANDLE public_key;
    struct bytes modulus, exponent;
    TRY(generate_kind(hsm, label, &kind, &public_key));
    TRY(token_attribute(hsm, public_key, CKA_MODULUS, arena, &modulus));
    TRY(token_attribute(hsm, public_key, CKA_PUBLIC_EXPONENT, arena, &exponent));
    *spki = encode_rsa_spki(arena, modulus, exponent);
    return OK;
}

enum err hsm_generate_rsa(struct hsm *hsm, const char *label, unsigned bits, struct arena *arena, struct bytes *spki)
{
    ENSURE(bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX && label[0] != '\0', ERR_HSM_REFUSED);
    pthread_rwlock_wrlock(&hsm->lock);
    enum err err = generate_rsa(hsm, label, bits, arena, spki);
    pthread_rwlock_unlock(&hsm->lock);
    return err;
}

/* -- P-256 --------------------------------------------------------------------------------------------------------- */

static enum err generate_p256(struct hsm *hsm, const char *label, struct arena *arena, struct bytes *spki)
{
    const struct kind kind = {
        CKM_EC_KEY_PAIR_GEN, {{CKA_EC_PARAMS, (void *)(uintptr_t)encode_p256_curve.data, encode_p256_curve.size}}, 1};
    CK_OBJECT_HANDLE public_key;
    struct bytes point;
    TRY(generate_kind(hsm, label, &kind, &public_key));
    TRY(token_attribute(hsm, public_key, CKA_EC_POINT, arena, &point));
    return encode_p256_spki(arena, point, spki);
}

enum err hsm_generate_p256(struct hsm *hsm, const char *label, struct arena *arena, struct bytes *spki)
{
    ENSURE(label[0] != '\0', ERR_HSM_REFUSED);
    pthread_rwlock_wrlock(&hsm->lock);
    enum err err = generate_p256(hsm, label, arena, spki);
    pthread_rwlock_unlock(&hsm->lock);
    return err;
}
