/* SPDX-License-Identifier: Apache-2.0 */
/* THE table of payment methods as applicants are shown them; whether this server can take one is the gateways' table's
 * business (remote/gateway.h). */
#pragma once

#include "api/server.h"

struct payment_method {
    const char *method; /* as in platform files */
    const char *zh;     /* in the words of the guides */
};

extern const struct payment_method payment_methods[];
extern const size_t payment_method_count;

/* words: methods separated by spaces. */
bool method_listed(const char *words, const char *method);
