/* SPDX-License-Identifier: Apache-2.0 */
/* xuqictl config: is everything an operator wrote right, and what does it mean? */
#include "base/clock.h"
#include "ctl/ctl.h"
#include "domain/money.h"
#include "domain/payment_method.h"
#include "domain/platform.h"
#include "domain/template.h"
#include "pki/digest.h"
#include "pki/profiles.h"
#include "rules.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

struct loaded {
    struct settings settings;
    struct platforms *platforms;
    struct templates *templates;
    struct profiles *profiles;
};

/* -- loading ----------------------------------------------------------------------------------------------------- */

/* Goes on after a fault, so that all are seen at once. */
static unsigned load(const struct ctl *ctl, struct loaded *out)
{
    unsigned faults = 0;
    if (settings_load(ctl->arena, ctl_config(ctl), ctl_print_fault, &faults, &out->settings) != OK)
        return faults > 0 ? faults : 1;
    const char *folder = settings_path(ctl->arena, &out->settings, out->settings.config_profiles);
    enum err platforms = platforms_load(ctl->arena, &out->settings, sha256, ctl_print_fault, &faults, &out->platforms);
    enum err templates = templates_load(ctl->arena, &out->settings, ctl_print_fault, &faults, &out->templates);
    enum err profiles = profiles_load(ctl->arena, folder, out->settings.web_public_url, &out->profiles);
    faults += profiles != OK; /* it has logged which */
    enum err together = platforms == OK && profiles == OK
                            ? rules_check(ctl->arena, out->platforms, out->profiles, NULL, ctl_print_fault, &faults)
                            : OK;
    return faults == 0 && (platforms != OK || templates != OK || together != OK) ? 1 : faults;
}

/* -- words for rules --------------------------------------------------------------------------------------------- */

static const char *window_text(struct arena *arena, const struct platform_window *window)
{
    const char *opens = !window->unexpired ? "到期后 / after expiry"
                        : window->opens_days_before < 0
                            ? "随时 / any time"
                            : arena_format(arena, "到期前%" PRId64 "天起 / from %" PRId64 " days before expiry",
                                           window->opens_days_before, window->opens_days_before);
    const char *closes = !window->expired ? "到期为止 / until expiry"
                         : window->closes_days_after < 0
                             ? "过期后不限 / no end"
                             : arena_format(arena, "过期后%" PRId64 "天为止 / until %" PRId64 " days after expiry",
                                            window->closes_days_after, window->closes_days_after);
    return arena_format(arena, "%s, %s", opens, closes);
}

static const char *list_text(struct arena *arena, const char *const *list, unsigned count)
{
    const char *text = count == 0 ? "-" : "";
    for (unsigned i = 0; i < count; i++)
        text = arena_format(arena, "%s%s%s", text, i > 0 ? " " : "", list[i]);
    return text;
}

static const char *terms_text(struct arena *arena, const struct platform_fees *fees)
{
    const char *text = fees == NULL ? "没有生效的收费标准 / no fees in force" : "";
    for (unsigned i = 0; fees != NULL && i < fees->terms_count; i++)
        text = arena_format(arena, "%s%s%" PRId64 "个月 months %s元", text, i > 0 ? ", " : "", fees->terms[i].months,
                            money_text_yuan(arena, fees->terms[i].total_fen));
    return text;
}

static const char *methods_text(struct arena *arena, const struct settings *settings, const struct platform *platform)
{
    const char *text = list_text(arena, platform->payment_methods, platform->payment_methods_count);
    const char *absent = payment_methods_absent(arena, settings, platform);
    if (absent[0] == '\0')
        return text;
    return arena_format(arena, "%s（本服务器未开通，不显示给用户 / not set up here and not shown: %s）", text, absent);
}

/* -- config check ------------------------------------------------------------------------------------------------ */

/* What must not be overlooked: left open by whoever wrote the file. */
static void print_notes(struct arena *arena, const struct platform *platform)
{
    for (unsigned i = 0; i < platform->fees_count; i++)
        if (platform->fees[i].note[0] != '\0')
            printf("    注意 NOTE:     %s:%u: %s\n", platform->path,
                   platform_line(platform, arena_format(arena, "fees[%u].note", i + 1)), platform->fees[i].note);
}

static void print_summary(struct arena *arena, const struct loaded *loaded)
{
    for (size_t i = 0; i < platforms_count(loaded->platforms); i++) {
        const struct platform *platform = platform_at(loaded->platforms, i);
        printf("%s  %s\n", platform->id, platform->name_zh);
        printf("    时间 window:  %s\n", window_text(arena, &platform->window));
        printf("    年限 terms:   %s\n", terms_text(arena, platform_fees_at(platform, clock_now_us())));
        printf("    支付 methods: %s\n", methods_text(arena, &loaded->settings, platform));
        print_notes(arena, platform);
    }
}

/* Not faults: they are made by the installation, and secrets may be invisible to who runs this. */
static void print_absent_files(struct arena *arena, const struct settings *settings)
{
    const struct {
        const char *key, *path;
    } files[] = {
        {"trust.certificates", settings->trust_certificates},
        {"issuer.certificate", settings->issuer_certificate},
        {"issuer.pin_file", settings->issuer_pin_file},
        {"keys.access_file", settings->keys_access_file},
        {"keys.seal_file", settings->keys_seal_file},
        {"keys.audit_file", settings->keys_audit_file},
        {"audit.public_key_file", settings->audit_public_key_file},
        {"web.tls_certificate", settings->web_tls_certificate},
        {"web.tls_key", settings->web_tls_key},
        {"alipay.private_key_file", settings->alipay_private_key_file},
        {"alipay.public_key_file", settings->alipay_public_key_file},
        {"sms.access_key_secret_file", settings->sms_access_key_secret_file},
        {"unionpay.pfx_file", settings->unionpay_pfx_file},
        {"unionpay.password_file", settings->unionpay_password_file},
        {"unionpay.root_file", settings->unionpay_root_file},
        {"unionpay.middle_file", settings->unionpay_middle_file},
    };
    for (size_t i = 0; i < ARRAY_SIZE(files); i++)
        if (files[i].path[0] != '\0' && access(settings_path(arena, settings, files[i].path), F_OK) != 0)
            printf("提示 note: %s: %s 尚不存在或无权查看 / is not there yet, or not visible to you\n", files[i].key,
                   settings_path(arena, settings, files[i].path));
}

static void print_note(void *context, const char *message)
{
    (void)context;
    printf("提示 note: %s\n", message);
}

enum ctl_exit ctl_config_check(const struct ctl *ctl)
{
    struct loaded loaded = {0};
    unsigned faults = load(ctl, &loaded);
    if (faults > 0) {
        fprintf(stderr, "%s: %u 处错误 / faults: %u\n", ctl_config(ctl), faults, faults);
        return CTL_FAILED;
    }
    print_summary(ctl->arena, &loaded);
    rules_note(ctl->arena, &loaded.settings, loaded.platforms, print_note, NULL);
    print_absent_files(ctl->arena, &loaded.settings);
    printf("%s: 配置正确 / all is well (%zu 个平台 platforms)\n", ctl_config(ctl), platforms_count(loaded.platforms));
    return CTL_FINE;
}

/* -- config show platform ---------------------------------------------------------------------------------------- */

static void line(const char *name, const char *value)
{
    if (value[0] != '\0')
        printf("%-22s %s\n", name, value);
}

static void print_fees(struct arena *arena, const struct platform *platform)
{
    for (unsigned i = 0; i < platform->fees_count; i++) {
        const struct platform_fees *fees = &platform->fees[i];
        printf("%-22s %s\n", "fees",
               arena_format(arena, "%s 起 / from %s", fees->effective_from, fees->effective_from));
        for (unsigned t = 0; t < fees->terms_count; t++)
            for (unsigned n = 0; n < fees->terms[t].items_count; n++) {
                const struct platform_fee_item *item = &fees->terms[t].items[n];
                printf("%-22s %" PRId64 "个月 months: %s %s x %" PRId64 "\n", "", fees->terms[t].months, item->name,
                       money_text_yuan(arena, item->unit_price_fen), item->quantity);
            }
    }
}

static void print_people(const struct platform *platform)
{
    line("name", platform->name_zh);
    line("", platform->name_en);
    line("contact", platform->contact.company);
    line("", platform->contact.hotline);
    line("qq", platform->contact.qq);
    line("client", platform->client.name);
    line("minimum version", platform->client.minimum_version);
    line("  for expired", platform->client.minimum_version_expired);
    line("download", platform->client.download_url);
}

static const char *proofs_text(struct arena *arena, const struct platform *platform)
{
    static const char *const names[] = {[PROOF_CURRENT_KEY] = "current_key",
                                        [PROOF_PORTAL_ACCOUNT] = "portal_account",
                                        [PROOF_SMS_CODE] = "sms_code",
                                        [PROOF_PORTAL_TOKEN] = "portal_token"};
    const char *text = "";
    for (unsigned i = 0; i < platform->proofs_count; i++)
        text = arena_format(arena, "%s%s%s", text, i > 0 ? " " : "", names[platform->proofs[i]]);
    return text;
}

static void print_rules(struct arena *arena, const struct platform *platform)
{
    static const char *const reviews[] = {"automatic", "one", "two"};
    static const char *const accounts[] = {"never", "when_paid_online", "always"};
    line("window", window_text(arena, &platform->window));
    line("elsewhere", platform->window.elsewhere_zh);
    line("proofs", proofs_text(arena, platform));
    for (enum agreement_kind kind = 0; kind < AGREEMENT_KINDS; kind++) {
        const struct platform_agreement *agreement = platform_agreement_of(platform, kind);
        line(agreement_kinds[kind],
             arena_format(arena, "%s %s %s", agreement->id, agreement->version, agreement->title));
        line("  SHA-256", agreement->sha256);
    }
    line("materials", list_text(arena, platform->materials, platform->materials_count));
    line("  for expired", list_text(arena, platform->materials_expired, platform->materials_expired_count));
    line("identity steps", list_text(arena, platform->identity_steps, platform->identity_steps_count));
    line("review", arena_format(arena, "%s, %" PRId64 " 个工作日 working days", reviews[platform->review],
                                platform->review_days));
    line("account verification",
         arena_format(arena, "%s (%s)", accounts[platform->account_verification], platform->account_confirmation));
}

static void print_form(struct arena *arena, const struct platform_form *form)
{
    static const char *const words[] = {"absent", "optional", "required", "when_expired"};
    line("form", arena_format(arena, "agent.address %s, organisation %s%s, legal_person %s, basic_account %s",
                              words[form->agent_address], words[form->organisation],
                              form->organisation_as_certificate ? " (as in the certificate)" : "",
                              words[form->legal_person], words[form->basic_account]));
}

static void print_money(struct arena *arena, const struct settings *settings, const struct platform *platform)
{
    print_fees(arena, platform);
    line("tax", arena_format(arena, "%" PRId64 " %%", platform->tax_rate_permyriad / 100));
    line("payment", methods_text(arena, settings, platform));
    for (unsigned i = 0; i < platform->bank_accounts_count; i++)
        line("bank account", arena_format(arena, "%s  %s  %s", platform->bank_accounts[i].holder,
                                          platform->bank_accounts[i].number, platform->bank_accounts[i].bank));
    line("invoice",
         arena_format(arena, "%s (%s)", list_text(arena, platform->invoice_kinds, platform->invoice_kinds_count),
                      platform->invoice_moment));
    line("unpaid", arena_format(arena, "%" PRId64 " 天后关闭 / closed after %" PRId64 " days",
                                platform->unpaid_close_days, platform->unpaid_close_days));
    print_form(arena, &platform->form);
    line("recipient", platform->recipient_required ? "必填 / required" : "可不填 / optional");
    line("courier", platform->courier);
}

static void print_platform(struct arena *arena, const struct settings *settings, const struct platform *platform)
{
    line("platform", platform->id);
    line("version (SHA-256)", platform->version);
    print_people(platform);
    print_rules(arena, platform);
    print_money(arena, settings, platform);
    line("profile", platform->profile);
    for (unsigned i = 0; i < platform->notices_zh_count; i++)
        line(i == 0 ? "notices" : "", platform->notices_zh[i]);
}

enum ctl_exit ctl_config_show_platform(const struct ctl *ctl)
{
    struct settings settings;
    struct platforms *platforms = NULL;
    unsigned faults = 0;
    if (ctl_settings(ctl, &settings) != OK ||
        platforms_load(ctl->arena, &settings, sha256, ctl_print_fault, &faults, &platforms) != OK)
        return CTL_FAILED;
    const struct platform *platform = platform_find(platforms, ctl->operands[0]);
    if (platform != NULL) {
        print_platform(ctl->arena, &settings, platform);
        return CTL_FINE;
    }
    fprintf(stderr, "没有这个平台 / there is no such platform: %s\n可用 / known:", ctl->operands[0]);
    for (size_t i = 0; i < platforms_count(platforms); i++)
        fprintf(stderr, " %s", platform_at(platforms, i)->id);
    fputc('\n', stderr);
    return CTL_FAILED;
}
