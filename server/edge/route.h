/* SPDX-License-Identifier: Apache-2.0 */
/* One row of THE route table (server/routes.c). */
#pragma once

#include "edge/request.h"

#include <stddef.h>

enum access {
    ACCESS_PUBLIC,  /* anybody */
    ACCESS_RENEWAL, /* bearer of the access token of {no} */
    ACCESS_PHONE,   /* bearer of the token of a link for the phone; the procedure called knows whether it still holds */
    ACCESS_STAFF,   /* a staff session; the procedure called checks its roles */
    ACCESS_PORTAL,  /* a session of the web hall; the procedure called checks whose */
};

enum listener_kind {
    LISTENER_PUBLIC,
    LISTENER_STAFF, /* an origin of its own: what goes wrong with a subscriber's page does not reach the desks */
    LISTENER_ADMIN, /* the administration address: metrics */
};

struct route {
    const char *method; /* "GET" answers HEAD as well */
    const char *path;   /* "/api/v1/renewals/{no}"; literal segments win over {…} */
    enum access access;
    const char *content_type; /* what the body must be; NULL: no body allowed. "a|b" accepts either */
    size_t body_limit;        /* bytes; 0: no body */
    request_handler *handler;
    enum listener_kind listener;
};
