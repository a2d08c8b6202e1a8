/* SPDX-License-Identifier: Apache-2.0 */
/* THE table of payment methods: what applicants are shown for each, and whether this server can take it. */
#pragma once

#include "api/server.h"

struct gateway {
    const char *method; /* as in platform files */
    const char *zh;     /* in the words of the guides */
    bool (*offered)(const struct api_server *server);
};

extern const struct gateway gateways[];
extern const size_t gateway_count;

/* words: methods separated by spaces. */
bool gateway_listed(const char *words, const char *method);
