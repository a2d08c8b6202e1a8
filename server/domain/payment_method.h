/* SPDX-License-Identifier: Apache-2.0 */
/* The ways to pay that a platform may name, and which of them this installation has been set up for. */
#pragma once

#include "base/settings.h"
#include "domain/platform.h"

/* The words, NULL-terminated. */
extern const char *const payment_method_words[];
/* Are the settings there that this method needs? */
bool payment_method_configured(const struct settings *settings, const char *method);
/* Is at least one of the platform's methods configured? */
bool platform_payable(const struct settings *settings, const struct platform *platform);
/* Those of the platform that are not, separated by spaces; "" when all are. */
const char *payment_methods_absent(struct arena *arena, const struct settings *settings,
                                   const struct platform *platform);
