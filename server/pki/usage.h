/* SPDX-License-Identifier: Apache-2.0 */
/* The key usages a profile may name. keyCertSign and cRLSign are not among them: no profile makes a CA. For pki/ only.
 */
#pragma once

extern const char *const key_usage_names[];          /* the index is the bit (RFC 5280 4.2.1.3); NULL-terminated */
extern const char *const extended_key_usage_names[]; /* RFC 5280 4.2.1.12; NULL-terminated */

/* The index within names, -1 if it is not there. */
int usage_index(const char *const *names, const char *name);
