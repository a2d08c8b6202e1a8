/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/evidence_readme.h"

/* The file as it is in the source, so that a bundle needs nothing from us. XUQI_VERIFIER is its path. */
__asm__(".section .rodata\n"
        "xuqi_verifier_begin:\n"
        ".incbin \"" XUQI_VERIFIER "\"\n"
        "xuqi_verifier_end:\n"
        ".previous\n");
extern const uint8_t xuqi_verifier_begin[], xuqi_verifier_end[];

struct bytes evidence_verifier(void)
{
    return (struct bytes){xuqi_verifier_begin, (size_t)(xuqi_verifier_end - xuqi_verifier_begin)};
}

static const char commands[] =
    "# 1. 文件没有改动 / no file was changed\n"
    "sha256sum -c SHA256SUMS\n"
    "# 2. 申请由申请人证书的密钥签名（网厅申请没有此签名）/ the application is signed by the applicant's key (not in "
    "the web hall)\n"
    "openssl cms -verify -binary -inform DER -in application.signed -CAfile trust.pem -purpose any -no_check_time "
    "-out application.json\n"
    "# 3. 新证书由本机构签发 / the new certificate was issued by this CA\n"
    "for c in certificates/*.der; do openssl x509 -inform DER -in \"$c\" | openssl verify -CAfile trust.pem "
    "-no_check_time; done\n"
    "# 4. 审计检查点的签名 / the signature of the audit trail's checkpoint\n"
    "openssl dgst -sha256 -verify audit.pem -signature checkpoint.sig checkpoint.txt\n"
    "# 5. 每条审计记录都在检查点之下（Node.js 18 或以上）/ every event is under the checkpoint\n"
    "node audit_verify.mjs proof proofs.jsonl --key audit.pem\n";

/* A token says when: what is under its checkpoint existed by then. */
static const char stamp_commands[] =
    "# 6. 第三方时间戳覆盖更早的检查点，本检查点是其延续 / a time stamp over an earlier checkpoint, and this one goes "
    "on from "
    "it\n"
    "openssl ts -verify -in stamped.tsr -data stamped.note -CAfile tsa.pem -attime $(node audit_verify.mjs when "
    "stamped.tsr)\n"
    "node audit_verify.mjs consistency stamped.json --key audit.pem --timestamp stamped.tsr\n";
static const char stamp_files[] = "| `stamped.note`、`stamped.tsr`、`stamped.json` | 较早的检查点，其第三方时间戳（RFC "
                                  "3161），及其延续证明；`tsa.pem` "
                                  "须另从时间戳服务机构取得并比较 / an earlier checkpoint, its time stamp, and the "
                                  "proof that this one goes on from it; "
                                  "compare `tsa.pem` with what that authority publishes |\n";

const char *evidence_readme(struct arena *arena, const char *renewal_no, const char *made_at, const char *by,
                            bool opened, bool stamped)
{
    return arena_format(
        arena,
        "# 业务 %s 的证据 / Evidence of renewal %s\n\n"
        "制作：%s，%s。个人信息：%s。\n"
        "Made at %s by %s. Personal data: %s.\n\n"
        "## 核对 / How to check it\n\n"
        "`trust.pem`（本机构的证书）和 `audit.pem`（审计公钥）须另从本机构的公开渠道取得并比较。\n"
        "Compare `trust.pem` (the CA) and `audit.pem` (the trail's key) with those that the CA publishes.\n\n"
        "```\n%s%s```\n\n"
        "## 内容 / What is in it\n\n"
        "| 文件 file | |\n|---|---|\n"
        "| `application.signed` | 申请原文：CMS（DER），网厅为JSON / the application as it came: CMS in DER; JSON in "
        "the web hall |\n"
        "| `personal.json`、`corrections/` | 个人信息、更正 / personal data, corrections |\n"
        "| `agreements/`、`acceptances.json` | 所接受的协议全文、时间、地址 / the texts accepted, when and from where "
        "|\n"
        "| `materials/` | 上传的材料 / uploaded documents |\n"
        "| `checks.json` | 身份和账户核验的结果 / results of identity and account checks |\n"
        "| `decisions.json` | 审核、退回、拒绝：谁、何时、对哪份内容（摘要）/ who decided what, when, over which "
        "content |\n"
        "| `payments.json`、`notices/` | 订单、支付、退款；支付平台的通知原文 / orders, payments, refunds; the "
        "gateways' notices as they came |\n"
        "| `renewal.json`、`issuance.json`、`certificates/` | 业务、签发、证书 / the renewal, its issuance, the "
        "certificates |\n"
        "| `proofs.jsonl` | 审计记录及其在检查点下的证明（RFC 6962）/ the events with their inclusion proofs |\n"
        "| `checkpoint.note`、`.txt`、`.sig` | 检查点（C2SP），其正文和签名 / the checkpoint, its text and its "
        "signature |\n%s"
        "| `audit_verify.mjs` | 独立核对程序 / the independent verifier |\n\n"
        "名称以 `.sealed` 结尾的文件没有打开：内容仍以密钥加密。\n"
        "Files that end in `.sealed` were not opened: they are still encrypted.\n",
        renewal_no, renewal_no, made_at, by, opened ? "已打开" : "未打开", made_at, by,
        opened ? "opened" : "not opened", commands, stamped ? stamp_commands : "", stamped ? stamp_files : "");
}
