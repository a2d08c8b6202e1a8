/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "api/server.h"
#include "base/json.h"

/* The ways to pay of words (methods separated by spaces) that can be used now: [{"method", "name"}]. */
struct json *order_methods_json(const struct api_server *server, const char *words);
