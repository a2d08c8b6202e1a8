/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/form_check.h"

#include <assert.h>
#include <string.h>

static const struct application_warning warnings[] = {
    {"organisation.name", "differs_from_certificate", "企业名称与续期证书中的单位名称不一致",
     "The organisation's name is not the certificate's"},
    {"organisation.id_number", "differs_from_certificate", "机构证件号码与续期证书中的号码不一致",
     "The organisation's number is not the one in the certificate"},
    {"organisation.id_number", "inner_check_digit", "统一社会信用代码中的组织机构代码校验码不符，请核对",
     "The organisation code inside the unified social credit code has a wrong check digit"},
    {"basic_account.name", "differs_from_organisation", "基本户名称与单位名称不一致",
     "The account's name is not the organisation's"},
    {"basic_account.bank_code", "check_digit", "联行号校验码不符，请核对开户行",
     "The CNAPS code has a wrong check digit; check the branch"},
    {"invoice.tax_id", "check_digit", "纳税人识别号中的组织机构代码校验码不符，请核对",
     "The organisation code in the taxpayer number has a wrong check digit"},
    {"invoice.tax_id", "differs_from_organisation", "纳税人识别号与机构的统一社会信用代码不一致",
     "The taxpayer number is not the organisation's unified social credit code"},
    {"agent.mobile", "virtual_operator", "虚拟运营商号段（162、165、167、170、171）可能无法通过实名电信认证",
     "A virtual operator's number may not pass the operators' real-name check"},
};

const struct application_warning *application_warning_find(const char *field, const char *code)
{
    for (size_t i = 0; i < ARRAY_SIZE(warnings); i++)
        if (strcmp(warnings[i].field, field) == 0 && strcmp(warnings[i].code, code) == 0)
            return &warnings[i];
    return NULL;
}

void form_warn(const struct form_check *check, const char *field, const char *code)
{
    static_assert(ARRAY_SIZE(warnings) <= APPLICATION_WARNINGS_MAX, "each may be given once");
    const struct application_warning *warning = application_warning_find(field, code);
    assert(warning != NULL && check->warnings->count < APPLICATION_WARNINGS_MAX);
    check->warnings->items[check->warnings->count++] = warning;
}
