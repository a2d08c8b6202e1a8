/* SPDX-License-Identifier: Apache-2.0 */
/* What a platform charges, as clients are shown it, and whether a term can be promised at all. */
#pragma once

#include "api/server.h"
#include "store/price.h"

/* May a certificate that would end then be issued? The issuer's lint refuses one that outlives the issuing CA or the
 * profile's longest validity: nobody is to pay for such a promise. ERR_TERM_BEYOND_CA, explained in fault. */
enum err quote_check_promise(const struct api_server *server, const struct platform *platform, int64_t not_after_us,
                             int64_t now_us, struct fault *fault) MUST_CHECK;

/* The terms with their lines, each with its quote version, and whether it can be had: for the certificate that ends at
 * old_not_after_us with the date it would be given, or (0) for any. available counts those that can, unless NULL. */
struct json *quote_terms_json(struct request *req, const struct platform *platform, const struct quote *quote,
                              int64_t old_not_after_us, size_t *available);
