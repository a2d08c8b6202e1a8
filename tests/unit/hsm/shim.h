/* SPDX-License-Identifier: Apache-2.0 */
/* A PKCS#11 module that is SoftHSM, but fails when told to and counts what it is asked. */
#pragma once

#include <p11-kit/pkcs11.h>
#include <stdbool.h>

struct shim {
    CK_RV sign_answer; /* instead of the next sign_failures signatures */
    int sign_failures;
    CK_RV login_answer; /* instead of the next login_failures logins */
    int login_failures;
    bool away; /* the token is pulled out */
    int logins, signatures;
    CK_FUNCTION_LIST *real;
};
