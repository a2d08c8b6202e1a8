/* SPDX-License-Identifier: Apache-2.0 */
/* A platform's rules, one YAML file each in config/platforms/. Every rule of the five guides has its place here, also
 * those whose capability comes later; a sixth platform is a sixth file. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"
#include "domain/agreement.h"

#include <stdbool.h>
#include <stddef.h>

struct platform_contact {
    const char *hotline, *qq, *company;
};

struct platform_client {
    const char *name;
    const char *minimum_version;         /* "" : any */
    const char *minimum_version_expired; /* for expired certificates; "" : minimum_version */
    const char *download_url;
};

struct platform_window {
    int64_t opens_days_before;               /* -1: any time before expiry */
    int64_t closes_days_after;               /* 0: at expiry; -1: never closes */
    bool unexpired;                          /* takes certificates that have not expired */
    bool expired;                            /* takes expired ones */
    const char *elsewhere_zh, *elsewhere_en; /* where to turn when it is not possible here */
};

enum platform_proof { PROOF_CURRENT_KEY, PROOF_PORTAL_ACCOUNT, PROOF_SMS_CODE, PROOF_PORTAL_TOKEN };

/* Where the tokens of proof portal_token come from. */
struct platform_portal {
    const char *jwks_file; /* the portal's public keys */
    const char *issuer, *audience;
};

struct platform_fee_item {
    const char *name;
    int64_t unit_price_fen; /* per quantity */
    int64_t quantity;
};

struct platform_term {
    int64_t months;
    struct platform_fee_item *items;
    unsigned items_count;
    int64_t total_fen; /* computed */
};

struct platform_fees {
    const char *effective_from; /* yyyy-mm-dd, Beijing */
    const char *note;           /* "" or what whoever loads it must know */
    struct platform_term *terms;
    unsigned terms_count;
};

struct platform_bank_account {
    const char *holder, *number, *bank;
};

enum platform_review_kind { REVIEW_AUTOMATIC, REVIEW_ONE, REVIEW_TWO };
enum platform_review_order { REVIEW_SEQUENTIAL, REVIEW_PARALLEL };
enum platform_account_kind { ACCOUNT_NEVER, ACCOUNT_WHEN_PAID_ONLINE, ACCOUNT_ALWAYS };

/* Is a block or a field of the form asked for? */
enum platform_demand {
    PLATFORM_ABSENT,   /* not drawn, and refused when it is sent: nobody asks for more than is needed */
    PLATFORM_OPTIONAL, /* checked when filled in */
    PLATFORM_REQUIRED,
    PLATFORM_WHEN_EXPIRED /* required of expired certificates, optional otherwise */
};

/* The blocks that not every platform's form has. */
struct platform_form {
    enum platform_demand agent_address, organisation, legal_person, basic_account;
    bool organisation_as_certificate; /* another organisation than the certificate's is refused; else a warning */
};
struct yaml_file;

struct platform {
    const char *id;               /* "sz-consumables": the file's name */
    const char *path;             /* of its file */
    const struct yaml_file *file; /* knows the line of each key: platform_line */
    const char *version;          /* SHA-256 of the file, hex: frozen into each renewal */
    const char *name_zh, *name_en;
    struct platform_contact contact;
    struct platform_client client;
    struct platform_window window;
    enum platform_proof *proofs; /* in the order asked */
    unsigned proofs_count;
    struct platform_portal portal; /* empty without proof portal_token */
    struct platform_agreement agreement, privacy_notice, sensitive_consent;
    struct platform_fees *fees; /* by effective date, ascending */
    unsigned fees_count;
    int64_t tax_rate_permyriad;
    const char **payment_methods; /* alipay, unionpay, unionpay_b2b, wechat, bank_transfer */
    unsigned payment_methods_count;
    const char **materials; /* kinds required always */
    unsigned materials_count;
    const char **materials_expired; /* kinds required of expired certificates */
    unsigned materials_expired_count;
    const char **identity_steps; /* id_photos, liveness, telecom */
    unsigned identity_steps_count;
    enum platform_review_kind review;
    int64_t review_days;                     /* promised working days; 0: none promised */
    enum platform_review_kind review_risk;   /* where the checks found something; REVIEW_AUTOMATIC: as review */
    int64_t review_risk_fen;                 /* from this price on a case counts as risky; 0: whatever it costs */
    enum platform_review_order review_order; /* of two reviewers */
    int64_t review_approval_days;            /* working days that a first approval waits; 0: for ever */
    int64_t review_sample_percent;           /* of what passes without a person, looked at afterwards */
    int64_t review_sample_last;              /* of so many looked at last; 0: nothing follows */
    int64_t review_wrong_percent;            /* more wrong than this: nothing passes without a person any more */
    enum platform_account_kind account_verification;
    const char *account_confirmation; /* code_entry or payout_success */
    const char **invoice_kinds;       /* none, electronic, paper_fixed */
    unsigned invoice_kinds_count;
    bool invoice_title_from_organisation; /* an electronic invoice without a title is made out to the organisation */
    const char *invoice_moment;           /* after_payment, on_approval, after_install */
    const char *profile;                  /* certificate profile id */
    int64_t open_per_organisation;        /* renewals at once; 0: no limit */
    struct platform_form form;
    bool recipient_required;
    const char *courier; /* "" or the seeds' words: 货到付款 */
    struct platform_bank_account *bank_accounts;
    unsigned bank_accounts_count;
    bool match_two_people; /* finance: a match by a person needs a second one */
    int64_t unpaid_close_days;
    const char **notices_zh; /* shown with the form, in the guide's words */
    unsigned notices_zh_count;
};

struct platforms;

/* SHA-256 of content, 32 bytes: pki's sha256, which this room may not call itself. */
typedef struct bytes platform_digest(struct arena *arena, struct bytes content);

/* Every *.yaml of the folder; reports all faults like settings_load. */
enum err platforms_load(struct arena *arena, const struct settings *settings, platform_digest *digest,
                        settings_report *report, void *context, struct platforms **out) MUST_CHECK;
/* NULL when there is none. */
const struct platform *platform_find(const struct platforms *platforms, const char *id);
size_t platforms_count(const struct platforms *platforms);
const struct platform *platform_at(const struct platforms *platforms, size_t index);
/* All their ids. */
const char *const *platform_ids(struct arena *arena, const struct platforms *platforms, size_t *count);
/* The ids of those of which it is true. */
const char *const *platforms_that(struct arena *arena, const struct platforms *platforms,
                                  bool (*is_true)(const struct platform *platform), size_t *count);
/* The fee table in force at now, or NULL; the term within it, or NULL. */
const struct platform_fees *platform_fees_at(const struct platform *platform, int64_t now_us);
const struct platform_term *platform_term(const struct platform_fees *fees, int64_t months);
bool platform_proves(const struct platform *platform, enum platform_proof proof);
/* The line of a key of its file, as "fees[2].effective_from". */
unsigned platform_line(const struct platform *platform, const char *key);
const struct platform_agreement *platform_agreement_of(const struct platform *platform, enum agreement_kind kind);
bool platform_takes(const char *const *list, unsigned count, const char *word);
