/* SPDX-License-Identifier: Apache-2.0 */
/* What the SMS provider answers: an answer that cannot be read is unknown, never sent. */
#include "fuzz.h"

#include "base/json.h"
#include "remote/aliyun_sms.h"

#include <string.h>

void fuzz_start(void)
{
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    uint8_t choice = fuzz_choice(&input);
    const struct http_answer answer = {.status = choice == '4' ? 400 : choice == '5' ? 503 : 200, .body = input};
    const char *word = NULL;
    AUTO_JSON *document = NULL;
    enum sms_end end = aliyun_sms_read(&answer, arena, &word);
    HOLDS(word != NULL && utf8_valid(word, strlen(word)));
    if (end == SMS_SENT) {
        HOLDS(json_parse((const char *)input.data, input.size, fuzz_fault(arena), &document) == OK);
        HOLDS(strcmp(json_member_text(document, "Code"), "OK") == 0);
    }
}
