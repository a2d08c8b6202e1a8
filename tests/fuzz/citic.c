/* SPDX-License-Identifier: Apache-2.0 */
/* What the bank's front end answers, or somebody in its place: paid and failed are only said of a whole answer. */
#include "fuzz.h"

#include "remote/citic.h"

#include <string.h>

void fuzz_start(void)
{
}

static void paying(struct arena *arena, const struct http_answer *answer)
{
    struct bank_answer said = citic_read_paying(arena, answer);
    HOLDS(said.word == BANK_PENDING || said.word == BANK_REFUSED); /* accepted is not paid */
    HOLDS((said.failure[0] != '\0') == (said.word == BANK_REFUSED));
    HOLDS(utf8_valid(said.said, strlen(said.said)));
}

static void asking(struct arena *arena, const struct http_answer *answer)
{
    struct bank_answer said = citic_read_asking(arena, answer);
    HOLDS(said.word != BANK_REFUSED);
    HOLDS((said.failure[0] != '\0') == (said.word == BANK_FAILED));
    HOLDS(answer->status == 200 || said.word == BANK_PENDING);
    HOLDS(utf8_valid(said.said, strlen(said.said)));
}

static void listing(struct arena *arena, const struct http_answer *answer)
{
    struct bank_movements movements;
    const char *said;
    fuzz_fill(&movements, sizeof(movements));
    if (citic_read_list(arena, answer, &movements, &said) != OK) {
        HOLDS(fuzz_untouched(&movements, sizeof(movements)) && said != NULL);
        return;
    }
    for (size_t i = 0; i < movements.count; i++) {
        const struct bank_movement *it = &movements.items[i];
        HOLDS(strlen(it->day) == BANK_DAY_SIZE - 1 && it->number[0] != '\0' && it->amount_fen >= 0);
        HOLDS(!it->returned || it->credit);
    }
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    uint8_t choice = fuzz_choice(&input);
    const struct http_answer answer = {.status = choice == '5' ? 500 : 200, .body = input};
    int64_t balance;
    const char *said;
    paying(arena, &answer);
    asking(arena, &answer);
    listing(arena, &answer);
    fuzz_fill(&balance, sizeof(balance));
    if (citic_find_balance(arena, &answer, "7443900182600096874", &balance, &said) != OK)
        HOLDS(fuzz_untouched(&balance, sizeof(balance)) && said != NULL);
}
