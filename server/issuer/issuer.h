/* SPDX-License-Identifier: Apache-2.0 */
/* What the issuer process holds: the only login to the HSM, the issuing CA, and the lease that makes it the only one.
 */
#pragma once

#include "base/loop.h"
#include "base/offload.h"
#include "base/settings.h"
#include "edge/peer.h"
#include "hsm/hsm.h"
#include "pki/certificate.h"
#include "pki/profiles.h"
#include "store/db.h"

#include <stdbool.h>

struct checkpoint_maker;
struct lease;
struct rounds;
struct together;

struct issuer {
    const struct settings *settings;
    struct loop *loop;
    struct db *db;
    struct trust *trust;
    struct profiles *profiles;
    struct certificate certificate; /* the issuing CA's */
    struct bytes chain[4];          /* DER, issuing CA first */
    const char *chain_pem[4];       /* the same, as it is answered with every certificate */
    size_t chain_count;
    struct hsm *hsm;
    struct hsm_key *key;
    struct offload *offload;
    struct lease *lease;
    struct checkpoint_maker *checkpoints;
    struct rounds *rounds;
    struct together *begins, *intents, *records; /* what waits for the database */
};

/* With the loop and the database there, before the first call; and after the database is closed. */
void issuer_start(struct issuer *issuer);
void issuer_end(struct issuer *issuer);

/* The handler of the issuer's socket. Operations: certificate_issue, figures. */
void issuer_handle(struct peer_call *call, const char *operation, struct bytes body);
