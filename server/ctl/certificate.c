/* SPDX-License-Identifier: Apache-2.0 */
/* xuqictl certificate import, certificate bind, certificate revoke, issuance halt, issuance release. */
#include "pki/certificate.h"
#include "ctl/database.h"
#include "store/admin.h"
#include "store/proof.h"

#include <stdio.h>

static enum err open_database(const struct ctl *ctl, struct ctl_database **database)
{
    struct settings settings;
    TRY(ctl_settings(ctl, &settings));
    return ctl_database_open(ctl, &settings, database);
}

/* Revocation cannot be undone and a halt stops everybody: both are written down with their reason. */
static const char *reason_of(const struct ctl *ctl)
{
    const char *reason = ctl_option(ctl, "reason");
    if (reason == NULL)
        fputs("请用 --reason 写明原因 (say why with --reason)\n", stderr);
    return reason;
}

enum ctl_exit ctl_certificate_import(const struct ctl *ctl)
{
    struct ctl_database *database;
    struct certificate certificate;
    if (certificate_load(ctl->arena, ctl->operands[0], &certificate) != OK || open_database(ctl, &database) != OK)
        return CTL_FAILED;
    struct known_certificate known = {.serial = certificate.serial,
                                      .fingerprint = certificate.fingerprint,
                                      .der = certificate.der,
                                      .subject = certificate.subject,
                                      .not_before_us = certificate.not_before_us,
                                      .not_after_us = certificate.not_after_us};
    return ctl_database_finish(database, store_import_certificate(ctl_database_db(database), &known, CTL_CALL_MS,
                                                                  ctl_database_done, database));
}

/* The account of a portal that the certificate was applied for with: its owner must come with it from then on. */
enum ctl_exit ctl_certificate_bind(const struct ctl *ctl)
{
    struct ctl_database *database;
    struct certificate certificate;
    const char *issuer = ctl_option(ctl, "issuer"), *account = ctl_option(ctl, "account");
    if (issuer == NULL || account == NULL) {
        fputs("请用 --issuer 和 --account 写明门户和帐号 (name portal and account with --issuer and --account)\n",
              stderr);
        return CTL_USAGE;
    }
    if (certificate_load(ctl->arena, ctl->operands[0], &certificate) != OK || open_database(ctl, &database) != OK)
        return CTL_FAILED;
    return ctl_database_finish(database,
                               store_bind_portal_account(ctl_database_db(database), certificate.fingerprint, issuer,
                                                         account, CTL_CALL_MS, ctl_database_done, database));
}

enum ctl_exit ctl_certificate_revoke(const struct ctl *ctl)
{
    struct ctl_database *database;
    const char *reason = reason_of(ctl);
    if (reason == NULL)
        return CTL_USAGE;
    if (open_database(ctl, &database) != OK)
        return CTL_FAILED;
    return ctl_database_finish(database, store_revoke_certificate(ctl_database_db(database), ctl->operands[0], reason,
                                                                  CTL_CALL_MS, ctl_database_done, database));
}

enum ctl_exit ctl_issuance_halt(const struct ctl *ctl)
{
    struct ctl_database *database;
    const char *reason = reason_of(ctl);
    if (reason == NULL)
        return CTL_USAGE;
    if (open_database(ctl, &database) != OK)
        return CTL_FAILED;
    return ctl_database_finish(
        database, store_halt_issuance(ctl_database_db(database), reason, CTL_CALL_MS, ctl_database_done, database));
}

enum ctl_exit ctl_issuance_release(const struct ctl *ctl)
{
    struct ctl_database *database;
    if (open_database(ctl, &database) != OK)
        return CTL_FAILED;
    return ctl_database_finish(
        database, store_release_issuance(ctl_database_db(database), CTL_CALL_MS, ctl_database_done, database));
}
