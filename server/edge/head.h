/* SPDX-License-Identifier: Apache-2.0 */
/* The glue to llhttp: a complete head becomes the fields of a request. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct request;

/* head is a complete head that passed head_scan; it is copied. Sets method, headers, raw_target and keep_alive. */
enum err head_parse(struct request *req, struct bytes head, size_t header_limit) MUST_CHECK;
