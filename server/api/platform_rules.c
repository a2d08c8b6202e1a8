/* SPDX-License-Identifier: Apache-2.0 */
#include "api/platform_rules.h"

struct json *rules_texts(const char *const *list, unsigned count)
{
    struct json *array = json_new_array();
    for (unsigned i = 0; i < count; i++)
        json_append_text(array, list[i]);
    return array;
}

struct json *rules_contact(const struct platform *platform)
{
    struct json *contact = json_new_object();
    json_put_text(contact, "hotline", platform->contact.hotline);
    json_put_text(contact, "qq", platform->contact.qq);
    json_put_text(contact, "company", platform->contact.company);
    return contact;
}

struct json *rules_client(const struct platform *platform)
{
    struct json *client = json_new_object();
    json_put_text(client, "name", platform->client.name);
    json_put_text(client, "minimum_version", platform->client.minimum_version);
    json_put_text(client, "minimum_version_expired", platform->client.minimum_version_expired);
    json_put_text(client, "download_url", platform->client.download_url);
    return client;
}

struct json *rules_window(const struct platform *platform)
{
    struct json *window = json_new_object();
    json_put_integer(window, "opens_days_before", platform->window.opens_days_before);
    json_put_integer(window, "closes_days_after", platform->window.closes_days_after);
    json_put_boolean(window, "unexpired", platform->window.unexpired);
    json_put_boolean(window, "expired", platform->window.expired);
    json_put_text(window, "elsewhere", platform->window.elsewhere_zh);
    json_put_text(window, "elsewhere_en", platform->window.elsewhere_en);
    return window;
}

struct json *rules_proofs(const struct platform *platform)
{
    static const char *const names[] = {"current_key", "portal_account", "sms_code", "portal_token"};
    struct json *proofs = json_new_array();
    for (unsigned i = 0; i < platform->proofs_count; i++)
        json_append_text(proofs, names[platform->proofs[i]]);
    return proofs;
}

struct json *rules_invoice(const struct platform *platform)
{
    struct json *invoice = json_new_object();
    json_put(invoice, "kinds", rules_texts(platform->invoice_kinds, platform->invoice_kinds_count));
    json_put_text(invoice, "moment", platform->invoice_moment);
    json_put_boolean(invoice, "title_from_organisation", platform->invoice_title_from_organisation);
    return invoice;
}
