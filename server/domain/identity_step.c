/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/identity_step.h"

#include "base/clock.h"
#include "base/compiler.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word, *zh, *en;
} reasons[] = {
    {"identity_mismatch", "姓名或身份证号码与公安登记信息不一致，请核对申请表；填写有误的请撤销后重新申请",
     "Name and identity number do not agree with the register; if the form is wrong, cancel and apply again"},
    {"face_mismatch", "人脸比对未通过，请由经办人本人在光线充足处重新进行",
     "Not the same face; the agent must do it, in good light"},
    {"liveness_failed", "活体检测未通过，请在光线充足、网络稳定处按提示重新进行",
     "The liveness check did not succeed; try again in good light with a stable network"},
    {"id_card_expired", "身份证已过期，请使用有效的身份证", "The identity card has expired; use a valid one"},
    {"id_card_unreadable", "未能识别身份证，请重新拍摄", "The identity card could not be read; take the photo again"},
    {"no_record", "核验机构没有查询到记录，转由审核人员人工核验", "The provider has no record; a reviewer will judge"},
    {"attempts", "多次核验未通过，转由审核人员人工核验，无需再次操作",
     "It failed several times; a reviewer will judge, nothing more is to be done"},
    {"provider_off", "由审核人员人工核验，无需操作", "A reviewer will judge; nothing is to be done"},
    {"provider_unavailable", "核验服务长时间无法使用，转由审核人员人工核验",
     "The service was away for long; a reviewer will judge"},
    {"id_type", "该证件类型不能在线核验，转由审核人员人工核验",
     "This kind of identity document cannot be checked online; a reviewer will judge"},
    {"phone_unsupported", "该号段不支持在线核验，转由审核人员人工核验",
     "This number cannot be checked online; a reviewer will judge"},
    {"phone_mismatch", "手机号码的实名信息与申请表不一致，请在运营商APP中查看实名认证结果，先更正后再次核验",
     "The number's registered owner is another; look it up in the operator's app, correct it there and try again"},
    {"phone_id_mismatch", "手机号码登记的证件号码与申请表不一致，请在运营商APP中查看实名认证结果，先更正后再次核验",
     "The number is registered with another identity number; correct it with the operator and try again"},
    {"phone_name_mismatch", "手机号码登记的姓名与申请表不一致，请在运营商APP中查看实名认证结果，先更正后再次核验",
     "The number is registered under another name; correct it with the operator and try again"},
    {"phone_invalid", "手机号码无效，请核对申请表", "The mobile number is not valid; check the form"},
    {"expired", "活体认证二维码已过期，请重新获取", "The liveness check's link has expired; get a new one"},
    {"unknown", "核验服务没有按时答复，请重新获取", "The service did not answer in time; ask again"},
    {"unreachable", "核验服务无法连接，请稍候重试，本次不计入次数",
     "The service cannot be reached; try again shortly, this does not count"},
    {"provider_busy", "核验服务繁忙，请稍候重试", "The service is busy; try again shortly"},
    {"provider_refused", "核验服务暂时不可用，请稍候重试或拨打服务热线",
     "The service is unavailable; try later or call the hotline"},
    {"provider_fault", "核验服务故障，没有结果，请重新进行", "The service failed without a result; do it again"},
    {"corrected", "经办人信息已更正，请重新核验", "The agent's data were corrected; the check is to be made again"},
    {"late", "提交后才得到的结果，未采用", "Came after the submission; not used"},
};

#define WORDS 4 /* step, state, reason, seconds */

static bool read_line(struct arena *arena, const char *line, size_t size, struct identity_step *out)
{
    const char *words[WORDS];
    const char *end = line + size;
    for (size_t i = 0; i < WORDS; i++) {
        size_t word = strcspn(line, " \n");
        if (word == 0 || line + word > end)
            return false;
        words[i] = arena_text_n(arena, line, word);
        line += word + (line + word < end ? 1 : 0);
    }
    char *rest;
    int64_t seconds = strtoll(words[WORDS - 1], &rest, 10);
    if (*rest != '\0')
        return false;
    *out = (struct identity_step){.step = words[0],
                                  .state = words[1],
                                  .reason = strcmp(words[2], "-") == 0 ? "" : words[2],
                                  .since_us = seconds * CLOCK_SECOND_US};
    return true;
}

struct identity_steps identity_steps_read(struct arena *arena, const char *lines)
{
    struct identity_steps steps = {.count = 0};
    while (*lines != '\0' && steps.count < IDENTITY_STEPS_MAX) {
        size_t line = strcspn(lines, "\n");
        if (read_line(arena, lines, line, &steps.items[steps.count]))
            steps.count++;
        lines += line + (lines[line] == '\n' ? 1 : 0);
    }
    return steps;
}

const char *identity_reason_zh(const char *reason)
{
    for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
        if (strcmp(reasons[i].word, reason) == 0)
            return reasons[i].zh;
    return reason[0] == '\0' ? "" : "核验没有结果，请重试或拨打服务热线";
}

const char *identity_reason_en(const char *reason)
{
    for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
        if (strcmp(reasons[i].word, reason) == 0)
            return reasons[i].en;
    return reason[0] == '\0' ? "" : "The check has no result; try again or call the hotline";
}
