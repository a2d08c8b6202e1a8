/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/term.h"

#include "base/clock.h"
#include "domain/platform.h"

#include <assert.h>
#include <string.h>

#define MONTHS_MAX         1200
#define VERSION_PARTS      4
#define VERSION_DIGITS_MAX 9

/* -- calendar ---------------------------------------------------------------------------------------------------- */

int64_t term_add_months(int64_t from_us, int64_t months)
{
    assert(months >= -MONTHS_MAX && months <= MONTHS_MAX);
    struct beijing time = beijing_from_us(from_us);
    int64_t month = (int64_t)time.year * 12 + time.month - 1 + months;
    time.year = (int)(month / 12);
    time.month = (int)(month % 12) + 1;
    int last = days_in_month(time.year, time.month);
    time.day = time.day < last ? time.day : last;
    return beijing_to_us(time);
}

/* RFC 5280 4.1.2.5: the validity includes notAfter itself. */
static bool has_expired(int64_t not_after_us, int64_t now_us)
{
    return now_us > not_after_us;
}

int64_t term_new_not_after(int64_t old_not_after_us, int64_t now_us, int64_t months)
{
    int64_t now_whole_us = now_us - now_us % CLOCK_SECOND_US;
    return term_add_months(has_expired(old_not_after_us, now_us) ? now_whole_us : old_not_after_us, months);
}

/* -- window ------------------------------------------------------------------------------------------------------ */

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

void window_bounds(const struct platform *platform, int64_t not_after_us, int64_t *opens_us, int64_t *closes_us)
{
    const struct platform_window *window = &platform->window;
    int64_t opens = not_after_us - window->opens_days_before * CLOCK_DAY_US;
    int64_t closes = not_after_us + window->closes_days_after * CLOCK_DAY_US;
    if (!window->unexpired)
        opens = not_after_us + 1;
    else if (window->opens_days_before < 0)
        opens = 0;
    if (!window->expired)
        closes = not_after_us;
    else if (window->closes_days_after < 0)
        closes = 0;
    *opens_us = opens;
    *closes_us = closes;
}

/* A sentence around a moment, then where to turn otherwise, when the platform says so. */
static enum err refuse(const struct platform *platform, struct fault *fault, enum err err, int64_t moment_us,
                       const char *zh_before, const char *zh_after, const char *en)
{
    if (fault == NULL)
        return err;
    const char *elsewhere_zh = or_empty(platform->window.elsewhere_zh);
    const char *elsewhere_en = or_empty(platform->window.elsewhere_en);
    char moment[CLOCK_TEXT_SIZE];
    clock_format_plain(moment_us, moment);
    return fault_explain(fault, err,
                         arena_format(fault->arena, "%s%s（北京时间）%s%s%s", zh_before, moment, zh_after,
                                      elsewhere_zh[0] != '\0' ? "。" : "", elsewhere_zh),
                         arena_format(fault->arena, "%s %s (Beijing time)%s%s", en, moment,
                                      elsewhere_en[0] != '\0' ? ". " : "", elsewhere_en));
}

static enum err check_expired(const struct platform *platform, int64_t not_after_us, int64_t now_us,
                              struct fault *fault)
{
    const struct platform_window *window = &platform->window;
    if (!window->expired)
        return refuse(platform, fault, ERR_CERTIFICATE_EXPIRED, not_after_us, "证书已于", "过期，该平台不能在线续期",
                      "This platform does not renew expired certificates online; this one expired on");
    int64_t opens_us, closes_us;
    window_bounds(platform, not_after_us, &opens_us, &closes_us);
    if (closes_us == 0 || now_us <= closes_us)
        return OK;
    return refuse(platform, fault, ERR_WINDOW_CLOSED, closes_us, "已于", "截止续期",
                  "Renewal of this certificate closed on");
}

static enum err check_unexpired(const struct platform *platform, int64_t not_after_us, int64_t now_us,
                                struct fault *fault)
{
    const struct platform_window *window = &platform->window;
    if (!window->unexpired)
        return refuse(platform, fault, ERR_WINDOW_NOT_OPEN, not_after_us, "此处只办理已过期证书的续期，该证书", "到期",
                      "Only expired certificates are renewed here; this one expires on");
    int64_t opens_us, closes_us;
    window_bounds(platform, not_after_us, &opens_us, &closes_us);
    if (now_us >= opens_us)
        return OK;
    return refuse(platform, fault, ERR_WINDOW_NOT_OPEN, opens_us, "还没有到可以续期的时间，请于", "之后办理",
                  "Renewal of this certificate opens on");
}

enum err window_check(const struct platform *platform, int64_t not_before_us, int64_t not_after_us, int64_t now_us,
                      struct fault *fault)
{
    ENSURE(now_us >= not_before_us, ERR_CERTIFICATE_NOT_YET_VALID);
    if (has_expired(not_after_us, now_us))
        return check_expired(platform, not_after_us, now_us, fault);
    return check_unexpired(platform, not_after_us, now_us, fault);
}

/* -- client version ---------------------------------------------------------------------------------------------- */

struct version {
    int64_t parts[VERSION_PARTS]; /* absent ones are 0: 4.2 is 4.2.0 */
};

static bool version_read(const char *text, struct version *out)
{
    struct version version = {{0}};
    text += text[0] == 'V' || text[0] == 'v';
    for (int part = 0; part < VERSION_PARTS; part++) {
        size_t digits = strspn(text, "0123456789");
        if (digits == 0 || digits > VERSION_DIGITS_MAX)
            return false;
        for (; digits > 0; digits--, text++)
            version.parts[part] = version.parts[part] * 10 + (*text - '0');
        if (*text == '\0') {
            *out = version;
            return true;
        }
        if (*text++ != '.')
            return false;
    }
    return false;
}

bool client_version_valid(const char *version)
{
    struct version ignored;
    return version_read(version, &ignored);
}

static bool at_least(const struct version *version, const struct version *minimum)
{
    for (int part = 0; part < VERSION_PARTS; part++)
        if (version->parts[part] != minimum->parts[part])
            return version->parts[part] > minimum->parts[part];
    return true;
}

enum err client_version_check(const struct platform *platform, const char *version, bool expired, struct fault *fault)
{
    const struct platform_client *client = &platform->client;
    const char *minimum = or_empty(client->minimum_version);
    if (expired && or_empty(client->minimum_version_expired)[0] != '\0')
        minimum = client->minimum_version_expired;
    struct version has, needs;
    if (minimum[0] == '\0' || !version_read(minimum, &needs))
        return OK; /* a file whose version cannot be read does not load */
    if (version_read(version, &has) && at_least(&has, &needs))
        return OK;
    if (fault == NULL)
        return ERR_CLIENT_TOO_OLD;
    const char *name = or_empty(client->name), *url = or_empty(client->download_url);
    return fault_explain(fault, ERR_CLIENT_TOO_OLD,
                         arena_format(fault->arena, "请将%s升级到%s或更高版本%s%s", name[0] != '\0' ? name : "客户端",
                                      minimum, url[0] != '\0' ? "，下载地址：" : "", url),
                         arena_format(fault->arena, "Version %s or later of the client is needed%s%s", minimum,
                                      url[0] != '\0' ? ", download it from " : "", url));
}
