/* SPDX-License-Identifier: Apache-2.0 */
/* CMocka, and pictures and documents to upload, good ones and hostile ones. */
#pragma once

#include "base/arena.h"
#include "base/compiler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

extern struct arena *arena; /* of the test under way */

int open_arena(void **state);
int close_arena(void **state);
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

struct bytes make_jpeg(unsigned width, unsigned height, int components);
struct bytes make_progressive_jpeg(unsigned width, unsigned height);
struct bytes make_png(unsigned width, unsigned height);
/* The same picture with a segment or chunk put behind its beginning. */
struct bytes with_jpeg_segment(struct bytes jpeg, uint8_t marker, struct bytes content);
struct bytes with_png_chunk(struct bytes png, const char *type, struct bytes content);
struct bytes joined(struct bytes a, struct bytes b);
struct bytes text_bytes(const char *text);
size_t find(struct bytes haystack, struct bytes needle); /* its place; the size when there is none */
