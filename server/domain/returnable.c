/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/returnable.h"

#include "domain/application_field.h"

#include <string.h>

#define MATERIALS "materials."

static const struct returnable materials[] = {
    {MATERIALS "application_form", "续期申请表", "Application form"},
    {MATERIALS "business_licence", "营业执照", "Business licence"},
    {MATERIALS "agent_id", "经办人身份证件", "Agent's identity document"},
    {MATERIALS "authorisation", "授权书", "Letter of authorisation"},
    {MATERIALS "id_photo_front", "身份证人像面照片", "Photo of the identity card's front"},
    {MATERIALS "id_photo_back", "身份证国徽面照片", "Photo of the identity card's back"},
};

/* Fields whose label says enough only inside its block of the form. */
static const struct {
    const char *name, *zh;
} outside_their_block[] = {
    {"agent.mobile", "经办人手机号码"},         {"recipient.name", "收件人姓名"},
    {"recipient.mobile", "收件人手机"},         {"recipient.address", "收件人地址"},
    {"legal_person.id_number", "法人证件号码"}, {"legal_person.mobile", "法人移动电话"},
};

static const struct return_reason reasons[] = {
    {"wrong", "内容有误", "It is wrong"},
    {"mismatch", "与证件或证书不一致", "It does not agree with the documents or the certificate"},
    {"missing", "缺少内容", "Something is missing"},
    {"unreadable", "不清晰，无法辨认", "It cannot be read"},
    {"expired", "已过有效期", "It has expired"},
    {"not_signed", "未签名或未盖公章", "It is not signed or not sealed"},
    {"other", "其他原因", "Another reason"},
};

static const char *label_zh(const struct application_field *field)
{
    for (size_t i = 0; i < ARRAY_SIZE(outside_their_block); i++)
        if (strcmp(outside_their_block[i].name, field->name) == 0)
            return outside_their_block[i].zh;
    return field->label_zh;
}

bool returnable_at(size_t place, struct returnable *out)
{
    for (size_t i = 0; i < application_field_count(); i++) {
        const struct application_field *field = application_field_at(i);
        if (!field->correctable || place-- > 0)
            continue;
        *out = (struct returnable){field->name, label_zh(field), field->label_en};
        return true;
    }
    if (place >= ARRAY_SIZE(materials))
        return false;
    *out = materials[place];
    return true;
}

const struct return_reason *return_reason_at(size_t place)
{
    return place < ARRAY_SIZE(reasons) ? &reasons[place] : NULL;
}

bool returnable_find(const char *name, struct returnable *out)
{
    *out = (struct returnable){name, name, name};
    struct returnable found;
    for (size_t i = 0; returnable_at(i, &found); i++) {
        if (strcmp(found.name, name) != 0)
            continue;
        *out = found;
        return true;
    }
    return false;
}

const struct return_reason *return_reason_find(const char *code)
{
    for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
        if (strcmp(reasons[i].code, code) == 0)
            return &reasons[i];
    return NULL;
}

bool returnable_is_material(const char *name)
{
    return strncmp(name, MATERIALS, strlen(MATERIALS)) == 0;
}
