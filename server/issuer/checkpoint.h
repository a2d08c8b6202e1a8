/* SPDX-License-Identifier: Apache-2.0 */
/* The heads of the audit tree: the active issuer looks regularly whether the tree has grown, computes the new root from
 * what it has signed before and the leaves since, signs it with the audit key and records it. It never signs what does
 * not go on from there (c2sp.org/tlog-checkpoint), whatever the database says. */
#pragma once

#include "issuer/issuer.h"

struct checkpoint_maker;

/* issuer outlives it; its lease, pool, database and token are there. ERR_SETTINGS_INVALID, ERR_HSM_REFUSED: there is no
 * usable audit key, or not the one whose public half the settings name. */
enum err checkpoint_maker_new(const struct issuer *issuer, struct checkpoint_maker **out) MUST_CHECK;
/* No further look; the head being made is still finished. */
void checkpoint_maker_stop(struct checkpoint_maker *maker);
bool checkpoint_maker_busy(const struct checkpoint_maker *maker);
/* False: what was signed is contradicted by the database; nothing is signed any more. */
bool checkpoint_maker_sound(const struct checkpoint_maker *maker);
/* After the pool and the database are closed. NULL is fine. */
void checkpoint_maker_free(struct checkpoint_maker *maker);
