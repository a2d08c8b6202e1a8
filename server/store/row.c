/* SPDX-License-Identifier: Apache-2.0 */
/* Rows as callers read them: by position, with the declared type. */
#include "store/db_internal.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

size_t row_count(const struct row *rows)
{
    return (size_t)PQntuples(rows->result);
}

/* The value's address and size; NULL for null. */
static const char *value_at(const struct row *rows, size_t row, size_t column, char letter, size_t *size)
{
    assert(row < row_count(rows) && column < strlen(rows->columns) && rows->columns[column] == letter);
    *size = (size_t)PQgetlength(rows->result, (int)row, (int)column);
    if (PQgetisnull(rows->result, (int)row, (int)column))
        return NULL;
    return PQgetvalue(rows->result, (int)row, (int)column);
}

static int64_t integer_at(const struct row *rows, size_t row, size_t column, char letter)
{
    size_t size;
    uint64_t wire = 0;
    const char *value = value_at(rows, row, column, letter, &size);
    if (value == NULL)
        return 0;
    assert(size == sizeof(wire));
    memcpy(&wire, value, sizeof(wire));
    return (int64_t)be64toh(wire);
}

bool row_is_null(const struct row *rows, size_t row, size_t column)
{
    assert(row < row_count(rows) && column < strlen(rows->columns));
    return PQgetisnull(rows->result, (int)row, (int)column);
}

const char *row_text(const struct row *rows, size_t row, size_t column, struct arena *arena)
{
    size_t size;
    const char *value = value_at(rows, row, column, 't', &size);
    return arena_text_n(arena, value, value != NULL ? size : 0);
}

int64_t row_integer(const struct row *rows, size_t row, size_t column)
{
    return integer_at(rows, row, column, 'i');
}

bool row_boolean(const struct row *rows, size_t row, size_t column)
{
    size_t size;
    const char *value = value_at(rows, row, column, 'o', &size);
    return value != NULL && *value != 0;
}

int64_t row_time(const struct row *rows, size_t row, size_t column)
{
    return row_is_null(rows, row, column) ? 0 : schema_time_from_wire(integer_at(rows, row, column, 'z'));
}

struct bytes row_bytes(const struct row *rows, size_t row, size_t column, struct arena *arena)
{
    size_t size;
    const char *value = value_at(rows, row, column, 'b', &size);
    return value != NULL ? arena_bytes(arena, value, size) : (struct bytes){NULL, 0};
}
