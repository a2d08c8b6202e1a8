/* SPDX-License-Identifier: Apache-2.0 */
/* Who is asking. Applicants carry an access token that grants one renewal: HMAC of its number under a key of the web
 * processes, so that a number in a URL grants nothing and no table is read to refuse. Staff carry a session token; only
 * its digest is stored, and the procedure called decides what it may do. */
#pragma once

#include "base/arena.h"
#include "edge/route.h"

#define SESSION_TOKEN_SIZE 32

/* Who logs in. */
enum session_kind { SESSION_STAFF, SESSION_PORTAL };

/* base64url, 43 characters. */
char *access_token(struct arena *arena, struct bytes key, const char *renewal_no);
/* The page of a renewal. The token is behind the #: browsers do not send it, logs and referrers do not hold it. */
char *access_pay_url(struct arena *arena, const char *public_url, const char *renewal_no, const char *token);
/* The admission check of the edge: ERR_ACCESS_TOKEN_INVALID, ERR_UNAUTHENTICATED. */
enum err access_admit(struct request *req, const struct route *route) MUST_CHECK;
/* The session's digest, for routes with ACCESS_STAFF. */
struct bytes access_staff_digest(const struct request *req);
/* The same for ACCESS_PORTAL, and after access_require_portal. */
struct bytes access_portal_digest(const struct request *req);
/* Asks for a session of the web hall where the route itself is open, since its body may be a proof as well.
 * ERR_UNAUTHENTICATED. */
enum err access_require_portal(struct request *req) MUST_CHECK;

/* The token itself, for the issuer, which believes nobody else. */
const char *access_portal_token(struct request *req);
/* The access token of {no} in the header X-Xuqi-Renewal, where Authorization holds the session's.
 * ERR_ACCESS_TOKEN_INVALID. */
enum err access_require_renewal(struct request *req) MUST_CHECK;

/* A token for a phone: random, and marked by us, so that what is admitted to send photos is known without a table. 43
 * characters of base64url. */
char *access_phone_token(struct arena *arena, struct bytes key, struct bytes *digest);
char *access_phone_url(struct arena *arena, const char *public_url, const char *token);
/* The token's digest, for routes with ACCESS_PHONE. */
struct bytes access_phone_digest(const struct request *req);

/* The session token that the cookie carries; NULL when there is none. */
const char *access_session_cookie(struct request *req, enum session_kind kind);
/* Of a token as it was sent; false when it is none of ours. */
bool access_session_digest(struct arena *arena, const char *token, struct bytes *digest);
/* A fresh session token and its digest. */
char *access_session_token(struct arena *arena, struct bytes *digest);
/* Set-Cookie for the pages; programs use the bearer token. */
void access_set_cookie(struct request *req, enum session_kind kind, const char *token, int64_t max_age_s);
