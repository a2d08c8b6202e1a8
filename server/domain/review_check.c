/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/review_check.h"

#include "base/compiler.h"
#include "domain/application.h"

#include <string.h>

#define CORRECTED "corrected:"
#define NAME_SIZE 64

static const struct review_check checks[] = {
    {"window", "有效期与办理时间", "Validity and window"},
    {"payment", "缴费与到账匹配", "Payment and its match"},
    {"amount", "金额", "Amount"},
    {"identity_numbers", "证件号码校验", "Numbers and their check digits"},
    {"organisation", "机构信息与证书主题", "Organisation and certificate subject"},
    {"liveness", "活体认证", "Liveness check"},
    {"telecom", "运营商实名核验", "Telecom real-name check"},
    {"duplicate_key", "同一证书的其他业务", "Other renewals of the certificate"},
    {"duplicate_subject", "同一主题的其他业务", "Other renewals of the subject"},
    {"duplicate_agent", "经办人代办情况", "What else the agent acts for"},
    {"last_renewal", "与上次续期的差异", "Differences from the last renewal"},
    {"form_version", "业务规则版本", "Version of the platform's rules"},
};

static const struct review_check findings[] = {
    {"promise_over", "承诺的新到期日已过", "The promised end of validity is over"},
    {"revoked", "原证书已吊销", "The certificate was revoked"},
    {"surplus", "该订单有多付的款项", "More was paid for this order than is owed"},
    {"disputed", "渠道对账结果与本笔付款不符", "The gateway's statement does not agree with the payment"},
    {"attempt_unknown", "有一笔支付结果未知", "What became of a payment is not known"},
    {"matched_by_person", "到账由财务人工匹配", "The money was matched by a person"},
    {"unpaid", "订单未缴费", "The order is not paid"},
    {"cancelled", "订单已取消", "The order is cancelled"},
    {"large", "金额达到平台规定的复核标准", "The price is one that the platform wants looked at twice"},
    {"missing", "没有有效的结果", "There is no result that stands"},
    {"renewed_before", "同一证书办理过续期", "The certificate was renewed before"},
    {"open_as_well", "同一主题还有未办结的业务", "Another renewal of the subject is open"},
    {"many_organisations", "30天内为三个以上其他单位经办",
     "Acts for more than three other organisations within 30 days"},
    {"organisation", "单位名称与上次不同", "Another organisation than last time"},
    {"subject", "证书主题与上次不同", "Another subject than last time"},
    {"agent", "经办人与上次不同", "Another agent than last time"},
    {"invoice", "发票税号与上次不同", "Another taxpayer number than last time"},
    {"platform_changed", "申请后平台规则有更新", "The platform's rules have changed since the application"},
    {"failures", "多次核验未通过，由审核员判断", "Failed too often; the reviewer judges"},
    {"unavailable", "核验服务不可用，由审核员判断", "The provider cannot be asked; the reviewer judges"},
};

const struct review_check *review_check_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(checks); i++)
        if (strcmp(checks[i].name, name) == 0)
            return &checks[i];
    return NULL;
}

/* "field:code" of the form's own warnings. */
static const struct application_warning *warning_of(const char *word)
{
    char field[NAME_SIZE];
    size_t size = strcspn(word, ":");
    if (word[size] != ':' || size >= sizeof(field))
        return NULL;
    memcpy(field, word, size);
    field[size] = '\0';
    return application_warning_find(field, word + size + 1);
}

struct review_check review_finding(const char *word)
{
    const struct application_warning *warning = warning_of(word);
    if (warning != NULL)
        return (struct review_check){word, warning->zh, warning->en};
    if (strncmp(word, CORRECTED, strlen(CORRECTED)) == 0)
        return (struct review_check){word, "更正后的内容未经自动核对", "What was corrected was not checked by itself"};
    for (size_t i = 0; i < ARRAY_SIZE(findings); i++)
        if (strcmp(findings[i].name, word) == 0)
            return findings[i];
    return (struct review_check){word, word, word};
}
