/* SPDX-License-Identifier: Apache-2.0 */
/* Several at once: a field of each item becomes an array parameter. In scope: arena, items (pointers), count. */
#pragma once

#include "store/db.h"

#define COLUMN(arena, items, count, field, type)                                                                       \
    ({                                                                                                                 \
        type *column_ = arena_alloc((arena), (count) * sizeof(*column_));                                              \
        for (size_t i_ = 0; i_ < (count); i_++)                                                                        \
            column_[i_] = (items)[i_]->field;                                                                          \
        column_;                                                                                                       \
    })
#define TEXTS(field)    db_texts(COLUMN(arena, items, count, field, const char *), count)
#define BYTES(field)    db_bytes_each(COLUMN(arena, items, count, field, struct bytes), count)
#define INTEGERS(field) db_integers(COLUMN(arena, items, count, field, int64_t), count)
#define TIMES(field)    db_times(COLUMN(arena, items, count, field, int64_t), count)
