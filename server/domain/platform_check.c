/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/platform_check.h"

#include "domain/payment_method.h"

#include <string.h>

static void check_window(struct yaml_file *file, const struct platform_window *window)
{
    if (!window->unexpired && !window->expired)
        yaml_fault(file, "window.unexpired", "takes no certificate at all; set unexpired or expired to true");
    if (window->expired && window->closes_days_after == 0)
        yaml_fault(file, "window.closes_days_after",
                   "0 closes at expiry, but expired is true; days after expiry, or -1 for never");
    if (!window->expired && window->closes_days_after != 0)
        yaml_fault(file, "window.closes_days_after", "must be 0 when expired is false");
    if (!window->unexpired && window->opens_days_before != 0)
        yaml_fault(file, "window.opens_days_before", "must be 0 when unexpired is false: opens at expiry");
    if (window->unexpired && window->opens_days_before == 0)
        yaml_fault(file, "window.opens_days_before",
                   "0 never opens before expiry, but unexpired is true; days before expiry, or -1 for any time");
}

/* The current key signs; or somebody logs in to the web hall. Not both: who may get on with a renewal follows from
 * it. */
static void check_proofs(struct yaml_file *file, const struct platform *platform)
{
    bool key = platform_proves(platform, PROOF_CURRENT_KEY), token = platform_proves(platform, PROOF_PORTAL_TOKEN);
    bool hall = platform_proves(platform, PROOF_PORTAL_ACCOUNT) || platform_proves(platform, PROOF_SMS_CODE);
    bool described = platform->portal.jwks_file != NULL && platform->portal.jwks_file[0] != '\0';
    if (key == hall)
        yaml_fault(file, "proofs", "needs either current_key, or portal_account or sms_code, and not both");
    if (token && !key)
        yaml_fault(file, "proofs", "portal_token is a proof beside current_key only; add current_key");
    if (token && !described)
        yaml_fault(file, "portal", "is missing; portal_token needs jwks_file, issuer and audience");
    if (!token && described)
        yaml_fault(file, "portal", "has no use: proofs does not hold portal_token; remove it");
    if (hall && platform->review == REVIEW_AUTOMATIC)
        yaml_fault(file, "review.kind", "automatic: without the current key a person must review; one or two");
}

/* What never happens is not written. */
static void check_review(struct yaml_file *file, const struct platform *platform)
{
    bool two = platform->review == REVIEW_TWO || platform->review_risk == REVIEW_TWO;
    if (platform->review_risk != REVIEW_AUTOMATIC && platform->review_risk <= platform->review)
        yaml_fault(file, "review.risk", "asks for no more reviewers than review.kind; remove it, or ask for more");
    if (platform->review_risk_fen > 0 && platform->review_risk == REVIEW_AUTOMATIC)
        yaml_fault(file, "review.risk_amount", "has no use without review.risk; add it: one or two");
    if (platform->review_order == REVIEW_PARALLEL && !two)
        yaml_fault(file, "review.order", "parallel has no use: nothing here has two reviewers; remove it");
    if (platform->review_approval_days > 0 && !two)
        yaml_fault(file, "review.approval_days", "has no use: nothing here has two reviewers; remove it");
    if (platform->review_sample_percent > 0 && platform->review != REVIEW_AUTOMATIC)
        yaml_fault(file, "review.sample_percent", "has no use: nothing here passes without a person; remove it");
    if (platform->review_sample_last > 0 && platform->review_sample_percent == 0)
        yaml_fault(file, "review.sample_last", "has no use: nothing here is looked at afterwards; remove it");
    if (platform->review_wrong_percent > 0 && platform->review_sample_last == 0)
        yaml_fault(file, "review.wrong_percent", "has no use without review.sample_last; add it");
}

/* Nobody could pay for what he applied for. */
static void check_payable(struct yaml_file *file, const struct settings *settings, const struct platform *platform)
{
    if (platform->payment_methods_count > 0 && !platform_payable(settings, platform) &&
        strcmp(settings->config_unpayable, "allow") != 0)
        yaml_fault(file, "payment_methods",
                   "none of these is set up here; set up the gateway of one (docs/settings.md), or write "
                   "config.unpayable: allow in the settings until then");
}

void platform_check(struct yaml_file *file, const struct settings *settings, const struct platform *platform)
{
    check_payable(file, settings, platform);
    check_window(file, &platform->window);
    check_proofs(file, platform);
    check_review(file, platform);
    if (platform_takes(platform->payment_methods, platform->payment_methods_count, "bank_transfer") &&
        platform->bank_accounts_count == 0)
        yaml_fault(file, "bank_accounts", "is missing; bank_transfer needs an account to pay into");
    if (platform->account_verification != ACCOUNT_NEVER && platform->form.basic_account != PLATFORM_REQUIRED)
        yaml_fault(file, "form.basic_account", "must be required: account_verification pays into that account");
    if (platform->form.agent_address == PLATFORM_WHEN_EXPIRED && !platform->window.expired)
        yaml_fault(file, "form.agent_address", "when_expired has no use: window.expired is false");
    if (platform->materials_expired_count > 0 && !platform->window.expired)
        yaml_fault(file, "materials.expired", "has no use: window.expired is false; remove it");
}
