/* SPDX-License-Identifier: Apache-2.0 */
/* The agent of a renewal out of the sealed data, for who must know: messages and the identity provider. */
#pragma once

#include "jobs/jobs.h"

struct person {
    const char *id_type, *id_number, *name, *mobile, *email;
};

/* ERR_SEAL_BROKEN, ERR_FIELDS_INVALID. */
enum err person_read(const struct jobs *jobs, struct arena *arena, struct bytes evidence_sha256,
                     struct bytes personal_sealed, struct person *out) MUST_CHECK;
