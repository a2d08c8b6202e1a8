/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/statement/reading.h"

#include "base/compiler.h"

#define BALANCE(code, amount, side)                                                                                    \
    "<Bal><Tp><CdOrPrtry><Cd>" code "</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">" amount "</Amt><CdtDbtInd>" side          \
    "</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>\n"
#define ENTRY                                                                                                          \
    "<Ntry><NtryRef>1</NtryRef><Amt "                                                                                  \
    "Ccy=\"CNY\">200.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-20</Dt></"        \
    "BookgDt>"                                                                                                         \
    "<AcctSvcrRef>R1</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>E1</EndToEndId></"                               \
    "Refs><RltdPties><Dbtr><Pty><Nm>甲公司</Nm></Pty></Dbtr>"                                                       \
    "<DbtrAcct><Id><Othr><Id>6222</Id></Othr></Id></DbtrAcct></RltdPties><RltdAgts><DbtrAgt><FinInstnId><Nm>某行</"  \
    "Nm></FinInstnId></DbtrAgt></RltdAgts>"                                                                            \
    "<RmtInf><Ustrd>续期</Ustrd><Ustrd>0120</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n"

static const char *document(struct arena *arena, const char *version, const char *account, const char *inside)
{
    return arena_format(arena,
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document "
                        "xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.%s\"><BkToCstmrStmt>"
                        "<GrpHdr><MsgId>1</MsgId></GrpHdr>\n<Stmt><Id>1</Id><Acct><Id><Othr><Id>%s</Id></Othr></Id></"
                        "Acct>\n%s</Stmt></BkToCstmrStmt></Document>\n",
                        version, account, inside);
}

static const char *with(struct arena *arena, const char *entries, const char *closing)
{
    return document(
        arena, "08", OURS,
        arena_format(arena,
                     BALANCE("OPBD", "100.00", "CRDT") "<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt "
                                                       "Ccy=\"CNY\">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>\n%s",
                     closing, entries));
}

static void reads_booked_entries(void **state)
{
    assert_string_equal(
        told_text(*state, with(*state, ENTRY, "300.00")),
        "6 R1 20777 - 20000 -|6222|甲公司|某行|续期 0120|R1|ordinary;= camt.053 1 10000>30000 20777..20777");
}

static void knows_its_versions(void **state)
{
    static const char *const versions[] = {"02", "06", "08", "13"}, *const others[] = {"01", "14", "2", "008", "xx"};
    for (size_t i = 0; i < ARRAY_SIZE(versions); i++)
        assert_string_equal(ended(*state, document(*state, versions[i], OURS,
                                                   BALANCE("OPBD", "0", "CRDT") BALANCE("CLBD", "200", "CRDT") ENTRY)),
                            "= camt.053 1 0>20000 20777..20777");
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        assert_string_equal(ended(*state, document(*state, others[i], OURS, ENTRY)), "! 2:format");
    assert_string_equal(ended(*state, "<html/>"), "! 1:format");
}

static void leaves_out_what_is_not_booked(void **state)
{
    const char *pending =
        "<Ntry><Amt "
        "Ccy=\"CNY\">5</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt></Ntry>";
    assert_string_equal(ended(*state, with(*state, arena_format(*state, "%s%s", pending, ENTRY), "300")),
                        "= camt.053 1 10000>30000 20777..20777");
}

static void tells_reversals(void **state)
{
    const char *entry = "<Ntry><Amt "
                        "Ccy=\"CNY\">100</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd><Sts>BOOK</"
                        "Sts><BookgDt><DtTm>2026-11-20T10:11:12+08:00</DtTm></BookgDt></Ntry>";
    assert_string_equal(told_text(*state, with(*state, entry, "0")),
                        "6 ~20777|1795140672000000|-10000|-| 20777 1795140672000000 -10000 -||||||reversal;= camt.053 "
                        "1 10000>0 20777..20777");
}

static void splits_an_entry_of_several_payments(void **state)
{
#define DETAIL(amount, name)                                                                                           \
    "<TxDtls><Amt Ccy=\"CNY\">" amount "</Amt><RltdPties><Dbtr><Nm>" name "</Nm></Dbtr></RltdPties></TxDtls>"
#define BATCH(details)                                                                                                 \
    "<Ntry><Amt "                                                                                                      \
    "Ccy=\"CNY\">300</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-20</Dt></"                    \
    "BookgDt><AcctSvcrRef>B</AcctSvcrRef><NtryDtls>" details "</NtryDtls></Ntry>"
    assert_string_equal(told_text(*state, with(*state, BATCH(DETAIL("100", "甲") DETAIL("200", "乙")), "400")),
                        "6 B/1 20777 - 10000 -||甲|||B|ordinary;6 B/2 20777 - 20000 -||乙|||B|ordinary;= camt.053 2 "
                        "10000>40000 20777..20777");
    assert_string_equal(told_text(*state, with(*state, BATCH(DETAIL("100", "甲") DETAIL("201", "乙")), "400")),
                        "6 B 20777 - 30000 -|||||B|ordinary;= camt.053 1 10000>40000 20777..20777");
}

static void holds_the_balances(void **state)
{
    assert_non_null(strstr(ended(*state, with(*state, ENTRY, "300.01")), ":balance"));
    assert_non_null(strstr(ended(*state, document(*state, "08", OURS, ENTRY)), ":balance_missing"));
    assert_non_null(strstr(ended(*state, document(*state, "08", "6222020000000009",
                                                  BALANCE("OPBD", "0", "CRDT") BALANCE("CLBD", "200", "CRDT") ENTRY)),
                           ":account"));
}

static void refuses_bad_values(void **state)
{
#define BAD(amount, side, date)                                                                                        \
    "<Ntry><Amt Ccy=\"CNY\">" amount "</Amt><CdtDbtInd>" side "</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>" date          \
    "</Dt></BookgDt></Ntry>"
    assert_non_null(strstr(ended(*state, with(*state, BAD("1e3", "CRDT", "2026-11-20"), "0")), ":amount"));
    assert_non_null(strstr(ended(*state, with(*state, BAD("-5", "CRDT", "2026-11-20"), "0")), ":amount"));
    assert_non_null(strstr(ended(*state, with(*state, BAD("1.234", "CRDT", "2026-11-20"), "0")), ":amount"));
    assert_non_null(strstr(ended(*state, with(*state, BAD("5", "CR", "2026-11-20"), "0")), ":direction"));
    assert_non_null(strstr(ended(*state, with(*state, BAD("5", "CRDT", "2026-02-30"), "0")), ":date"));
    assert_non_null(strstr(ended(*state, with(*state,
                                              "<Ntry><Amt "
                                              "Ccy=\"USD\">5</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</"
                                              "Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt></Ntry>",
                                              "0")),
                           ":currency"));
}

static void refuses_bombs(void **state)
{
    assert_string_equal(ended(*state, "<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY a 'a'>]><Document>&a;</Document>"),
                        "! 2:doctype");
    assert_non_null(strstr(ended(*state, with(*state,
                                              "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a></a></a></"
                                              "a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a>",
                                              "100")),
                           ":depth"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(reads_booked_entries),
        UNIT(knows_its_versions),
        UNIT(leaves_out_what_is_not_booked),
        UNIT(tells_reversals),
        UNIT(splits_an_entry_of_several_payments),
        UNIT(holds_the_balances),
        UNIT(refuses_bad_values),
        UNIT(refuses_bombs),
    };
    return cmocka_run_group_tests_name("camt.053", tests, NULL, NULL);
}
