/* SPDX-License-Identifier: Apache-2.0 */
/* SMS over Aliyun (dysmsapi, SendSms, 2017-05-25). Pure: writes the request and reads the answer, reaches nobody. */
#pragma once

#include "base/settings.h"
#include "remote/http.h"

struct aliyun_sms; /* who we are to Aliyun */

/* The settings sms.*, which must be complete. ERR_SETTINGS_INVALID after logging which one is wrong. In arena. */
enum err aliyun_sms_load(const struct settings *settings, struct arena *arena, struct aliyun_sms **out) MUST_CHECK;

struct sms {
    const char *mobile;
    const char *purpose; /* register, login, password: chooses the template */
    const char *code;
    const char *out_id; /* ours, echoed in receipts */
};

/* ERR_INTERNAL: no template for this purpose. */
enum err aliyun_sms_request(const struct aliyun_sms *sms, const struct sms *message, int64_t now_us,
                            struct arena *arena, struct http_request *out) MUST_CHECK;

enum sms_end {
    SMS_SENT,
    SMS_LATER,   /* the provider's momentary fault, nothing was sent: the same again later */
    SMS_LIMITED, /* the provider has sent this number enough */
    SMS_NUMBER,  /* no such number, or it takes no messages */
    SMS_OURS,    /* credentials, signature, template, money: a person must look */
    SMS_UNKNOWN, /* the answer cannot be read: it may have been sent */
};

/* word: the provider's code, or what is wrong with the answer; for logs. */
enum sms_end aliyun_sms_read(const struct http_answer *answer, struct arena *arena, const char **word);
