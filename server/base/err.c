/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <assert.h>
#include <string.h>

static const struct err_info errors[ERR_COUNT] = {
#define X(name, code, category, status, zh, en, fix_zh, fix_en)                                                        \
    [ERR_##name] = {code, ERR_##category, status, zh, en, fix_zh, fix_en},
#include "base/error.def"
#undef X
};

const struct err_info *err_info(enum err e)
{
    assert(e > OK && e < ERR_COUNT);
    return &errors[e];
}

const char *err_code(enum err e)
{
    return e == OK ? "ok" : err_info(e)->code;
}

enum err err_from_code(const char *code)
{
    for (int e = OK + 1; e < ERR_COUNT; e++)
        if (strcmp(errors[e].code, code) == 0)
            return (enum err)e;
    return ERR_COUNT;
}
