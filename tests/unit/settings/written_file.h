/* SPDX-License-Identifier: Apache-2.0 */
/* A file of a test, and what was reported about it. */
#pragma once

#include "base/arena.h"
#include "base/compiler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

extern struct arena *arena;
extern char faults[16384]; /* one line each, the folder cut off */
extern unsigned fault_count;

int open_folder(void **state);
int close_folder(void **state);
/* Its path. */
const char *written(const char *text);
const char *written_bytes(const char *text, size_t size);
void report(void *context, const char *message);
void assert_fault(const char *expected);

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_folder, close_folder)
