/* SPDX-License-Identifier: Apache-2.0 */
/* Declared letters and the database's types. Types must be equal: a column of another integer width or an enum is told
 * at start, with the cast that mends it, and never misread later. */
#include "base/log.h"
#include "store/db_internal.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define EPOCH_2000_US     INT64_C(946684800000000)
#define TYPE_NAME_SIZE    32
#define LETTERS           "tiboz"
#define LETTERS_OF_ARRAYS "TIBZ"

/* src/include/catalog/pg_type.dat of PostgreSQL 15; those without a letter are here for the message. */
static const struct {
    char letter;
    Oid oid, element;
    const char *name;
} types[] = {
    {'t', 25, 0, "text"},
    {'i', 20, 0, "bigint"},
    {'b', 17, 0, "bytea"},
    {'o', 16, 0, "boolean"},
    {'z', 1184, 0, "timestamptz"},
    {'T', 1009, 25, "text[]"},
    {'I', 1016, 20, "bigint[]"},
    {'B', 1001, 17, "bytea[]"},
    {'Z', 1185, 1184, "timestamptz[]"},
    {0, 18, 0, "\"char\""},
    {0, 19, 0, "name"},
    {0, 21, 0, "smallint"},
    {0, 23, 0, "integer"},
    {0, 114, 0, "json"},
    {0, 700, 0, "real"},
    {0, 701, 0, "double precision"},
    {0, 705, 0, "unknown"},
    {0, 869, 0, "inet"},
    {0, 1042, 0, "char(n)"},
    {0, 1043, 0, "varchar"},
    {0, 1082, 0, "date"},
    {0, 1083, 0, "time"},
    {0, 1114, 0, "timestamp without time zone"},
    {0, 1186, 0, "interval"},
    {0, 1700, 0, "numeric"},
    {0, 2249, 0, "record"},
    {0, 2278, 0, "void"},
    {0, 2950, 0, "uuid"},
    {0, 3802, 0, "jsonb"},
};

static size_t type_index(char letter)
{
    size_t i = 0;
    while (i < ARRAY_SIZE(types) && types[i].letter != letter)
        i++;
    assert(i < ARRAY_SIZE(types));
    return i;
}

Oid schema_oid(char letter)
{
    return types[type_index(letter)].oid;
}

Oid schema_element_oid(char letter)
{
    return types[type_index(letter)].element;
}

int64_t schema_time_to_wire(int64_t unix_us)
{
    int64_t wire_us;
    if (unix_us == INT64_MAX || __builtin_sub_overflow(unix_us, EPOCH_2000_US, &wire_us))
        return unix_us == INT64_MAX ? INT64_MAX : INT64_MIN;
    return wire_us;
}

int64_t schema_time_from_wire(int64_t wire_us)
{
    int64_t unix_us;
    if (wire_us == INT64_MIN || __builtin_add_overflow(wire_us, EPOCH_2000_US, &unix_us))
        return wire_us == INT64_MIN ? INT64_MIN : INT64_MAX;
    return unix_us;
}

static const char *type_name(Oid oid, char name[static TYPE_NAME_SIZE])
{
    for (size_t i = 0; i < ARRAY_SIZE(types); i++)
        if (types[i].oid == oid)
            return types[i].name;
    snprintf(name, TYPE_NAME_SIZE, "the type with oid %u", oid); /* an enum, mostly */
    return name;
}

/* varchar(n) is text with a limit and the same bytes. */
static bool fits(char letter, Oid oid)
{
    return oid == schema_oid(letter) || (letter == 't' && oid == 1043);
}

static enum err check_one(const struct db_statement *statement, const char *what, int number, const char *name,
                          char letter, Oid found)
{
    if (fits(letter, found))
        return OK;
    char text[TYPE_NAME_SIZE];
    log_error("db", "statement %s: %s %d (%s) is declared '%c' (%s) but is %s in the database; cast it or migrate",
              statement->name, what, number, name, letter, types[type_index(letter)].name, type_name(found, text));
    return ERR_DB_SCHEMA;
}

static enum err check_count(const struct db_statement *statement, const char *what, size_t declared, int found)
{
    if ((int)declared == found)
        return OK;
    log_error("db", "statement %s: %zu %ss are declared but the database has %d", statement->name, declared, what,
              found);
    return ERR_DB_SCHEMA;
}

enum err schema_check(const struct db_statement *statement, const PGresult *description)
{
    const char *params = statement->params, *columns = statement->columns;
    TRY(check_count(statement, "parameter", strlen(params), PQnparams(description)));
    TRY(check_count(statement, "column", strlen(columns), PQnfields(description)));
    for (int i = 0; params[i] != '\0'; i++)
        TRY(check_one(statement, "parameter", i + 1, "$", params[i], PQparamtype(description, i)));
    for (int i = 0; columns[i] != '\0'; i++)
        TRY(check_one(statement, "column", i + 1, PQfname(description, i), columns[i], PQftype(description, i)));
    return OK;
}

void schema_check_declaration(const struct db_statement *statement)
{
    assert(strlen(statement->params) <= DB_PARAMS_MAX);
    assert(strspn(statement->params, LETTERS LETTERS_OF_ARRAYS) == strlen(statement->params));
    assert(strspn(statement->columns, LETTERS) == strlen(statement->columns));
}
