/* SPDX-License-Identifier: Apache-2.0 */
/* Tencent Cloud FaceID (faceid, 2018-03-01): DetectAuth begins a liveness check that the person does on a phone,
 * GetDetectInfoEnhanced fetches its result, PhoneVerification holds name, identity number and mobile against the
 * telecom operators. Requests are built and answers read here; sending is http.h's. What a phone or page says is never
 * a result. */
#pragma once

#include "base/settings.h"
#include "remote/http.h"

struct faceid;

/* settings->faceid_secret_id must not be empty. ERR_SETTINGS_INVALID, logged. */
enum err faceid_load(const struct settings *settings, struct arena *arena, struct faceid **out) MUST_CHECK;

struct faceid_person {
    const char *name, *id_number, *mobile;
};

enum faceid_result {
    FACEID_PASSED,
    FACEID_FAILED,  /* the person may try again */
    FACEID_MANUAL,  /* the provider cannot judge: a person must */
    FACEID_VOID,    /* ended without a verdict, which is nobody's failure */
    FACEID_PENDING, /* not done yet */
    FACEID_LATER,   /* the provider cannot answer now */
};

struct faceid_verdict {
    enum faceid_result result;
    const char *reason;    /* a word of domain/identity_step.h; "" when passed or pending */
    int64_t similarity;    /* hundredths of a percent; -1: none */
    const char *reference; /* the provider's number of this answer */
};

struct faceid_begun {
    const char *biz_token, *url; /* the URL is opened on the phone, in WeChat */
};

/* All texts live in arena. The request expects to be sent at now_us. */
void faceid_begin(const struct faceid *faceid, struct arena *arena, const struct faceid_person *person,
                  const char *redirect_url, const char *extra, int64_t now_us, struct http_request *out);
/* ERR_IDENTITY_UNAVAILABLE with the word for it in *reason. */
enum err faceid_begin_read(struct arena *arena, const struct http_answer *answer, struct faceid_begun *out,
                           const char **reason) MUST_CHECK;

void faceid_look(const struct faceid *faceid, struct arena *arena, const char *biz_token, int64_t now_us,
                 struct http_request *out);
/* Passed only if the result is of this person and was asked for with this extra. */
struct faceid_verdict faceid_look_read(struct arena *arena, const struct http_answer *answer,
                                       const struct faceid_person *person, const char *extra, int64_t now_us);

void faceid_telecom(const struct faceid *faceid, struct arena *arena, const struct faceid_person *person,
                    int64_t now_us, struct http_request *out);
struct faceid_verdict faceid_telecom_read(struct arena *arena, const struct http_answer *answer);
