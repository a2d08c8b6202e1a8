/* SPDX-License-Identifier: Apache-2.0 */
/* Reaching the token: module, slot, sessions, login; and reaching it again. */
#include "hsm/token.h"

#include "base/log.h"

#include <string.h>

#define HSM_SLOTS_MAX 64

static enum err initialize(struct hsm *hsm)
{
    if (hsm->initialized)
        return OK;
    /* p11-kit asks for CKF_OS_LOCKING_OK: the module's own locks, no callbacks. */
    TRY(outcome_err(p11_kit_module_initialize(hsm->module), "C_Initialize"));
    hsm->initialized = true;
    return OK;
}

void token_finalize(struct hsm *hsm)
{
    if (hsm->initialized)
        (void)p11_kit_module_finalize(hsm->module); /* it may have been finalized behind our back: fine as well */
    hsm->initialized = false;
}

/* PKCS#11 pads labels with blanks to 32 bytes. */
static bool label_is(const CK_TOKEN_INFO *info, const char *label)
{
    size_t size = sizeof(info->label);
    while (size > 0 && info->label[size - 1] == ' ')
        size--;
    return size == strlen(label) && memcmp(info->label, label, size) == 0;
}

static enum err find_slot(struct hsm *hsm)
{
    CK_SLOT_ID slots[HSM_SLOTS_MAX];
    CK_ULONG count = HSM_SLOTS_MAX;
    unsigned found = 0;
    TRY(outcome_err(hsm->module->C_GetSlotList(CK_TRUE, slots, &count), "C_GetSlotList"));
    for (CK_ULONG i = 0; i < count; i++) {
        CK_TOKEN_INFO info;
        if (hsm->module->C_GetTokenInfo(slots[i], &info) != CKR_OK || !label_is(&info, hsm->label))
            continue;
        hsm->slot = slots[i];
        found++;
    }
    if (found == 1)
        return OK;
    log_error("hsm", "%u tokens of %lu are labelled %s; one is needed", found, count, hsm->label);
    return found == 0 ? ERR_HSM_UNAVAILABLE : ERR_HSM_REFUSED;
}

static enum err open_sessions(struct hsm *hsm)
{
    for (unsigned i = 0; i < hsm->session_count; i++)
        TRY(outcome_err(hsm->module->C_OpenSession(hsm->slot, CKF_SERIAL_SESSION, NULL, NULL, &hsm->sessions[i]),
                        "C_OpenSession"));
    return OK;
}

/* A login holds for all sessions of the process (PKCS#11 2.40, 5.6). */
static enum err login(struct hsm *hsm)
{
    if (hsm->pin_refused) {
        log_error("hsm", "the token refused this PIN before; it is not tried again");
        return ERR_HSM_REFUSED;
    }
    CK_RV rv = hsm->module->C_Login(hsm->sessions[0], CKU_USER, hsm->pin, hsm->pin_size);
    if (rv == CKR_USER_ALREADY_LOGGED_IN)
        return OK;
    hsm->pin_refused = rv != CKR_OK && outcome_of(rv) == OUTCOME_REFUSED;
    return outcome_err(rv, "C_Login");
}

void token_disconnect(struct hsm *hsm)
{
    for (unsigned i = 0; i < hsm->session_count; i++) {
        if (hsm->sessions[i] != 0)
            (void)hsm->module->C_CloseSession(hsm->sessions[i]); /* it may be closed already */
        hsm->sessions[i] = 0;
    }
}

enum err token_connect(struct hsm *hsm)
{
    TRY(initialize(hsm));
    TRY(find_slot(hsm));
    TRY(open_sessions(hsm));
    return login(hsm);
}

/* First with the module as it is; when that does not help, with the module initialized anew, which is what makes some
 * modules look for their devices again. */
static enum err reconnect(struct hsm *hsm)
{
    token_disconnect(hsm);
    enum err err = token_connect(hsm);
    if (err != ERR_HSM_UNAVAILABLE)
        return err;
    token_disconnect(hsm);
    token_finalize(hsm);
    return token_connect(hsm);
}

/* A key that is gone leaves the others usable. */
static enum err find_keys(struct hsm *hsm)
{
    for (struct hsm_key *key = hsm->keys; key != NULL; key = key->next) {
        key->handle = 0;
        enum err err = token_find_key(hsm, key);
        ENSURE(err == OK || err == ERR_HSM_REFUSED, err);
    }
    return OK;
}

static enum err recover_locked(struct hsm *hsm)
{
    log_warn("hsm", "token %s is away: connecting again", hsm->label);
    TRY(reconnect(hsm));
    TRY(find_keys(hsm));
    hsm->generation++;
    log_info("hsm", "token %s is back", hsm->label);
    return OK;
}

enum err token_recover(struct hsm *hsm, unsigned seen, const struct hsm_key *key)
{
    pthread_rwlock_wrlock(&hsm->lock);
    enum err err = hsm->generation == seen ? recover_locked(hsm) : OK; /* else another thread did */
    if (err == OK && key->handle == 0)
        err = ERR_HSM_REFUSED; /* token_find_key has said why */
    pthread_rwlock_unlock(&hsm->lock);
    return err;
}
