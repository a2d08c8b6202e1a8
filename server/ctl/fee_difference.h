/* SPDX-License-Identifier: Apache-2.0 */
/* What a platform file would change of the prices that are loaded: shown to who loads them, and refused where it would
 * change history. */
#pragma once

#include "domain/platform.h"
#include "store/price.h"

/* The file's fee tables, a row per item, as the database keeps them. */
void fee_rows(struct arena *arena, const struct platform *platform, struct loaded_fees *out);
/* Prints each difference that would change what is or was in force, with file and line and what to do; counts them. */
unsigned fee_difference_check(const struct platform *platform, const struct loaded_fees *loaded,
                              const struct loaded_fees *wanted, int64_t now_us);
/* Prints each table that was decided at the desk, has not begun and would be taken back or changed; counts them. */
unsigned fee_difference_decided(const struct platform *platform, const struct loaded_fees *loaded,
                                const struct loaded_fees *wanted);
/* Prints the table of what changes and the notes of the tables that come; how many fee tables are added, changed or
 * taken back. */
unsigned fee_difference_print(struct arena *arena, const struct platform *platform, const struct loaded_fees *loaded,
                              const struct loaded_fees *wanted);
