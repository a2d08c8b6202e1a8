/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/person.h"

#include "domain/application.h"
#include "pki/seal.h"

enum err person_read(const struct jobs *jobs, struct arena *arena, struct bytes evidence_sha256,
                     struct bytes personal_sealed, struct person *out)
{
    struct bytes text;
    struct application personal;
    TRY(unseal(jobs->seal_keys, arena, "renewal.personal", evidence_sha256, personal_sealed, &text));
    TRY(application_personal_read((const char *)text.data, text.size, arena, &personal));
    *out = (struct person){.id_type = personal.agent.id_type,
                           .id_number = personal.agent.id_number,
                           .name = personal.agent.name,
                           .mobile = personal.agent.mobile,
                           .email = personal.agent.email};
    return OK;
}
