/* SPDX-License-Identifier: Apache-2.0 */
/* xuqictl: THE command table. */
#include "ctl/ctl.h"

static const struct ctl_command commands[] = {
    {"config check", "", "config", ctl_config_check, "检查全部配置：设置、平台、协议、消息模板、证书模板",
     "Checks all configuration: settings, platforms, agreements, message templates, certificate profiles"},
    {"config show platform", "ID", "config", ctl_config_show_platform, "显示一个平台的全部规则",
     "Shows all rules of a platform"},
    {"platform load", "[PLATFORM…]", "config yes! dry-run! changed! take-back!", ctl_platform_load,
     "把平台文件中的收费标准导入数据库：先显示差异，确认后生效；--yes 不询问，--dry-run 只显示，--changed "
     "只看上次导入后"
     "改过的文件，--take-back 取消管理台已决定而文件中没有的价格",
     "Loads the prices of platform files into the database: shows the differences, asks, then loads; --yes does not "
     "ask, --dry-run only shows, --changed looks only at files that are not those loaded last, --take-back takes back "
     "prices that were decided at the desk and are not in the file"},
    {"staff add", "", "config name display role password-file totp-file", ctl_staff_add,
     "新增人员：口令取自文件，动态码密钥写入新文件；多个角色以逗号分隔",
     "Adds a member of staff: the password comes from a file, the TOTP secret goes to a new one; roles by commas"},
    {"staff disable", "NAME", "config", ctl_staff_disable, "停用人员并立即结束其会话",
     "Disables a member of staff and ends their sessions at once"},
    {"staff person", "NAME", "config id-number-file mobile-file email-file", ctl_staff_person,
     "登记人员本人的证件号码和手机号（取自文件，加密保存），使其不能审核本人的申请",
     "Notes who a member of staff is (from files, kept encrypted), so that he cannot review his own application"},
    {"staff certificate", "NAME FILE", "config remove!", ctl_staff_certificate,
     "登记客户端证书（PEM），其持有人可凭证书登录；--remove 取消登记并结束其会话",
     "Registers a client certificate that stands for an account; --remove takes it back and ends the sessions"},
    {"staff review", "", "config days", ctl_staff_review,
     "权限核查：每个账号的角色、平台、授权人与时间、最近使用；标出久未使用的",
     "Access review: each account's roles and platforms, since when and by whom, last use; marks those that nobody "
     "uses"},
    {"certificate import", "FILE", "config", ctl_certificate_import, "登记一张已签发的证书（PEM）",
     "Registers a certificate issued elsewhere (PEM)"},
    {"certificate bind", "FILE", "config issuer account", ctl_certificate_bind, "登记证书（PEM）在门户的申请帐号",
     "Records the account of a portal that a certificate (PEM) was applied for with"},
    {"certificate revoke", "SERIAL", "config reason", ctl_certificate_revoke, "吊销一张证书，不可恢复",
     "Revokes a certificate, for good"},
    {"issuance halt", "", "config reason", ctl_issuance_halt, "立即暂停签发", "Stops all issuance at once"},
    {"issuance release", "", "config", ctl_issuance_release, "恢复签发", "Lets issuance go on"},
    {"bank import", "FILE", "config dry-run", ctl_bank_import,
     "以文件（CSV，UTF-8或GB18030）替换银行联行号列表；--dry-run yes 只统计将要变动的行数",
     "Replaces the list of bank branches by a file (CSV, UTF-8 or GB18030); --dry-run yes only counts"},
    {"calendar import", "FILE", "config", ctl_calendar_import,
     "导入一年的节假日和调休安排（config/calendar/），承诺的工作日按它计算",
     "Imports a year's holidays and shifted working days (config/calendar/), by which promises are counted"},
    {"ledger accounts", "", "config", ctl_ledger_accounts, "列出会计科目表", "Lists the chart of accounts"},
    {"ledger close", "YYYY-MM", "config", ctl_ledger_close,
     "结账：关闭一个月份，此后不再记入该月，不可撤销；账目有误或有未查明事项时拒绝",
     "Closes a month for good; refused while the books have faults or something of it is unexplained"},
    {"ledger verify", "", "config", ctl_ledger_verify, "核对账目的全部不变量，指出错误及其位置",
     "Verifies every invariant of the books, and names what is broken and where"},
    {"audit verify", "", "config", ctl_audit_verify,
     "核对全部审计记录：内容、序号、封存树、检查点和数据库之外的见证，指出每一处不符",
     "Verifies the whole audit trail: contents, sequences, tree, checkpoints and what was witnessed outside of the "
     "database; names each place that is broken"},
    {"audit export", "", "config out", ctl_audit_export, "把全部审计记录和检查点写入一个文件，供他人独立核对",
     "Writes the whole audit trail with its checkpoints to a file that others verify by themselves"},
    {"audit prove", "EVENT", "config", ctl_audit_prove, "给出一条审计记录已封存的证明",
     "Prints the proof that an event is under the newest checkpoint"},
    {"audit consistency", "SIZE SIZE", "config", ctl_audit_consistency, "证明后一个检查点是前一个的延续",
     "Prints the proof that a checkpoint goes on from an earlier one"},
    {"evidence", "RENEWAL_NO", "config out reason seal-key", ctl_evidence,
     "把一件业务的全部证据写入新文件夹，供法院或审计离线核对；--seal-key 给出密钥文件才打开个人信息",
     "Writes everything that proves a renewal to a new folder, to be checked offline; personal data is opened only "
     "with "
     "--seal-key FILE"},
    {"statement accounts", "", "config add bank name", ctl_statement_accounts,
     "登记平台文件中的收款账户，并列出各账户对账单已到哪一天；--add 账号 --bank 开户行 --name 户名 "
     "登记本单位的另一个账户",
     "Makes the platforms' collecting accounts known, and lists how far the statements of each have come; --add NUMBER "
     "--bank BANK --name NAME: another account of ours as well"},
    {"statement import", "FILE", "config account yes! dry-run!", ctl_statement_import,
     "导入银行对账单（CSV、TSV、camt.053、MT940）：先比较并显示差异，确认后导入；--yes 不询问，--dry-run 只显示",
     "Imports a bank's statement (CSV, TSV, camt.053, MT940): compares, shows, asks, then imports; --yes does not ask, "
     "--dry-run only shows"},
    {"statement links", "", "config", ctl_statement_links,
     "列出由银企直联读取的账户：最近一次读完的时间、落后多少、读到哪里",
     "Lists the accounts read through a bank's link: when each was last read to the end, how far it is behind, where "
     "it "
     "stands"},
    {"reconcile import", "RAIL DAY FILE", "config", ctl_reconcile_import,
     "导入手工下载的对账单（RAIL：alipay、unionpay 或 wechat）并对账",
     "Loads a bill fetched by hand and reconciles its day"},
    {"reconcile run", "RAIL DAY", "config", ctl_reconcile_run, "重新对账", "Reconciles a day once more"},
    {"reconcile show", "DAY", "config", ctl_reconcile_show, "显示一天各渠道的对账结果",
     "Shows how a day stands on each rail: ours, the gateway's, the bank's"},
    {"reconcile explain", "RAIL", "config", ctl_reconcile_explain, "说明渠道待清算账户余额由什么构成",
     "Says why a rail's clearing account holds what it holds"},
    {"key list", "", "config", ctl_key_list, "列出个人信息的主密钥及其使用数",
     "Lists the master keys of personal data and how many values use each"},
    {"key add", "", "config", ctl_key_add, "新增一个主密钥，暂不使用", "Adds a master key, not used yet"},
    {"key use", "ID", "config", ctl_key_use, "改用这个主密钥加密", "Seals with this master key from now on"},
    {"key rotate", "", "config", ctl_key_rotate, "用当前主密钥重新加密全部数据，可中断后重新运行",
     "Seals every value anew under the current master key; may be broken off and run again"},
    {"key remove", "ID", "config", ctl_key_remove, "删除不再使用的主密钥", "Removes a master key that no value uses"},
    {"payout list", "", "config", ctl_payout_list, "列出待发出和结果未知的打款",
     "Lists payouts that wait or whose fate is not known"},
    {"payout decide", "CLIENT_ID", "config as failure evidence by", ctl_payout_decide,
     "银行说不清结果的打款，由人核对后决定：paid、failed 或 returned（退汇）",
     "Decides what became of a payout that the bank does not explain: paid, failed, or returned"},
    {"subject export", "", "config id-number-file mobile-file reason out", ctl_subject_export,
     "导出一个自然人的全部信息（JSON 和文本），号码取自文件",
     "Writes everything held about a natural person; the number comes from a file"},
    {"subject erase", "", "config id-number-file mobile-file reason", ctl_subject_erase,
     "删除一个自然人的信息；依法须保存的，说明依据和期限",
     "Erases what may be erased of a natural person, and says what stays and why"},
    {"settings", "", "", ctl_settings_table, "以 Markdown 表格列出全部设置项", "Prints every setting as Markdown"},
    {"errors", "", "", ctl_errors, "以 Markdown 表格列出全部错误代码", "Prints every error code as Markdown"},
};

int main(int argc, char **argv)
{
    return ctl_main(commands, ARRAY_SIZE(commands), argc, argv);
}
