/* SPDX-License-Identifier: Apache-2.0 */
/* The trail as others read it (docs/audit.md): events, checkpoints and proofs in JSON. */
#pragma once

#include "base/json.h"
#include "store/audit.h"

struct json *audit_event_json(struct arena *arena, const struct audit_event *event);
struct json *audit_checkpoint_json(struct arena *arena, const struct audit_checkpoint *checkpoint);
/* Hashes of 32 octets, as hexadecimal texts. */
struct json *audit_path_json(struct arena *arena, struct bytes path);
struct json *audit_consistency_json(struct arena *arena, const struct audit_consistency *proof);
struct json *audit_proof_json(struct arena *arena, const struct audit_proof *proof);
