/* SPDX-License-Identifier: Apache-2.0 */
/* What the compiler is asked to check, in one place. */
#pragma once

#define MUST_CHECK    __attribute__((warn_unused_result))
#define PRINTF(f, a)  __attribute__((format(printf, f, a)))
#define NORETURN      __attribute__((noreturn))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
