/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/hsm/shim.h"

#include <dlfcn.h>
#include <stddef.h>

#define SOFTHSM "/usr/lib/softhsm/libsofthsm2.so"

extern struct shim shim;
struct shim shim;
static CK_FUNCTION_LIST list;

/* Takes one off a counter that is not used up; signatures come from several threads. */
static bool take_one(int *counter)
{
    int left = __atomic_load_n(counter, __ATOMIC_SEQ_CST);
    while (left > 0)
        if (__atomic_compare_exchange_n(counter, &left, left - 1, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
            return true;
    return false;
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG size, CK_BYTE_PTR out, CK_ULONG_PTR out_size)
{
    __atomic_add_fetch(&shim.signatures, 1, __ATOMIC_RELAXED);
    if (shim.away)
        return CKR_TOKEN_NOT_PRESENT;
    CK_RV rv = shim.real->C_Sign(session, data, size, out, out_size);
    return take_one(&shim.sign_failures) ? shim.sign_answer : rv;
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG size)
{
    shim.logins++;
    if (take_one(&shim.login_failures))
        return shim.login_answer;
    return shim.real->C_Login(session, user, pin, size);
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
                          CK_SESSION_HANDLE_PTR session)
{
    return shim.away ? CKR_TOKEN_NOT_PRESENT : shim.real->C_OpenSession(slot, flags, application, notify, session);
}

static CK_RV slot_list(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count)
{
    if (!shim.away)
        return shim.real->C_GetSlotList(present, slots, count);
    *count = 0;
    return CKR_OK;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR out)
{
    void *library = dlopen(SOFTHSM, RTLD_NOW);
    CK_C_GetFunctionList get = library != NULL ? (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList") : NULL;
    if (get == NULL || get(&shim.real) != CKR_OK)
        return CKR_GENERAL_ERROR;
    list = *shim.real;
    list.C_GetFunctionList = C_GetFunctionList;
    list.C_Sign = sign;
    list.C_Login = login;
    list.C_OpenSession = open_session;
    list.C_GetSlotList = slot_list;
    *out = &list;
    return CKR_OK;
}
