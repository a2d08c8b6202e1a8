/* SPDX-License-Identifier: Apache-2.0 */
/* THE table of what a module's answers mean (PKCS#11 2.40, 5.1). Anything not listed is a refusal. */
#include "base/log.h"
#include "hsm/token.h"

#define AWAY(rv)                                                                                                       \
    {                                                                                                                  \
        rv, OUTCOME_AWAY, #rv                                                                                          \
    }
#define REFUSED(rv)                                                                                                    \
    {                                                                                                                  \
        rv, OUTCOME_REFUSED, #rv                                                                                       \
    }

static const struct answer {
    CK_RV rv;
    enum outcome outcome;
    const char *name;
} answers[] = {
    {CKR_OK, OUTCOME_DONE, "CKR_OK"},
    /* the session, the login or the handles went */
    AWAY(CKR_SESSION_HANDLE_INVALID),
    AWAY(CKR_SESSION_CLOSED),
    AWAY(CKR_USER_NOT_LOGGED_IN),
    AWAY(CKR_KEY_HANDLE_INVALID),
    AWAY(CKR_OBJECT_HANDLE_INVALID),
    AWAY(CKR_OPERATION_ACTIVE), /* left behind by a call that failed half way */
    AWAY(CKR_OPERATION_NOT_INITIALIZED),
    /* the token or the device went */
    AWAY(CKR_DEVICE_REMOVED),
    AWAY(CKR_DEVICE_ERROR),
    AWAY(CKR_DEVICE_MEMORY),
    AWAY(CKR_TOKEN_NOT_PRESENT),
    AWAY(CKR_TOKEN_NOT_RECOGNIZED),
    AWAY(CKR_SLOT_ID_INVALID),
    AWAY(CKR_SESSION_COUNT),
    AWAY(CKR_CRYPTOKI_NOT_INITIALIZED),
    /* what network HSMs say when their line is down */
    AWAY(CKR_GENERAL_ERROR),
    AWAY(CKR_FUNCTION_FAILED),
    AWAY(CKR_FUNCTION_CANCELED),
    AWAY(CKR_HOST_MEMORY),
    /* named for the log only */
    REFUSED(CKR_PIN_INCORRECT),
    REFUSED(CKR_PIN_INVALID),
    REFUSED(CKR_PIN_LEN_RANGE),
    REFUSED(CKR_PIN_EXPIRED),
    REFUSED(CKR_PIN_LOCKED),
    REFUSED(CKR_USER_PIN_NOT_INITIALIZED),
    REFUSED(CKR_KEY_FUNCTION_NOT_PERMITTED),
    REFUSED(CKR_KEY_TYPE_INCONSISTENT),
    REFUSED(CKR_MECHANISM_INVALID),
    REFUSED(CKR_ATTRIBUTE_TYPE_INVALID),
    REFUSED(CKR_FUNCTION_NOT_SUPPORTED),
    REFUSED(CKR_TOKEN_WRITE_PROTECTED),
};

static const struct answer *find(CK_RV rv)
{
    static const struct answer unknown = {CKR_VENDOR_DEFINED, OUTCOME_REFUSED, "an answer not listed"};
    for (size_t i = 0; i < ARRAY_SIZE(answers); i++)
        if (answers[i].rv == rv)
            return &answers[i];
    return &unknown;
}

enum outcome outcome_of(CK_RV rv)
{
    return find(rv)->outcome;
}

const char *outcome_name(CK_RV rv)
{
    return find(rv)->name;
}

enum err outcome_err(CK_RV rv, const char *what)
{
    if (rv == CKR_OK)
        return OK;
    log_error("hsm", "%s failed: %s (0x%lx)", what, outcome_name(rv), rv);
    return outcome_of(rv) == OUTCOME_AWAY ? ERR_HSM_UNAVAILABLE : ERR_HSM_REFUSED;
}
