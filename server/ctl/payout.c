/* SPDX-License-Identifier: Apache-2.0 */
/* xuqictl payout: payments of ours that are under way, and a person's decision where the bank does not say what became
 * of one (docs/operations.md). */
#include "store/payout.h"
#include "base/clock.h"
#include "ctl/database.h"
#include "store/admin.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum err read_payouts(const struct row *rows, struct arena *arena, void *into)
{
    return store_list_payouts_read(rows, arena, into);
}

static void print_payout(struct arena *arena, const struct open_payout *it)
{
    printf("%s %s %s %" PRId64 " %s %s %s asked=%" PRId64 " next=%s %s\n", it->client_id, it->state, it->renewal_no,
           it->amount_fen, it->payee_masked[0] == '\0' ? "-" : it->payee_masked,
           it->bank_code[0] == '\0' ? "-" : it->bank_code,
           it->sent_at_us == 0 ? "-" : clock_text(arena, it->sent_at_us), it->asked,
           it->person ? "person" : clock_text(arena, it->next_at_us), it->word);
}

enum ctl_exit ctl_payout_list(const struct ctl *ctl)
{
    struct settings settings;
    struct ctl_database *database;
    struct open_payouts open = {0};
    if (ctl_settings(ctl, &settings) != OK || ctl_database_open(ctl, &settings, &database) != OK)
        return CTL_FAILED;
    enum err started = store_list_payouts(ctl_database_db(database), CTL_CALL_MS, ctl_database_done, database);
    enum err err = ctl_database_wait(database, started, read_payouts, &open);
    for (size_t i = 0; i < open.count; i++)
        print_payout(ctl->arena, &open.items[i]);
    if (err != OK)
        fprintf(stderr, "%s (%s)\n", err_info(err)->zh, err_info(err)->en);
    ctl_database_close(database);
    return err == OK ? CTL_FINE : CTL_FAILED;
}

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

static bool read_decision(const struct ctl *ctl, struct payout_decision *out)
{
    static const char *const states[] = {"paid", "failed", "returned"};
    static const char *const failures[] = {"account_invalid", "name_mismatch", "closed_or_frozen", "bank_temporary"};
    const char *failure = ctl_option(ctl, "failure");
    *out = (struct payout_decision){.client_id = ctl->operands[0],
                                    .state = ctl_option(ctl, "as"),
                                    .failure = failure == NULL ? "bank_temporary" : failure,
                                    .evidence = ctl_option(ctl, "evidence"),
                                    .by = ctl_option(ctl, "by")};
    return out->state != NULL && is_one_of(out->state, states, ARRAY_SIZE(states)) &&
           is_one_of(out->failure, failures, ARRAY_SIZE(failures)) && out->evidence != NULL &&
           out->evidence[0] != '\0' && out->by != NULL && out->by[0] != '\0';
}

enum ctl_exit ctl_payout_decide(const struct ctl *ctl)
{
    struct settings settings;
    struct ctl_database *database;
    struct payout_decision decision;
    if (!read_decision(ctl, &decision)) {
        fputs(
            "--as paid|failed|returned, --evidence 依据, --by 经办人 均须填写；--failure account_invalid|name_mismatch|"
            "closed_or_frozen|bank_temporary\n(--as, --evidence and --by are required)\n",
            stderr);
        return CTL_USAGE;
    }
    if (ctl_settings(ctl, &settings) != OK || ctl_database_open(ctl, &settings, &database) != OK)
        return CTL_FAILED;
    decision.code_days = settings.account_code_days;
    decision.success_days = settings.account_success_days;
    return ctl_database_finish(
        database, store_decide_payout(ctl_database_db(database), &decision, CTL_CALL_MS, ctl_database_done, database));
}
