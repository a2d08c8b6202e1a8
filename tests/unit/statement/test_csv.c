/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/statement/reading.h"

#include "base/compiler.h"

#define CITIC                                                                                                                                                    \
    "交易日期,交易时间,对方账号,对方账户名称,对方账号开户网点名称,借方发生额,贷方发生额,账户余额,摘要,退汇标识," \
    "退汇日期,柜员交易号,附言,币种,交易账号\r\n"

static const char *citic(struct arena *arena, const char *rows)
{
    return arena_format(arena, "账户明细\r\n账号：7443 9001 8260 0096 874,币种：人民币\r\n" CITIC "%s", rows);
}

static void reads_citic(void **state)
{
    const char *file = citic(*state,
                             "2026-11-20,10:11:12,\t6222020000000001\t,某某（深圳）有限公司,某支行,,\"1,200.00\",5200."
                             "00,转账,,,CKE0001,续期 0120261120,人民币," OURS "\r\n"
                             "2026-11-21,,'6222,乙,,300.5,,4899.50,,,,CKE0002,,,\r\n合计,,,,,300.50,1200.00\r\n");
    const char *expected = "4 20777:CKE0001 20777 1795140672000000 120000 "
                           "520000|6222020000000001|某某（深圳）有限公司|某支行|续期 0120261120 转账|CKE0001|ordinary;"
                           "5 20778:CKE0002 20778 - -30050 489950|6222|乙|||CKE0002|ordinary;= citic 2 400000>489950";
    assert_string_equal(told_text(*state, file), expected);
    assert_string_equal(told_text(*state, in_gb(*state, file)), expected);
    assert_string_equal(told_text(*state, arena_format(*state, "\xef\xbb\xbf%s", file)), expected);
    for (reading_piece = 1; reading_piece < 12; reading_piece += 5)
        assert_string_equal(told_text(*state, in_gb(*state, file)), expected);
    reading_piece = 0;
}

static void finds_columns_by_their_names(void **state)
{
    assert_string_equal(
        ended(*state, "柜员交易号,账户余额(元),贷方发生额：,借方发生额,对方账号,交易日期\nA,100,100.00,,1,20261120\n"),
        "= citic 1 0>10000");
}

static void reads_icbc_in_its_three_forms(void **state)
{
    assert_string_equal(told_text(*state,
                                  "[HISTORYDETAIL]\n凭证号\t本方账号\t对方账号\t交易时间\t借/"
                                  "贷\t借方发生额\t贷方发生额\t对方行号\t摘要\t用途\t对方单位名称\t余额\t个性化信息\n"
                                  "0\t" OURS
                                  "\t4000\t2026-11-20-10.11.12.123456\t贷\t0.00\t20.00\t\t转账\t货款\t甲\t20.00\t\n"),
                        "3 ~20777|1795140672123456|2000|2000|4000 20777 1795140672123456 2000 2000|4000|甲||货款 "
                        "转账||ordinary;= icbc-history 1 0>2000");
    assert_string_equal(told_text(*state,
                                  "对方账号,交易时间,借贷标志,对方单位,对方行号,用途,摘要,附言,发生额,余额,币种\n"
                                  "4000,2026-11-20 10:11:12,借,甲,,,,,20.00,-20.00,人民币\n"),
                        "2 ~20777|1795140672000000|-2000|-2000|4000 20777 1795140672000000 -2000 "
                        "-2000|4000|甲||||ordinary;= icbc-amount 1 0>-2000");
    assert_string_equal(ended(*state, "凭证号,对方账号,交易时间,借贷标志,对方单位,对方行号,用途,摘要,附言,"
                                      "回单个性化信息,转入金额,转出金额,支付凭证种类,余额\n"
                                      "0,4000,2026-11-20 10:11:12,贷,甲,,,,,,20.00,,,20.00\n"),
                        "= icbc-receipt 1 0>2000");
}

static void reads_ccb_and_cmb(void **state)
{
    assert_string_equal(ended(*state,
                              "账号,账户名称,交易时间,借方发生额/元(支取),贷方发生额/"
                              "元(收入),余额,币种,对方户名,对方账号,对方开户机构,记账日期,摘要,备注,账户明细编号-"
                              "交易流水号,企业流水号,凭证种类,凭证号\n" OURS
                              ",某CA,20261120 10:11:12,0,20.00,20.00,人民币元,甲,4000,支行,20261120,转账,,1-2,,,\n"),
                        "= ccb 1 0>2000");
    assert_string_equal(
        told_text(*state,
                  "交易日,交易时间,起息日,交易类型,借方金额,贷方金额,余额,摘要,流水号,流程实例号,业务名称,用途,"
                  "业务参考号,业务摘要,其它摘要,收/付方分行名,收/付方名称,收/付方帐号,收/付方开户行名,冲帐标志\n"
                  "20261120,101112,20261120,汇入,,20.00,20.00,货款,K1,,,,,,,,甲,4000,支行,\n"
                  "20261120,101113,20261120,汇入,,-20.00,0.00,货款,K2,,,,,,,,甲,4000,支行,*\n"),
        "2 K1 20777 1795140672000000 2000 2000|4000|甲|支行|货款|K1|ordinary;3 K2 20777 1795140673000000 -2000 "
        "0|4000|甲|支行|货款|K2|reversal;= cmb 2 0>0");
}

static void tells_reversals_and_what_came_back(void **state)
{
    const char *all = told_text(
        *state, citic(*state, "20261120,,1,甲,,,100,100,退汇,,,A,,,\n20261120,,1,甲,,,-100,0,,,,B,,,\n20261120,,1,甲,"
                              ",50,,-50,冲正,,,C,,,\n20261120,,1,甲,,50,,-100,退汇,,,D,,,\n"));
    assert_non_null(strstr(all, "|A|returned;"));
    assert_non_null(strstr(all, "|B|reversal;"));
    assert_non_null(strstr(all, "|C|reversal;"));
    assert_non_null(strstr(all, "|D|ordinary;"));
}

static void names_the_line_and_the_rule_of_a_bad_row(void **state)
{
    static const struct {
        const char *row, *fault;
    } bad[] = {
        {"2026-02-30,,1,甲,,,100,100,,,,A,,,\n", "! 4:date"},
        {"2026-11-20,25:00:00,1,甲,,,100,100,,,,A,,,\n", "! 4:time"},
        {"2026-11-20,,1,甲,,,1e3,100,,,,A,,,\n", "! 4:amount"},
        {"2026-11-20,,1,甲,,,--5,100,,,,A,,,\n", "! 4:amount"},
        {"2026-11-20,,1,甲,,,1.234,100,,,,A,,,\n", "! 4:amount"},
        {"2026-11-20,,1,甲,,,100,1e2,,,,A,,,\n", "! 4:amount"},
        {"2026-11-20,,1,甲,,,1000000000.01,100,,,,A,,,\n", "! 4:amount_limit"},
        {"2026-11-20,,1,甲,,5,100,100,,,,A,,,\n", "! 4:amount_both"},
        {"2026-11-20,,1,甲,,,,100,,,,A,,,\n", "! 4:amount_missing"},
        {"2026-11-20,,1,甲,,,100,100,,,,A,,美元,\n", "! 4:currency"},
        {"2026-11-20,,1,甲,,,100,100,,,,A,,,6222020000000009\n", "! 4:account"},
        {"2026-11-20,,1,甲,,,100\n", "! 4:columns"},
        {"2026-11-20,,1,甲,,,100,100,,,,A,,,,x\n", "! 4:columns"},
        {"2026-11-20,,1,甲\001,,,100,100,,,,A,,,\n", "! 4:control"},
        {"2026-11-20,,1,甲\"x,,,100,100,,,,A,,,\n", "! 4:quote"},
        {"2026-11-20,,1,\"甲,,,100,100,,,,A,,,\n", "! 4:line_length"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_string_equal(ended(*state, citic(*state, bad[i].row)), bad[i].fault);
    assert_string_equal(
        ended(*state,
              citic(*state, "x,,1,甲,,,1,1,,,,A,,,\n2026-11-20,,1,甲,,,1,2,,,,B,,,\n2026-11-20,,1,甲,,,x,2,,,,C,,,\n")),
        "! 4:date 6:amount");
}

static void refuses_what_it_cannot_read_on(void **state)
{
    const char *row = "2026-11-20,,1,甲,,,100,100,,,,A,,,\n";
    char *nul = arena_format(*state, "%s%s", citic(*state, row), row);
    size_t size = strlen(nul);
    nul[size - 5] = '\0';
    assert_string_equal(strrchr(told(*state, nul, size), '!'), "! 5:nul");
    assert_string_equal(ended(*state, arena_format(*state, "%s%s", citic(*state, row), in_gb(*state, row))),
                        "! 2:encoding");
    assert_string_equal(ended(*state, arena_format(*state, "%s2026-11-20,,1,\xff\xff,,,100,100,,,,A,,,\n",
                                                   in_gb(*state, citic(*state, row)))),
                        "! 5:encoding");
    assert_string_equal(ended(*state, ""), "! 0:empty");
    assert_string_equal(ended(*state, " \r\n"), "! 0:empty");
    assert_string_equal(ended(*state, citic(*state, "")), "! 0:empty");
    assert_string_equal(ended(*state, "交易日期,借方发生额\n"), "! 0:columns");
    assert_string_equal(ended(*state, "账号：6222020000000009\n" CITIC "2026-11-20,,1,甲,,,100,100,,,,A,,,\n"),
                        "! 0:account");
    assert_string_equal(ended(*state, "\xff\xfe\x01\x02"), "! 1:encoding");
}

static void refuses_a_line_that_does_not_end(void **state)
{
    enum { SIZE = 8 * 1024 * 1024 };
    char *text = arena_alloc(*state, SIZE + 1);
    memset(text, 'x', SIZE);
    assert_string_equal(ended(*state, text), "! 1:line_length");
    assert_string_equal(ended(*state, arena_format(*state, "%s%s", citic(*state, ""), text)), "! 4:line_length");
    memset(text, '\n', SIZE);
    memcpy(text, "x,\"", 3);
    assert_string_equal(ended(*state, arena_format(*state, "%s%s", citic(*state, ""), text)), "! 4:line_length");
}

static void refuses_balances_that_do_not_lead_on(void **state)
{
    assert_string_equal(
        ended(*state, citic(*state, "20261120,,1,甲,,,100,100,,,,A,,,\n20261121,,1,甲,,,100,201,,,,B,,,\n")),
        "! 5:balance");
    assert_string_equal(
        ended(
            *state,
            citic(
                *state,
                "20261118,,1,甲,,,100,100,,,,A,,,\n20261119,,1,甲,,,1,101,,,,B,,,\n20261121,,1,甲,,,1,102,,,,C,,,\n")),
        "= citic 3 0>10200 20776..20777");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(reads_citic),
        UNIT(finds_columns_by_their_names),
        UNIT(reads_icbc_in_its_three_forms),
        UNIT(reads_ccb_and_cmb),
        UNIT(tells_reversals_and_what_came_back),
        UNIT(names_the_line_and_the_rule_of_a_bad_row),
        UNIT(refuses_what_it_cannot_read_on),
        UNIT(refuses_a_line_that_does_not_end),
        UNIT(refuses_balances_that_do_not_lead_on),
    };
    return cmocka_run_group_tests_name("statement csv", tests, NULL, NULL);
}
