/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates that members of staff log in with: made by the CA of their own file, not revoked by its list. The files
 * are read at each login, so that a new list holds at once. Blocks: for a pool thread. */
#pragma once

#include "pki/certificate.h"

/* ERR_CLIENT_CERTIFICATE_UNTRUSTED (another CA, not for clients, not valid yet), ERR_CLIENT_CERTIFICATE_REVOKED,
 * ERR_CLIENT_CERTIFICATE_EXPIRED; ERR_CLIENT_CERTIFICATE_UNCHECKED, after logging, when CA or list cannot be read or
 * the list is out of date: nobody is let in by a list that may be old. */
enum err client_certificate_check(const char *ca_path, const char *crl_path, struct bytes der) MUST_CHECK;
