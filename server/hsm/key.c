/* SPDX-License-Identifier: Apache-2.0 */
/* Keys by label. */
#include "base/log.h"
#include "base/mem.h"
#include "hsm/encode.h"
#include "hsm/token.h"

#include <string.h>

#define ATTRIBUTE_SIZE_MAX 4096
#define CURVE_SIZE_MAX     16

enum err token_find(struct hsm *hsm, CK_OBJECT_CLASS object_class, const char *label, CK_OBJECT_HANDLE *out)
{
    CK_ATTRIBUTE template[] = {
        {CKA_CLASS, &object_class, sizeof(object_class)},
        {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)},
    };
    CK_OBJECT_HANDLE found[2];
    CK_ULONG count = 0;
    CK_SESSION_HANDLE session = hsm->sessions[0];
    TRY(outcome_err(hsm->module->C_FindObjectsInit(session, template, ARRAY_SIZE(template)), "C_FindObjectsInit"));
    CK_RV rv = hsm->module->C_FindObjects(session, found, ARRAY_SIZE(found), &count);
    (void)hsm->module->C_FindObjectsFinal(session); /* the search's own answer counts */
    TRY(outcome_err(rv, "C_FindObjects"));
    if (count != 1) {
        log_error("hsm", "token %s has %s key labelled %s", hsm->label, count == 0 ? "no" : "more than one", label);
        return ERR_HSM_REFUSED;
    }
    *out = found[0];
    return OK;
}

enum err token_attribute(struct hsm *hsm, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, struct arena *arena,
                         struct bytes *value)
{
    CK_ATTRIBUTE attribute = {type, arena_alloc(arena, ATTRIBUTE_SIZE_MAX), ATTRIBUTE_SIZE_MAX};
    TRY(outcome_err(hsm->module->C_GetAttributeValue(hsm->sessions[0], object, &attribute, 1), "C_GetAttributeValue"));
    *value = (struct bytes){attribute.pValue, attribute.ulValueLen};
    return OK;
}

static enum err read_kind(struct hsm *hsm, CK_OBJECT_HANDLE object, const char *label, bool *rsa)
{
    CK_KEY_TYPE type;
    CK_ATTRIBUTE kind = {CKA_KEY_TYPE, &type, sizeof(type)};
    TRY(outcome_err(hsm->module->C_GetAttributeValue(hsm->sessions[0], object, &kind, 1), "reading CKA_KEY_TYPE"));
    if (type == CKK_RSA) {
        *rsa = true;
        return OK;
    }
    uint8_t curve[CURVE_SIZE_MAX];
    CK_ATTRIBUTE parameters = {CKA_EC_PARAMS, curve, encode_p256_curve.size};
    if (type != CKK_EC || hsm->module->C_GetAttributeValue(hsm->sessions[0], object, &parameters, 1) != CKR_OK ||
        parameters.ulValueLen != encode_p256_curve.size ||
        memcmp(curve, encode_p256_curve.data, encode_p256_curve.size) != 0) {
        log_error("hsm", "key %s is neither RSA nor P-256", label);
        return ERR_HSM_REFUSED;
    }
    *rsa = false;
    return OK;
}

enum err token_find_key(struct hsm *hsm, struct hsm_key *key)
{
    CK_OBJECT_HANDLE handle;
    TRY(token_find(hsm, CKO_PRIVATE_KEY, key->label, &handle));
    TRY(read_kind(hsm, handle, key->label, &key->rsa));
    key->handle = handle;
    return OK;
}

static struct hsm_key *known(const struct hsm *hsm, const char *label)
{
    struct hsm_key *key = hsm->keys;
    while (key != NULL && strcmp(key->label, label) != 0)
        key = key->next;
    return key;
}

static enum err find_locked(struct hsm *hsm, const char *label, struct hsm_key **out)
{
    struct hsm_key *key = known(hsm, label);
    if (key != NULL) {
        TRY(token_find_key(hsm, key));
        *out = key;
        return OK;
    }
    struct hsm_key found = {.label = (char *)(uintptr_t)label};
    TRY(token_find_key(hsm, &found));
    key = mem_alloc(sizeof(*key));
    *key = found;
    key->label = memcpy(mem_alloc(strlen(label) + 1), label, strlen(label) + 1);
    key->next = hsm->keys;
    hsm->keys = key;
    *out = key;
    return OK;
}

enum err hsm_find_key(struct hsm *hsm, const char *label, struct hsm_key **out)
{
    pthread_rwlock_wrlock(&hsm->lock);
    enum err err = find_locked(hsm, label, out);
    pthread_rwlock_unlock(&hsm->lock);
    return err;
}

bool hsm_key_is_rsa(const struct hsm_key *key)
{
    return key->rsa;
}

static enum err read_public(struct hsm *hsm, const struct hsm_key *key, struct arena *arena, struct bytes *spki)
{
    CK_OBJECT_HANDLE public_key;
    struct bytes modulus, exponent, point;
    TRY(token_find(hsm, CKO_PUBLIC_KEY, key->label, &public_key));
    if (key->rsa) {
        TRY(token_attribute(hsm, public_key, CKA_MODULUS, arena, &modulus));
        TRY(token_attribute(hsm, public_key, CKA_PUBLIC_EXPONENT, arena, &exponent));
        *spki = encode_rsa_spki(arena, modulus, exponent);
        return OK;
    }
    TRY(token_attribute(hsm, public_key, CKA_EC_POINT, arena, &point));
    return encode_p256_spki(arena, point, spki);
}

enum err hsm_public_key(struct hsm *hsm, const struct hsm_key *key, struct arena *arena, struct bytes *spki)
{
    pthread_rwlock_wrlock(&hsm->lock);
    enum err err = read_public(hsm, key, arena, spki);
    pthread_rwlock_unlock(&hsm->lock);
    return err;
}
