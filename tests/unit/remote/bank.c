/* SPDX-License-Identifier: Apache-2.0 */
/* The bank's messages: what CITIC's front end is sent, and what its answers mean for money. In doubt nothing is over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/gb18030.h"
#include "base/text.h"
#include "remote/citic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct bench {
    struct arena *arena;
    char folder[32];
    struct settings settings;
    struct bank *bank;
};

static void write_user(const struct bench *bench, mode_t mode)
{
    const char *path = arena_format(bench->arena, "%s/user", bench->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("netca01\n", file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static int setup(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));
    bench->arena = arena_new();
    strcpy(bench->folder, "/tmp/xuqi-bank-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    bench->settings = (struct settings){.folder = bench->folder,
                                        .bank_link = "citic",
                                        .bank_repay_by = "link",
                                        .bank_remark = "网证通认证",
                                        .bank_call_ms = 20000,
                                        .citic_url = "http://10.1.2.3:6788",
                                        .citic_user_file = "user",
                                        .citic_account_no = "7443900182600096874"};
    write_user(bench, 0600);
    assert_int_equal(bank_load(&bench->settings, bench->arena, &bench->bank), OK);
    *state = bench;
    return 0;
}

static int teardown(void **state)
{
    struct bench *bench = *state;
    unlink(arena_format(bench->arena, "%s/user", bench->folder));
    rmdir(bench->folder);
    arena_free(bench->arena);
    free(bench);
    return 0;
}

static const struct bank_payment payment = {.client_id = "XQ202611210000000001",
                                            .payee_account = "44050100000000000000",
                                            .payee_name = "某某（深圳）有限公司",
                                            .payee_bank_name = "",
                                            .payee_bank_code = "105100000017",
                                            .amount_fen = 1,
                                            .code = "482915"};

static const char *sent(const struct bench *bench, const struct http_request *request)
{
    const char *text;
    assert_true(gb18030_decode(bench->arena, request->body, &text));
    return text;
}

/* -- settings --------------------------------------------------------------------------------------------------------
 */

static void no_bank_is_none(void **state)
{
    struct bench *bench = *state;
    struct bank *bank = bench->bank;
    bench->settings.bank_link = "";
    assert_int_equal(bank_load(&bench->settings, bench->arena, &bank), OK);
    assert_null(bank);
}

static void settings_that_cannot_work_are_refused(void **state)
{
    struct bench *bench = *state;
    struct settings wrong[] = {bench->settings, bench->settings, bench->settings, bench->settings, bench->settings};
    wrong[0].bank_link = "other";
    wrong[1].citic_url = "";
    wrong[2].citic_account_no = "12345a789";
    wrong[3].bank_remark = "超过十四个字节的附言"; /* 20 bytes of GBK and six digits: cut by some bank */
    wrong[4].citic_user_file = "absent";
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        assert_int_equal(bank_load(&wrong[i], bench->arena, &bench->bank), ERR_SETTINGS_INVALID);
    write_user(bench, 0644);
    assert_int_equal(bank_load(&bench->settings, bench->arena, &bench->bank), ERR_SETTINGS_INVALID);
}

/* -- messages --------------------------------------------------------------------------------------------------------
 */

static void a_payment_is_dlouttrn_in_gbk(void **state)
{
    struct bench *bench = *state;
    struct http_request request;
    assert_int_equal(bank_pay(bench->bank, bench->arena, &payment, &request), OK);
    assert_string_equal(request.method, "POST");
    assert_string_equal(request.url, "http://10.1.2.3:6788");
    assert_string_equal(
        sent(bench, &request),
        "<?xml version=\"1.0\" encoding=\"GBK\"?>\n<stream><action>DLOUTTRN</action><userName>netca01</userName>"
        "<clientID>XQ202611210000000001</clientID><preFlg>0</preFlg><preDate></preDate><preTime></preTime>"
        "<payType>03</payType><payAccountNo>7443900182600096874</payAccountNo>"
        "<recAccountNo>44050100000000000000</recAccountNo><recAccountName>某某（深圳）有限公司</recAccountName>"
        "<recOpenBankName></recOpenBankName><recOpenBankCode>105100000017</recOpenBankCode>"
        "<citicbankFlag>1</citicbankFlag><cityFlag>1</cityFlag><tranAmount>0.01</tranAmount>"
        "<abstract>482915网证通认证</abstract><memo></memo></stream>");
}

static void inside_the_bank_it_is_another_kind(void **state)
{
    struct bench *bench = *state;
    struct bank_payment inside = payment;
    struct http_request request;
    inside.payee_bank_code = "302581044006";
    assert_int_equal(bank_pay(bench->bank, bench->arena, &inside, &request), OK);
    assert_non_null(strstr(sent(bench, &request), "<payType>01</payType>"));
    assert_non_null(strstr(sent(bench, &request), "<citicbankFlag>0</citicbankFlag><cityFlag></cityFlag>"));
}

static void names_cannot_break_out_of_their_field(void **state)
{
    struct bench *bench = *state;
    struct bank_payment hostile = payment;
    struct http_request request;
    hostile.payee_name = "A</recAccountName><tranAmount>9999.00</tranAmount>&\"";
    assert_int_equal(bank_pay(bench->bank, bench->arena, &hostile, &request), OK);
    assert_non_null(strstr(sent(bench, &request), "<recAccountName>A&lt;/recAccountName&gt;&lt;tranAmount&gt;9999.00"
                                                  "&lt;/tranAmount&gt;&amp;&quot;</recAccountName>"));
}

static void what_the_bank_cannot_take_is_not_sent(void **state)
{
    struct bench *bench = *state;
    struct bank_payment wrong[] = {payment, payment, payment, payment};
    struct http_request request = {.url = "untouched"};
    wrong[0].payee_name = "😀有限公司"; /* not in GBK */
    wrong[1].payee_name = arena_format(bench->arena, "%0123d", 7);
    wrong[2].payee_name = "某某\n有限公司";
    wrong[3].client_id = "XQ2026112100000000012"; /* 21 */
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        assert_int_equal(bank_pay(bench->bank, bench->arena, &wrong[i], &request), ERR_FIELDS_INVALID);
    assert_string_equal(request.url, "untouched");
}

static void questions_name_the_number_the_days_and_the_account(void **state)
{
    struct bench *bench = *state;
    struct http_request request;
    assert_int_equal(bank_ask(bench->bank, bench->arena, "XQ1", &request), OK);
    assert_non_null(strstr(sent(bench, &request), "<action>DLCIDSTT</action>"));
    assert_non_null(strstr(sent(bench, &request), "<clientID>XQ1</clientID>"));
    const struct bank_page page = {"20261101", "20261121", 41};
    assert_int_equal(bank_list(bench->bank, bench->arena, &page, &request), OK);
    assert_non_null(strstr(sent(bench, &request), "<startDate>20261101</startDate><endDate>20261121</endDate>"
                                                  "<pageNumber>20</pageNumber><startRecord>41</startRecord>"));
    assert_int_equal(bank_balance(bench->bank, bench->arena, &request), OK);
    assert_non_null(strstr(sent(bench, &request), "<list name=\"userDataList\"><row><accountNo>7443900182600096874"));
}

/* -- answers ---------------------------------------------------------------------------------------------------------
 */

static struct http_answer answer_of(const struct bench *bench, const char *text)
{
    struct http_answer answer = {.status = 200};
    assert_true(gbk_encode(
        bench->arena, arena_format(bench->arena, "<?xml version=\"1.0\" encoding=\"GBK\"?><stream>%s</stream>", text),
        &answer.body));
    return answer;
}

static void paying_is(const struct bench *bench, const char *text, enum bank_word word, const char *failure)
{
    struct http_answer answer = answer_of(bench, text);
    struct bank_answer said = bank_read_paying(bench->bank, bench->arena, &answer);
    assert_int_equal(said.word, word);
    assert_string_equal(said.failure, failure);
}

static void asking_is(const struct bench *bench, const char *text, enum bank_word word, const char *failure)
{
    struct http_answer answer = answer_of(bench, text);
    struct bank_answer said = bank_read_asking(bench->bank, bench->arena, &answer);
    assert_int_equal(said.word, word);
    assert_string_equal(said.failure, failure);
}

static void accepted_is_not_paid(void **state)
{
    static const char *const codes[] = {"AAAAAAA", "AAAAAAB", "AAAAAAC",  "AAAAAAE", "CCCCCCC", "EEEEEEE",
                                        "UNKNOWN", "ET00231", "CF09001",  "CF14ABC", "CF15001", "CF18001",
                                        "CF23001", "CM12001", "ED10001",  "ED11001", "ED12001", "ED02095",
                                        "",        "SHORT",   "AAAAAAA1", "余额不足"};
    for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
        paying_is(*state, arena_format(((struct bench *)*state)->arena, "<status>%s</status>", codes[i]), BANK_PENDING,
                  "");
}

static void a_refusal_is_told_with_its_class(void **state)
{
    paying_is(*state, "<status>ED20301</status><statusText>收款账号不存在</statusText>", BANK_REFUSED,
              "account_invalid");
    paying_is(*state, "<status>ED20302</status><statusText>账号户名不符</statusText>", BANK_REFUSED, "name_mismatch");
    paying_is(*state, "<status>ED20303</status><statusText>该账户已关户</statusText>", BANK_REFUSED,
              "closed_or_frozen");
    paying_is(*state, "<status>ED20304</status><statusText>账户已冻结</statusText>", BANK_REFUSED, "closed_or_frozen");
    paying_is(*state, "<status>ED20305</status><statusText>系统忙</statusText>", BANK_REFUSED, "bank_temporary");
    paying_is(*state, "<status>ED20306</status><statusText>其他</statusText>", BANK_REFUSED, "bank_temporary");
}

#define ANSWERED "<status>AAAAAAA</status><list name=\"userDataList\">%s</list>"

static void only_stt_decides(void **state)
{
    static const struct {
        const char *row;
        enum bank_word word;
        const char *failure;
    } cases[] = {
        {"<row><stt>0</stt><status>AAAAAAA</status></row>", BANK_PAID, ""},
        {"<row><stt>1</stt><status>ED20302</status><statusText>户名不符</statusText></row>", BANK_FAILED,
         "name_mismatch"},
        {"<row><stt>2</stt></row>", BANK_PENDING, ""},
        {"<row><stt>3</stt></row>", BANK_FAILED, "bank_temporary"},
        {"<row><stt>4</stt></row>", BANK_FAILED, "bank_temporary"},
        {"<row><stt>5</stt></row>", BANK_PENDING, ""},
        {"<row><stt>00</stt></row>", BANK_PENDING, ""},
        {"<row><STT>0</STT></row>", BANK_PENDING, ""},
        {"<row><status>AAAAAAA</status></row>", BANK_PENDING, ""},
        {"", BANK_PENDING, ""},
        {"<row><stt>0</stt></row><row><stt>1</stt></row>", BANK_PENDING, ""},
        {"<row><extra><stt>0</stt></extra><stt>1</stt></row>", BANK_FAILED, "bank_temporary"},
        {"<row><stt>0</ stt><later>新字段</later></row>", BANK_PAID, ""},
    };
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        asking_is(*state, arena_format(((struct bench *)*state)->arena, ANSWERED, cases[i].row), cases[i].word,
                  cases[i].failure);
}

static void a_failed_question_says_nothing_of_the_payment(void **state)
{
    asking_is(*state, "<status>CF09001</status><list><row><stt>1</stt></row></list>", BANK_PENDING, "");
    asking_is(*state, "<status>EEEEEEE</status><list><row><stt>1</stt></row></list>", BANK_PENDING, "");
    asking_is(*state, "<status>ED01006</status><statusText>没有记录</statusText>", BANK_NOT_FOUND, "");
    asking_is(*state, "<stt>0</stt><status>AAAAAAA</status>", BANK_PENDING, "");
}

static void what_the_bank_said_is_cut_between_characters(void **state)
{
    struct bench *bench = *state;
    struct http_answer answer = answer_of(bench, "<status>一二三四五六七八九十一二三四五六七八九十一</status>"
                                                 "<statusText>一二三四五六七八九十</statusText>");
    const char *said = bank_read_paying(bench->bank, bench->arena, &answer).said;
    assert_string_equal(said, "一二三四五六七八九十一二三四五六七八九十 一二三四五六七八九");
}

static void what_is_no_answer_decides_nothing(void **state)
{
    struct bench *bench = *state;
    static const char *const bodies[] = {
        "",
        "<html>Internal Server Error</html>",
        "<?xml version=\"1.0\" encoding=\"GBK\"?><stream><status>AAAA",
        "<!DOCTYPE stream [<!ENTITY a "
        "\"0\">]><stream><status>AAAAAAA</status><list><row><stt>&a;</stt></row></list></stream>",
        "<stream><status>AAAAAAA</status><list><row><stt>0</stt></row></list></stream><stream/>",
        "<other><status>AAAAAAA</status><list><row><stt>0</stt></row></list></other>",
    };
    for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
        struct http_answer answer = {.status = 200, .body = bytes_of_text(bodies[i])};
        assert_int_equal(bank_read_asking(bench->bank, bench->arena, &answer).word, BANK_PENDING);
        assert_int_equal(bank_read_paying(bench->bank, bench->arena, &answer).word, BANK_PENDING);
    }
    struct http_answer answer = answer_of(bench, "<status>AAAAAAA</status><list><row><stt>0</stt></row></list>");
    answer.status = 500;
    assert_int_equal(bank_read_asking(bench->bank, bench->arena, &answer).word, BANK_PENDING);
}

static void deep_and_endless_answers_are_refused(void **state)
{
    struct bench *bench = *state;
    char *deep = arena_alloc(bench->arena, 4096), *many = arena_alloc(bench->arena, 8192);
    for (int i = 0; i < 500; i++)
        strcat(deep, "<a>");
    for (int i = 0; i < CITIC_ROWS_MAX + 1; i++)
        strcat(many, "<row><stt>0</stt></row>");
    struct citic_answer *read = ARENA_NEW(bench->arena, struct citic_answer);
    assert_int_equal(citic_read(bench->arena, answer_of(bench, deep).body, read), ERR_XML_REFUSED);
    assert_int_equal(citic_read(bench->arena, answer_of(bench, arena_format(bench->arena, ANSWERED, many)).body, read),
                     ERR_XML_REFUSED);
}

/* -- the account -----------------------------------------------------------------------------------------------------
 */

#define ROW                                                                                                               \
    "<row><tranDate>20261121</tranDate><tranTime>101500</tranTime><tranNo>T1</tranNo><sumTranNo>S1</sumTranNo>"           \
    "<tranAmount>%s</tranAmount><creditDebitFlag>%s</creditDebitFlag><oppAccountNo>6222</oppAccountNo>"                   \
    "<oppAccountName>某某有限公司</oppAccountName><oppOpenBankName>工行</oppOpenBankName><abstract>%s</abstract>" \
    "<balance>100.50</balance><e3rtFlag>%s</e3rtFlag><rfTranNo></rfTranNo><new>x</new></row>"

static void movements_are_read_with_direction_and_return(void **state)
{
    struct bench *bench = *state;
    struct bank_movements movements;
    const char *said;
    const char *rows = arena_format(bench->arena, ROW ROW, "200.00", "C", "货款", "1", "0.01", "C", "退汇", "0");
    struct http_answer answer = answer_of(bench, arena_format(bench->arena, ANSWERED, rows));
    assert_int_equal(bank_read_list(bench->bank, bench->arena, &answer, &movements, &said), OK);
    assert_int_equal(movements.count, 2);
    const struct bank_movement *first = &movements.items[0], *second = &movements.items[1];
    assert_string_equal(first->day, "20261121");
    assert_string_equal(first->number, "20261121/T1/S1");
    assert_true(first->credit && !first->returned && first->has_balance);
    assert_int_equal(first->amount_fen, 20000);
    assert_int_equal(first->balance_fen, 10050);
    assert_string_equal(first->other_name, "某某有限公司");
    assert_string_equal(first->remark, "货款");
    assert_true(second->returned);
    assert_int_equal(bank_page_size(bench->bank), 20);
}

static void a_page_with_one_wrong_row_is_none(void **state)
{
    struct bench *bench = *state;
    static const char *const amounts[] = {"1e3", "--5", "0.001", "", "-1.00", "1,000.00"};
    for (size_t i = 0; i < ARRAY_SIZE(amounts); i++) {
        struct bank_movements movements = {.count = 7};
        const char *said;
        const char *rows = arena_format(bench->arena, ROW ROW, "200.00", "C", "", "1", amounts[i], "D", "", "1");
        struct http_answer answer = answer_of(bench, arena_format(bench->arena, ANSWERED, rows));
        assert_int_equal(bank_read_list(bench->bank, bench->arena, &answer, &movements, &said), ERR_REMOTE_UNKNOWN);
        assert_int_equal(movements.count, 7);
        assert_string_equal(said, "row 2 is not a movement");
    }
}

static void nothing_behind_the_last_is_an_empty_page(void **state)
{
    struct bench *bench = *state;
    struct bank_movements movements = {.count = 7};
    const char *said;
    struct http_answer answer = answer_of(bench, "<status>ED01006</status><statusText>没有符合条件的记录</statusText>");
    assert_int_equal(bank_read_list(bench->bank, bench->arena, &answer, &movements, &said), OK);
    assert_int_equal(movements.count, 0);
    movements.count = 7;
    answer = answer_of(bench, "<status>ED09001</status><statusText>超过每小时查询次数限制</statusText>");
    assert_int_equal(bank_read_list(bench->bank, bench->arena, &answer, &movements, &said), ERR_REMOTE_UNKNOWN);
    assert_int_equal(movements.count, 7);
    answer = answer_of(bench, "<status>UNKNOWN</status><statusText>没有符合条件的记录</statusText>");
    assert_int_equal(bank_read_list(bench->bank, bench->arena, &answer, &movements, &said), ERR_REMOTE_UNKNOWN);
    answer.status = 500;
    assert_int_equal(bank_read_list(bench->bank, bench->arena, &answer, &movements, &said), ERR_REMOTE_UNKNOWN);
    assert_string_equal(said, "HTTP 500");
}

static void the_balance_is_that_of_our_account(void **state)
{
    struct bench *bench = *state;
    int64_t balance = 0;
    const char *said;
    struct http_answer answer = answer_of(
        bench, arena_format(bench->arena, ANSWERED,
                            "<row><status>AAAAAAA</status><accountNo>1</accountNo><balance>5.00</balance></row>"
                            "<row><status>AAAAAAA</status><accountNo>7443900182600096874</accountNo>"
                            "<forzenAmt>0.00</forzenAmt><balance>-12.34</balance></row>"));
    assert_int_equal(bank_read_balance(bench->bank, bench->arena, &answer, &balance, &said), OK);
    assert_int_equal(balance, -1234);
    answer = answer_of(bench, "<status>ED20010</status><statusText>无权限</statusText>");
    assert_int_equal(bank_read_balance(bench->bank, bench->arena, &answer, &balance, &said), ERR_REMOTE_UNKNOWN);
    assert_string_equal(said, "ED20010 无权限");
}

static void a_repayment_is_named_by_its_number(void **state)
{
    struct bench *bench = *state;
    struct http_request request;
    struct bank_payment repayment = {.client_id = "XQ202611210000000001",
                                     .payee_account = "4000020309200123456",
                                     .payee_name = "某某有限公司",
                                     .payee_bank_name = "工商银行某支行",
                                     .payee_bank_code = "",
                                     .amount_fen = 500,
                                     .remark = "XQ202611210000000001退款"};
    assert_int_equal(bank_pay(bench->bank, bench->arena, &repayment, &request), OK);
    const char *text = (const char *)request.body.data;
    assert_non_null(strstr(text, "<abstract>XQ202611210000000001"));
    assert_non_null(strstr(text, "<tranAmount>5.00</tranAmount>"));
    assert_null(strstr(text, "(null)"));
}

static void why_money_came_back_is_told_by_words(void **state)
{
    (void)state;
    assert_string_equal(bank_failure("退汇:账号户名不符"), "name_mismatch");
    assert_string_equal(bank_failure("账户已销户"), "closed_or_frozen");
    assert_string_equal(bank_failure("482915金融认证"), "");
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        STORY(no_bank_is_none),
        STORY(settings_that_cannot_work_are_refused),
        STORY(a_payment_is_dlouttrn_in_gbk),
        STORY(inside_the_bank_it_is_another_kind),
        STORY(names_cannot_break_out_of_their_field),
        STORY(what_the_bank_cannot_take_is_not_sent),
        STORY(questions_name_the_number_the_days_and_the_account),
        STORY(accepted_is_not_paid),
        STORY(a_refusal_is_told_with_its_class),
        STORY(only_stt_decides),
        STORY(a_failed_question_says_nothing_of_the_payment),
        STORY(what_the_bank_said_is_cut_between_characters),
        STORY(what_is_no_answer_decides_nothing),
        STORY(deep_and_endless_answers_are_refused),
        STORY(movements_are_read_with_direction_and_return),
        STORY(a_page_with_one_wrong_row_is_none),
        STORY(nothing_behind_the_last_is_an_empty_page),
        STORY(the_balance_is_that_of_our_account),
        STORY(a_repayment_is_named_by_its_number),
        STORY(why_money_came_back_is_told_by_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
