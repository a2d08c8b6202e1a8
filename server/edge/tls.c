/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/tls.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/mem.h"

#include <assert.h>
#include <errno.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/ssl.h>
#include <string.h>
#include <unistd.h>

/* TLS 1.3 has none but AEAD suites with forward secrecy. */
#define TLS_1_2_CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"

struct tls {
    SSL_CTX *context;
};

DEFINE_CLEANUP(SSL_CTX, SSL_CTX_free)

static enum err refuse(const char *path, const char *what)
{
    const char *reason = access(path, R_OK) != 0 ? strerror(errno) : "not PEM, or of another kind";
    log_error("edge", "tls: %s: %s: %s", path, what, reason);
    return ERR_SETTINGS_INVALID;
}

/* HTTP/1.1 is the only protocol behind it (RFC 7301). */
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_size, const unsigned char *in,
                           unsigned int in_size, void *context)
{
    (void)ssl, (void)context;
    static const unsigned char http_1_1[] = "\x08http/1.1";
    unsigned char *chosen;
    if (SSL_select_next_proto(&chosen, out_size, http_1_1, sizeof(http_1_1) - 1, in, in_size) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static void restrict_protocol(SSL_CTX *context)
{
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS); /* idle connections hold no record buffers */
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
    int set = SSL_CTX_set_cipher_list(context, TLS_1_2_CIPHERS);
    assert(set == 1);
}

/* Who it is and whether that still holds is found out where it matters, with an answer in words:
 * api/staff_certificate.c. A handshake that breaks off tells nobody anything. */
static int take_any(int ok, X509_STORE_CTX *ctx)
{
    (void)ok, (void)ctx;
    return 1;
}

static enum err ask_clients(SSL_CTX *context, const char *ca_path)
{
    STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(ca_path);
    if (names == NULL)
        return refuse(ca_path, "cannot use the CA of client certificates");
    SSL_CTX_set_client_CA_list(context, names); /* what a browser offers its user to choose from */
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, take_any);
    return OK;
}

enum err tls_new(const struct edge_tls *options, struct tls **tls)
{
    const char *certificate_path = options->certificate, *key_path = options->key;
    AUTO(SSL_CTX) *context = SSL_CTX_new(TLS_server_method());
    assert(context != NULL);
    restrict_protocol(context);
    if (SSL_CTX_use_certificate_chain_file(context, certificate_path) != 1)
        return refuse(certificate_path, "cannot use the certificate chain");
    if (SSL_CTX_use_PrivateKey_file(context, key_path, SSL_FILETYPE_PEM) != 1)
        return refuse(key_path, "cannot use the key");
    if (SSL_CTX_check_private_key(context) != 1)
        return refuse(key_path, "does not belong to the certificate");
    if (options->client_ca != NULL)
        TRY(ask_clients(context, options->client_ca));
    struct tls *made = mem_alloc(sizeof(*made));
    made->context = TAKE(context);
    *tls = made;
    return OK;
}

void tls_free(struct tls *tls)
{
    if (tls == NULL)
        return;
    SSL_CTX_free(tls->context);
    mem_free(tls);
}

struct bufferevent *tls_accept(struct tls *tls, struct event_base *base, int fd)
{
    SSL *ssl = SSL_new(tls->context);
    assert(ssl != NULL);
    struct bufferevent *bufferevent = bufferevent_openssl_socket_new(base, fd, ssl, BUFFEREVENT_SSL_ACCEPTING,
                                                                     BEV_OPT_CLOSE_ON_FREE);
    assert(bufferevent != NULL);
    return bufferevent;
}

struct bytes tls_client_certificate(struct bufferevent *bufferevent, struct arena *arena)
{
    X509 *certificate = SSL_get1_peer_certificate(bufferevent_openssl_get_ssl(bufferevent));
    unsigned char *der = NULL;
    int size = certificate != NULL ? i2d_X509(certificate, &der) : 0;
    struct bytes copy = size > 0 ? arena_bytes(arena, der, (size_t)size) : (struct bytes){NULL, 0};
    OPENSSL_free(der);
    X509_free(certificate);
    return copy;
}

void tls_say_goodbye(struct bufferevent *bufferevent)
{
    SSL_shutdown(bufferevent_openssl_get_ssl(bufferevent)); /* libevent clears the error queue before its own calls */
}
