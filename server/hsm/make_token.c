/* SPDX-License-Identifier: Apache-2.0 */
/* Initializes a token, for demonstrations and tests: softhsm2-util wants its PINs in the arguments or from a terminal.
 */
#include "base/log.h"
#include "hsm/token.h"

#include <string.h>

#define SLOTS_MAX  64
#define LABEL_SIZE 32 /* PKCS#11 CK_TOKEN_INFO: padded with blanks */

static void pad_label(const char *label, CK_UTF8CHAR padded[LABEL_SIZE])
{
    size_t size = strlen(label);
    memset(padded, ' ', LABEL_SIZE);
    memcpy(padded, label, size < LABEL_SIZE ? size : LABEL_SIZE);
}

/* The slot of the token with this label, or of one that is not initialized yet. */
static enum err find_slot(CK_FUNCTION_LIST *module, const CK_UTF8CHAR label[LABEL_SIZE], CK_SLOT_ID *slot, bool *exists)
{
    CK_SLOT_ID slots[SLOTS_MAX];
    CK_ULONG count = SLOTS_MAX;
    TRY(outcome_err(module->C_GetSlotList(CK_TRUE, slots, &count), "C_GetSlotList"));
    bool blank = false;
    for (CK_ULONG i = 0; i < count; i++) {
        CK_TOKEN_INFO info;
        if (module->C_GetTokenInfo(slots[i], &info) != CKR_OK)
            continue;
        bool initialized = (info.flags & CKF_TOKEN_INITIALIZED) != 0;
        if (initialized && memcmp(info.label, label, LABEL_SIZE) == 0) {
            *exists = true;
            return OK;
        }
        if (!initialized) {
            *slot = slots[i];
            blank = true;
        }
    }
    *exists = false;
    return blank ? OK : ERR_HSM_REFUSED;
}

static enum err set_user_pin(CK_FUNCTION_LIST *module, CK_SESSION_HANDLE session, struct bytes so_pin, struct bytes pin)
{
    TRY(outcome_err(module->C_Login(session, CKU_SO, (CK_UTF8CHAR *)(uintptr_t)so_pin.data, so_pin.size), "C_Login"));
    return outcome_err(module->C_InitPIN(session, (CK_UTF8CHAR *)(uintptr_t)pin.data, pin.size), "C_InitPIN");
}

static enum err initialize(CK_FUNCTION_LIST *module, const char *label, struct bytes so_pin, struct bytes pin)
{
    CK_UTF8CHAR padded[LABEL_SIZE];
    CK_SLOT_ID slot = 0;
    CK_SESSION_HANDLE session;
    bool exists;
    pad_label(label, padded);
    TRY(find_slot(module, padded, &slot, &exists));
    if (exists)
        return OK;
    TRY(outcome_err(module->C_InitToken(slot, (CK_UTF8CHAR *)(uintptr_t)so_pin.data, so_pin.size, padded),
                    "C_InitToken"));
    TRY(outcome_err(module->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session),
                    "C_OpenSession"));
    enum err err = set_user_pin(module, session, so_pin, pin);
    module->C_CloseSession(session);
    return err;
}

enum err hsm_make_token(const char *module_path, const char *label, struct bytes so_pin, struct bytes pin)
{
    CK_FUNCTION_LIST *module = p11_kit_module_load(module_path, 0);
    if (module == NULL) {
        log_error("hsm", "%s cannot be loaded", module_path);
        return ERR_HSM_UNAVAILABLE;
    }
    enum err err = outcome_err(p11_kit_module_initialize(module), "C_Initialize");
    if (err == OK) {
        err = initialize(module, label, so_pin, pin);
        p11_kit_module_finalize(module);
    }
    p11_kit_module_release(module);
    return err;
}
