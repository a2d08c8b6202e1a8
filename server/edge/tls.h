/* SPDX-License-Identifier: Apache-2.0 */
/* TLS 1.2 and 1.3 with AEAD and forward secrecy only; no tickets, no renegotiation, no compression. */
#pragma once

#include "edge/edge.h"

struct bufferevent;
struct event_base;
struct tls;

/* ERR_SETTINGS_INVALID, with the reason logged, when the PEM files do not load or do not belong together. */
enum err tls_new(const struct edge_tls *options, struct tls **tls) MUST_CHECK;
void tls_free(struct tls *tls);
/* Takes fd over. */
struct bufferevent *tls_accept(struct tls *tls, struct event_base *base, int fd);
/* DER; empty when the client showed none. */
struct bytes tls_client_certificate(struct bufferevent *bufferevent, struct arena *arena);
/* Sends close_notify. */
void tls_say_goodbye(struct bufferevent *bufferevent);
