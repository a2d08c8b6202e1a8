/* SPDX-License-Identifier: Apache-2.0 */
/* When a renewed certificate ends, and when a certificate may be renewed. Calendar arithmetic in Beijing time. */
#pragma once

#include "base/err.h"
#include "base/fault.h"

#include <stdbool.h>

#define TERM_MONTHS_MAX 120 /* of what platforms sell */

struct platform;

/* from + months: time of day kept, clamped to the month's end. */
int64_t term_add_months(int64_t from_us, int64_t months);
/* Old notAfter + term while the old certificate is valid; now + term when it has expired (whole seconds). */
int64_t term_new_not_after(int64_t old_not_after_us, int64_t now_us, int64_t months);

/* May a certificate with this validity be renewed on this platform now? OK, ERR_CERTIFICATE_NOT_YET_VALID,
 * ERR_CERTIFICATE_EXPIRED, ERR_WINDOW_NOT_OPEN (the fault says the date), ERR_WINDOW_CLOSED. */
enum err window_check(const struct platform *platform, int64_t not_before_us, int64_t not_after_us, int64_t now_us,
                      struct fault *fault) MUST_CHECK;
/* From when to when this platform renews a certificate that ends so, both included; 0 where it sets no bound. An
 * unexpired certificate must have begun as well. */
void window_bounds(const struct platform *platform, int64_t not_after_us, int64_t *opens_us, int64_t *closes_us);
/* "4.7.6", "V4.2": one to four numbers. */
bool client_version_valid(const char *version);
/* "4.7.6" >= "4.2.0", number by number. ERR_CLIENT_TOO_OLD with the version needed; expired chooses the other minimum.
 */
enum err client_version_check(const struct platform *platform, const char *version, bool expired,
                              struct fault *fault) MUST_CHECK;
