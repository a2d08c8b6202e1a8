/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/bank.h"

#include "base/log.h"
#include "remote/citic.h"

#include <string.h>

static const struct bank_provider *const providers[] = {&citic_provider};

struct bank {
    const struct bank_provider *provider;
    void *link;
    const char *account;
};

enum err bank_load(const struct settings *settings, struct arena *arena, struct bank **out)
{
    struct bank *bank = ARENA_NEW(arena, struct bank);
    *out = NULL;
    if (strcmp(settings->bank_repay_by, "link") != 0 && strcmp(settings->bank_repay_by, "export") != 0) {
        log_error("settings", "bank.repay_by: %s is not allowed; link or export", settings->bank_repay_by);
        return ERR_SETTINGS_INVALID;
    }
    if (settings->bank_link[0] == '\0')
        return OK;
    for (size_t i = 0; i < ARRAY_SIZE(providers); i++)
        if (strcmp(providers[i]->name, settings->bank_link) == 0)
            bank->provider = providers[i];
    if (bank->provider == NULL) {
        log_error("settings", "bank.link: no bank is known as %s", settings->bank_link);
        return ERR_SETTINGS_INVALID;
    }
    TRY(bank->provider->load(settings, arena, &bank->link, &bank->account));
    *out = bank;
    return OK;
}

const char *bank_name(const struct bank *bank)
{
    return bank->provider->name;
}

const char *bank_account(const struct bank *bank)
{
    return bank->account;
}

enum err bank_pay(const struct bank *bank, struct arena *arena, const struct bank_payment *payment,
                  struct http_request *out)
{
    return bank->provider->pay(bank->link, arena, payment, out);
}

struct bank_answer bank_read_paying(const struct bank *bank, struct arena *arena, const struct http_answer *answer)
{
    return bank->provider->read_paying(arena, answer);
}

enum err bank_ask(const struct bank *bank, struct arena *arena, const char *client_id, struct http_request *out)
{
    return bank->provider->ask(bank->link, arena, client_id, out);
}

struct bank_answer bank_read_asking(const struct bank *bank, struct arena *arena, const struct http_answer *answer)
{
    return bank->provider->read_asking(arena, answer);
}

size_t bank_page_size(const struct bank *bank)
{
    return bank->provider->page_size;
}

enum err bank_list(const struct bank *bank, struct arena *arena, const struct bank_page *page, struct http_request *out)
{
    return bank->provider->list(bank->link, arena, page, out);
}

enum err bank_read_list(const struct bank *bank, struct arena *arena, const struct http_answer *answer,
                        struct bank_movements *out, const char **said)
{
    return bank->provider->read_list(arena, answer, out, said);
}

enum err bank_balance(const struct bank *bank, struct arena *arena, struct http_request *out)
{
    return bank->provider->balance(bank->link, arena, out);
}

enum err bank_read_balance(const struct bank *bank, struct arena *arena, const struct http_answer *answer,
                           int64_t *balance_fen, const char **said)
{
    return bank->provider->read_balance(bank->link, arena, answer, balance_fen, said);
}

const char *bank_failure(const char *words)
{
    return citic_failure_word(words);
}
