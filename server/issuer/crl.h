/* SPDX-License-Identifier: Apache-2.0 */
/* The revocation list: the active issuer looks regularly whether a new one is needed (none yet, half of the last one's
 * life is over, something was revoked since), signs it in the pool and records it. Web answers the newest. */
#pragma once

#include "issuer/issuer.h"

struct crl_maker;

/* issuer outlives it; its lease, pool and database are there. */
struct crl_maker *crl_maker_new(const struct issuer *issuer);
/* No further look; the list being made is still finished. */
void crl_maker_stop(struct crl_maker *maker);
bool crl_maker_busy(const struct crl_maker *maker);
/* After the pool and the database are closed: nothing of theirs calls back any more. NULL is fine. */
void crl_maker_free(struct crl_maker *maker);
