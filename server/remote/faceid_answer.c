/* SPDX-License-Identifier: Apache-2.0 */
/* What the provider answered, and what that means for a check. Codes: Tencent's 人脸核身 Plus, WeChat and H5
 * (1007/31082), PhoneVerification (1007/39765), API 3.0's common errors. */
#include "base/clock.h"
#include "remote/faceid_internal.h"

#include <string.h>

#define NO_VALUE INT64_MIN

static const struct faceid_verdict busy = {FACEID_LATER, "provider_busy", -1, ""};

const struct json *faceid_response(struct arena *arena, const struct http_answer *answer, struct json **document,
                                   const char **error)
{
    struct fault fault;
    fault_init(&fault, arena);
    *error = NULL;
    if (answer->status != 200 || json_parse((const char *)answer->body.data, answer->body.size, &fault, document) != OK)
        return NULL;
    const struct json *response = json_member(*document, "Response");
    const char *code = json_member_text(json_member(response, "Error"), "Code");
    *error = code == NULL ? NULL : arena_text(arena, code);
    return response;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

struct faceid_verdict faceid_refused(const char *error)
{
    static const char *const ours[] = {"AuthFailure",      "UnauthorizedOperation", "UnsupportedOperation",
                                       "InvalidParameter", "MissingParameter",      "UnknownParameter",
                                       "InvalidAction"};
    struct faceid_verdict verdict = busy;
    if (strstr(error, "BizTokenExpired") != NULL)
        return (struct faceid_verdict){FACEID_VOID, "expired", -1, ""};
    for (size_t i = 0; i < ARRAY_SIZE(ours); i++)
        if (begins(error, ours[i]))
            verdict.reason = "provider_refused";
    return verdict;
}

enum err faceid_begin_read(struct arena *arena, const struct http_answer *answer, struct faceid_begun *out,
                           const char **reason)
{
    AUTO_JSON *document = NULL;
    const char *error;
    const struct json *response = faceid_response(arena, answer, &document, &error);
    *reason = error == NULL ? busy.reason : faceid_refused(error).reason;
    ENSURE(response != NULL && error == NULL, ERR_IDENTITY_UNAVAILABLE);
    const char *token = json_member_text(response, "BizToken"), *url = json_member_text(response, "Url");
    ENSURE(token != NULL && token[0] != '\0' && url != NULL, ERR_IDENTITY_UNAVAILABLE);
    ENSURE(begins(url, "https://") || begins(url, "http://"), ERR_IDENTITY_UNAVAILABLE); /* it is opened on a phone */
    *out = (struct faceid_begun){arena_text(arena, token), arena_text(arena, url)};
    return OK;
}

/* -- the result of a liveness check ------------------------------------------------------------------------------ */

static const struct {
    int64_t code;
    enum faceid_result result;
    const char *reason;
} live_codes[] = {
    {15, FACEID_VOID, "expired"},
    {16, FACEID_FAILED, "liveness_failed"}, /* every try that the flow allows */
    {17, FACEID_PENDING, ""},
    {301, FACEID_FAILED, "identity_mismatch"},
    {302, FACEID_FAILED, "id_card_expired"},
    {303, FACEID_FAILED, "id_card_unreadable"},
    {1001, FACEID_VOID, "provider_fault"},
    {1002, FACEID_FAILED, "liveness_failed"},
    {1003, FACEID_FAILED, "liveness_failed"},
    {1004, FACEID_FAILED, "liveness_failed"},
    {1005, FACEID_FAILED, "liveness_failed"},
    {1006, FACEID_VOID, "provider_fault"},
    {1007, FACEID_FAILED, "liveness_failed"},
    {1008, FACEID_FAILED, "liveness_failed"},
    {2001, FACEID_VOID, "provider_fault"},
    {2002, FACEID_FAILED, "identity_mismatch"},
    {2003, FACEID_FAILED, "identity_mismatch"},
    {2004, FACEID_FAILED, "liveness_failed"},
    {2005, FACEID_MANUAL, "no_record"}, /* no such person at the source, or no photo of use */
    {2006, FACEID_FAILED, "identity_mismatch"},
    {2007, FACEID_MANUAL, "no_record"},
    {2008, FACEID_MANUAL, "no_record"},
    {2009, FACEID_MANUAL, "no_record"},
    {2010, FACEID_FAILED, "liveness_failed"},
    {2011, FACEID_FAILED, "face_mismatch"},
    {2016, FACEID_FAILED, "face_mismatch"},
};

static struct faceid_verdict verdict_of(int64_t code)
{
    for (size_t i = 0; i < ARRAY_SIZE(live_codes); i++)
        if (live_codes[i].code == code)
            return (struct faceid_verdict){live_codes[i].result, live_codes[i].reason, -1, ""};
    return (struct faceid_verdict){FACEID_VOID, "provider_fault", -1, ""};
}

/* So many digits at *text, which moves behind them; -1 when there are none or more. */
static int digits(const char **text, size_t most)
{
    size_t count = strspn(*text, "0123456789");
    if (count == 0 || count > most)
        return -1;
    int value = 0;
    for (size_t i = 0; i < count; i++)
        value = value * 10 + (*text)[i] - '0';
    *text += count;
    return value;
}

/* "98.71": 9871; anything else -1. */
static int64_t similarity(const char *text)
{
    int whole = text == NULL ? -1 : digits(&text, 3);
    if (whole < 0 || *text++ != '.')
        return -1;
    size_t places = strlen(text);
    int parts = digits(&text, 2);
    if (parts < 0 || *text != '\0')
        return -1;
    int64_t value = whole * 100 + (places == 1 ? parts * 10 : parts);
    return value <= 10000 ? value : -1;
}

/* "2015.03.20-2035.03.20" or "2015.03.20-长期": false when its end has passed or cannot be read. */
static bool card_valid(const char *dates, int64_t now_us)
{
    const char *end = strchr(dates, '-');
    if (end++ == NULL)
        return false;
    if (strcmp(end, "长期") == 0)
        return true;
    int parts[3];
    for (int i = 0; i < 3; i++) {
        parts[i] = digits(&end, i == 0 ? 4 : 2);
        if (parts[i] < 1 || *end++ != (i == 2 ? '\0' : '.'))
            return false;
    }
    if (parts[1] > 12 || parts[2] > 31)
        return false;
    struct beijing last = {.year = parts[0], .month = parts[1], .day = parts[2], .hour = 23, .minute = 59};
    return now_us <= beijing_to_us(last);
}

static bool same(const char *got, const char *wanted)
{
    return got != NULL && strcmp(got, wanted) == 0;
}

/* What was read off the card, where the flow reads it. */
static const char *card_fault(const struct json *text, const struct faceid_person *person, int64_t now_us)
{
    const char *number = json_member_text(text, "OcrIdCard"), *dates = json_member_text(text, "OcrValidDate");
    if (number != NULL && number[0] != '\0' && strcmp(number, person->id_number) != 0)
        return "identity_mismatch";
    if (dates != NULL && dates[0] != '\0' && !card_valid(dates, now_us))
        return "id_card_expired";
    return NULL;
}

/* A success is one only for the person and the check that it was asked for. */
static struct faceid_verdict judge_success(const struct json *text, const struct faceid_person *person,
                                           const char *extra, int64_t now_us)
{
    struct faceid_verdict verdict = {FACEID_PASSED, "", similarity(json_member_text(text, "Sim")), ""};
    int64_t live = NO_VALUE, compared = NO_VALUE;
    const char *fault = card_fault(text, person, now_us);
    if (!same(json_member_text(text, "IdCard"), person->id_number) ||
        !same(json_member_text(text, "Name"), person->name) || !same(json_member_text(text, "Extra"), extra))
        fault = "identity_mismatch";
    else if (!json_member_integer(text, "LiveStatus", &live) || live != 0)
        fault = "liveness_failed";
    else if (!json_member_integer(text, "Comparestatus", &compared) || compared != 0)
        fault = "face_mismatch";
    if (fault != NULL) {
        verdict.result = FACEID_FAILED;
        verdict.reason = fault;
    }
    return verdict;
}

static struct faceid_verdict judge(const struct json *text, const struct faceid_person *person, const char *extra,
                                   int64_t now_us)
{
    int64_t code;
    if (!json_member_integer(text, "ErrCode", &code))
        return (struct faceid_verdict){FACEID_PENDING, "", -1, ""};
    struct faceid_verdict verdict = code == 0 ? judge_success(text, person, extra, now_us) : verdict_of(code);
    if (code != 0)
        verdict.similarity = similarity(json_member_text(text, "Sim"));
    return verdict;
}

static const char *reference_of(struct arena *arena, const struct json *response)
{
    const char *id = json_member_text(response, "RequestId");
    return id == NULL || strlen(id) > 64 ? "" : arena_text(arena, id);
}

struct faceid_verdict faceid_look_read(struct arena *arena, const struct http_answer *answer,
                                       const struct faceid_person *person, const char *extra, int64_t now_us)
{
    AUTO_JSON *document = NULL;
    const char *error;
    const struct json *response = faceid_response(arena, answer, &document, &error);
    const struct json *text = json_member(response, "Text");
    struct faceid_verdict verdict = busy;
    if (error != NULL)
        verdict = faceid_refused(error);
    else if (text != NULL)
        verdict = judge(text, person, extra, now_us);
    verdict.reference = reference_of(arena, response);
    return verdict;
}

/* -- the telecom check ------------------------------------------------------------------------------------------- */

static const char *mismatch_of(const char *detail)
{
    if (same(detail, "PhoneIdCardMismatch"))
        return "phone_id_mismatch";
    return same(detail, "PhoneNameMismatch") ? "phone_name_mismatch" : "phone_mismatch";
}

static struct faceid_verdict telecom_verdict(const char *result, const char *detail)
{
    static const struct {
        const char *code;
        enum faceid_result result;
        const char *reason;
    } codes[] = {
        {"0", FACEID_PASSED, ""},
        {"-6", FACEID_FAILED, "phone_invalid"},
        {"-7", FACEID_FAILED, "identity_mismatch"},
        {"-8", FACEID_FAILED, "identity_mismatch"},
        {"-9", FACEID_MANUAL, "no_record"},
        {"-13", FACEID_MANUAL, "phone_unsupported"},
    };
    if (same(result, "-4"))
        return (struct faceid_verdict){FACEID_FAILED, mismatch_of(detail), -1, ""};
    for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
        if (same(result, codes[i].code))
            return (struct faceid_verdict){codes[i].result, codes[i].reason, -1, ""};
    return busy; /* -11 busy, -12 this day's limit, and what we do not know */
}

struct faceid_verdict faceid_telecom_read(struct arena *arena, const struct http_answer *answer)
{
    AUTO_JSON *document = NULL;
    const char *error;
    const struct json *response = faceid_response(arena, answer, &document, &error);
    struct faceid_verdict verdict = busy;
    if (error != NULL)
        verdict = faceid_refused(error);
    else if (response != NULL)
        verdict = telecom_verdict(json_member_text(response, "Result"), json_member_text(response, "ResultDetail"));
    verdict.reference = reference_of(arena, response);
    return verdict;
}
