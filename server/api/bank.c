/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/banks?keyword=工商 深圳: branches to choose the basic account's from. Every word must stand in the name;
 * digits are the beginning of the CNAPS code. */
#include "store/bank.h"
#include "api/handlers.h"
#include "api/server.h"
#include "base/text.h"
#include "domain/bank_file.h"

#include <string.h>

#define BANKS_MAX   20
#define KEYWORD_MAX 60 /* characters */
#define WORDS_MAX   8
#define WORD_MIN    2
#define DIGITS      "0123456789"

static struct json *branch_json(const struct bank_branch *branch)
{
    struct json *json = json_new_object();
    json_put_text(json, "code", branch->code);
    json_put_text(json, "name", branch->name);
    json_put_text(json, "bank", branch->bank);
    json_put_text(json, "province", branch->province);
    json_put_text(json, "city", branch->city);
    return json;
}

static void found(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct bank_branches branches;
    if (err == OK)
        err = store_search_banks_read(rows, request_arena(req), &branches);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object(), *list = json_new_array();
    for (size_t i = 0; i < branches.count && i < BANKS_MAX; i++)
        json_append(list, branch_json(&branches.items[i]));
    json_put(body, "banks", list);
    json_put_boolean(body, "more", branches.count > BANKS_MAX);
    request_reply_json(req, 200, body);
}

static enum err refuse(struct request *req, const char *code, const char *zh, const char *en)
{
    fault_field(request_fault(req), "keyword", code, zh, en);
    return ERR_FIELDS_INVALID;
}

/* The bytes up to the next space, ideographic ones too. */
static size_t word_size(const char *text)
{
    size_t plain = strcspn(text, " \t\r\n");
    const char *wide = strstr(text, "　");
    return wide != NULL && (size_t)(wide - text) < plain ? (size_t)(wide - text) : plain;
}

static size_t space_size(const char *text)
{
    size_t size = 0;
    for (;; size += strlen("　")) {
        size += strspn(text + size, " \t\r\n");
        if (strncmp(text + size, "　", strlen("　")) != 0)
            return size;
    }
}

static enum err take_word(struct request *req, const char *word, struct bank_query *query, const char **words,
                          const char **numbers)
{
    if (word[0] == '\0') /* nothing but characters that are not seen */
        return OK;
    if (query->word_count + query->number_count == WORDS_MAX)
        return refuse(req, "too_many", "最多8个关键字", "At most 8 words");
    if (word[strspn(word, DIGITS)] == '\0')
        numbers[query->number_count++] = word;
    else if (utf8_length(word) >= WORD_MIN)
        words[query->word_count++] = word;
    else
        return refuse(req, "length", "每个关键字至少2个字，例如“工商”", "Each word must have at least 2 characters");
    return OK;
}

static enum err read_query(struct request *req, struct bank_query *query)
{
    struct arena *arena = request_arena(req);
    const char *keyword = request_query(req, "keyword");
    const char **words = arena_alloc(arena, WORDS_MAX * sizeof(*words));
    const char **numbers = arena_alloc(arena, WORDS_MAX * sizeof(*numbers));
    *query = (struct bank_query){.words = words, .numbers = numbers, .limit = BANKS_MAX + 1};
    if (keyword == NULL)
        return refuse(req, "required", "请输入开户行关键字，例如“工商”", "Give a word of the branch's name");
    if (utf8_length(keyword) > KEYWORD_MAX)
        return refuse(req, "too_long", "关键字最多60个字", "At most 60 characters");
    for (keyword += space_size(keyword); *keyword != '\0'; keyword += space_size(keyword)) {
        size_t size = word_size(keyword);
        TRY(take_word(req, bank_search_text(arena, arena_text_n(arena, keyword, size)), query, words, numbers));
        keyword += size;
    }
    if (query->word_count + query->number_count == 0)
        return refuse(req, "required", "请输入开户行关键字，例如“工商”", "Give a word of the branch's name");
    return OK;
}

enum err api_bank_search(struct request *req)
{
    struct bank_query query;
    TRY(read_query(req, &query));
    return store_search_banks(api_server(req)->db, &query, api_call_ms(req), found, req);
}
