/* SPDX-License-Identifier: Apache-2.0 */
/* Every failure this program can report is one row of error.def: a stable code for programs, a category that decides
 * status, retry and alarm, and a sentence for people in Chinese and English that says what to do.
 * Functions that can fail return enum err; outputs are untouched on failure. */
#pragma once

#include "base/compiler.h"

enum err {
    OK = 0,
#define X(name, code, category, status, zh, en, fix_zh, fix_en) ERR_##name,
#include "base/error.def"
#undef X
    ERR_COUNT
};

enum err_category {
    ERR_CALLER,  /* what was sent is wrong: sending it again changes nothing */
    ERR_LATER,   /* nothing wrong with it: the same request may succeed later */
    ERR_OURS,    /* a fault of this server: logged as an error, raises an alarm */
    ERR_OUTSIDE, /* a fault of a service we depend on */
};

struct err_info {
    const char *code; /* stable, snake_case */
    enum err_category category;
    int status; /* HTTP status */
    const char *zh, *en, *fix_zh, *fix_en;
};

/* Never NULL; e must not be OK. */
const struct err_info *err_info(enum err e);
/* "ok" for OK. */
const char *err_code(enum err e);
/* ERR_COUNT when there is no such code: used for outcome words that come from SQL. */
enum err err_from_code(const char *code);

/* The only two macros that return. */
#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        enum err try_err_ = (call);                                                                                    \
        if (try_err_ != OK)                                                                                            \
            return try_err_;                                                                                           \
    } while (0)
#define ENSURE(condition, error)                                                                                       \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            return (error);                                                                                            \
    } while (0)
