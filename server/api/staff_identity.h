/* SPDX-License-Identifier: Apache-2.0 */
/* Who a member of staff is, as it is compared with applications: sealed, and the indexes of each place where he may
 * stand. Used by the account's own page and by xuqictl. */
#pragma once

#include "base/fault.h"
#include "pki/seal.h"
#include "store/staff_person.h"

/* As typed; email "" where it is not given. */
struct staff_identity {
    const char *id_number, *mobile, *email;
};

/* Brings them into their canonical form; adds to the fault what is wrong. ERR_FIELDS_INVALID. */
enum err staff_identity_check(struct arena *arena, struct staff_identity *identity, struct fault *fault) MUST_CHECK;
/* name: of the account, which the sealed value is bound to. */
struct staff_person staff_person_seal(const struct seal_keys *keys, struct arena *arena, const char *name,
                                      const struct staff_identity *identity);
