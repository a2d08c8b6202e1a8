/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of a platform's rules as JSON: as applicants' clients read them, and as the administration does. */
#pragma once

#include "base/json.h"
#include "domain/platform.h"

struct json *rules_texts(const char *const *list, unsigned count);
struct json *rules_contact(const struct platform *platform);
struct json *rules_client(const struct platform *platform);
struct json *rules_window(const struct platform *platform);
struct json *rules_proofs(const struct platform *platform);
struct json *rules_invoice(const struct platform *platform);
