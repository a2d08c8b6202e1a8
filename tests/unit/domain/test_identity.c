/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/identity.h"
#include "unit/domain/unit.h"

#include <stdio.h>

#define NOW at("2026-11-21 12:00:00")

/* The first two are the examples of GB 11643-1999 itself. */
static const char *const resident_ids[] = {"11010519491231002X", "440524188001010014", "110101199003070011",
                                           "110101199003071233", "440106198501010023", "440300198002290019",
                                           "110105200001019993"};

static void accepts_resident_ids_of_the_standard(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(resident_ids); i++)
        assert_true(resident_id_valid(resident_ids[i], NOW));
}

static void refuses_every_single_wrong_digit(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(resident_ids); i++)
        for (size_t digit = 0; digit < 17; digit++)
            for (char other = '0'; other <= '9'; other++) {
                char id[19];
                memcpy(id, resident_ids[i], sizeof(id));
                id[digit] = other;
                assert_int_equal(resident_id_valid(id, NOW), other == resident_ids[i][digit]);
            }
}

static void refuses_resident_ids_that_are_not(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "1",
                                      "620000198802020000",
                                      "440106198501010024",
                                      "11010519491231002x",
                                      "11010519491231002",
                                      "11010519491231002XX",
                                      "110105194912310 2X",
                                      "X1010519491231002X",
                                      "440300198102290011",
                                      "991231",
                                      "110105491231002",
                                      "１１0105194912310",
                                      "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"};
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_false(resident_id_valid(bad[i], NOW));
}

/* The id with its check digit made right. */
static const char *with_check(const char *seventeen)
{
    static char id[19];
    for (size_t i = 0; i < 11; i++) {
        snprintf(id, sizeof(id), "%s%c", seventeen, "0123456789X"[i]);
        int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1}, sum = 0;
        for (int n = 0; n < 18; n++)
            sum += (id[n] == 'X' ? 10 : id[n] - '0') * weights[n];
        if (sum % 11 == 1)
            return id;
    }
    return "";
}

static void refuses_dates_that_are_not_and_regions_that_are_not(void **state)
{
    (void)state;
    assert_true(resident_id_valid(with_check("11010119900307001"), NOW));
    assert_false(resident_id_valid(with_check("11010119901307001"), NOW));
    assert_false(resident_id_valid(with_check("11010119900230001"), NOW));
    assert_false(resident_id_valid(with_check("11010119900300001"), NOW));
    assert_false(resident_id_valid(with_check("11010100000307001"), NOW));
    assert_false(resident_id_valid(with_check("10010119900307001"), NOW));
    assert_true(resident_id_valid(with_check("81000019900307001"), NOW)); /* residence permit, Hong Kong */
    assert_true(resident_id_valid(with_check("91100019900307001"), NOW)); /* permanent residence card */
}

static void refuses_births_in_the_future_of_beijing(void **state)
{
    (void)state;
    const char *today = with_check("11010120261121001");
    assert_true(resident_id_valid(today, at("2026-11-21 00:00:00")));
    assert_false(resident_id_valid(today, at("2026-11-20 23:59:59")));
}

static void counts_whole_years(void **state)
{
    (void)state;
    const char *id = "440300198002290019"; /* born on a leap day */
    assert_int_equal(resident_id_age(id, at("1998-02-28 23:59:59")), 17);
    assert_int_equal(resident_id_age(id, at("1998-03-01 00:00:00")), 18);
    assert_int_equal(resident_id_age(id, at("2000-02-29 00:00:00")), 20);
    assert_int_equal(resident_id_age("110101199003070011", at("2008-03-06 23:59:59")), 17);
    assert_int_equal(resident_id_age("110101199003070011", at("2008-03-07 00:00:00")), 18);
    assert_int_equal(resident_id_age("110101199003070012", NOW), -1);
}

static void accepts_social_credit_codes(void **state)
{
    (void)state;
    static const char *const good[] = {"91350100M000100Y43", /* the worked example of GB 32100-2015 */
                                       "9144030071526726XG", "91440300708461136T", "91110000802100433B",
                                       "91330100799655058B", "91440300192317458F", "914403001922038216",
                                       "91110108551385082Q", "91440300MA5EXAMP0C", "91440101123456788R",
                                       "92440101MA5ABCDE5Y", "124400004558580039"};
    for (size_t i = 0; i < ARRAY_SIZE(good); i++)
        assert_true(uscc_valid(good[i]));
}

static void refuses_social_credit_codes_with_a_wrong_digit(void **state)
{
    (void)state;
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    for (size_t i = 0; i < 18; i++)
        for (const char *other = alphabet; *other != '\0'; other++) {
            char code[] = "91350100M000100Y43";
            bool same = code[i] == *other;
            code[i] = *other;
            assert_int_equal(uscc_valid(code), same);
        }
    static const char *const bad[] = {"",
                                      "91350100M000100Y4Z",
                                      "91310115MA1H8R7C6D",
                                      "91350100M000100Y4",
                                      "91350100M000100Y433",
                                      "91350100m000100Y43",
                                      "9135O100M000100Y43"};
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_false(uscc_valid(bad[i]));
}

static void checks_organisation_codes(void **state)
{
    (void)state;
    static const char *const good[] = {"D2143569X", "71526726X", "708461136", "123456788", "000000000"};
    for (size_t i = 0; i < ARRAY_SIZE(good); i++)
        assert_true(organisation_code_valid(good[i]));
    static const char *const bad[] = {"",          "D21435690",  "D2143569-X", "71526726x",
                                      "708461137", "7084611366", "70846113"};
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_false(organisation_code_valid(bad[i]));
}

static void takes_taxpayer_numbers_of_four_lengths(void **state)
{
    (void)state;
    static const char *const good[] = {"91440300708461136T", "110101199003070011", "44030071526726X",
                                       "11010549123100212", "44010619850101002301"};
    for (size_t i = 0; i < ARRAY_SIZE(good); i++)
        assert_true(tax_id_valid(good[i]));
    static const char *const bad[] = {"",
                                      "1",
                                      "91440300708461136U",
                                      "110101199003070012",
                                      "4403007152672",
                                      "44030071526726x",
                                      "4403-0071526726",
                                      "4401061985010100230",
                                      "440106198501010023011"};
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_false(tax_id_valid(bad[i]));
}

static void checks_bank_codes_by_mod_11_10(void **state)
{
    (void)state;
    static const char *const good[] = {"102100099996", "103100000026", "104100000004", "105100000017", "301290000007",
                                       "302100011000", "303100000006", "304100040000", "305100000013", "306581000003",
                                       "307584007998", "308584000013", "309391000011", "310290000013", "403100000004",
                                       "313100000013", "313581003284", "314581000011", "402602000018"};
    for (size_t i = 0; i < ARRAY_SIZE(good); i++)
        assert_true(cnaps_valid(good[i]));
    assert_false(cnaps_valid("102100099997"));
    assert_false(cnaps_valid("10210009999"));
    assert_false(cnaps_valid("1021000999966"));
    assert_false(cnaps_valid("10210009999a"));
}

static void takes_mobiles_of_the_mainland(void **state)
{
    (void)state;
    assert_true(mobile_valid("13800138000"));
    assert_true(mobile_valid("19912345678"));
    static const char *const bad[] = {"",
                                      "12800138000",
                                      "1380013800",
                                      "138001380000",
                                      "23800138000",
                                      "1380013800a",
                                      "+8613800138000",
                                      "138 0013 8000",
                                      "１3800138000"};
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_false(mobile_valid(bad[i]));
}

static void takes_plain_mail_addresses(void **state)
{
    (void)state;
    static const char *const good[] = {"a@b.cn", "hu.jun@example.com", "x+y_z@mail.example.com.cn",
                                       "4008301330@qq.com"};
    for (size_t i = 0; i < ARRAY_SIZE(good); i++)
        assert_true(email_valid(good[i]));
    static const char *const bad[] = {"",           "@",          "a",
                                      "a@",         "@b.cn",      "a@b",
                                      "a b@c.cn",   "a@b..cn",    "a@.b.cn",
                                      "a@b.cn.",    ".a@b.cn",    "a.@b.cn",
                                      "a..b@c.cn",  "a@b@c.cn",   "a@-b.cn",
                                      "a@b-.cn",    "a@b.c",      "a@1.2.3.4",
                                      "胡@b.cn",    "a@胡.cn",    "a@b.cn\r\nBcc: x@y.cn",
                                      "a\n@b.cn",   "<a@b.cn>",   "a@b.cn,c@d.cn",
                                      "\"a\"@b.cn", "a@[1.2.3.4]"};
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_false(email_valid(bad[i]));
}

static void refuses_endless_mail_addresses(void **state)
{
    (void)state;
    char text[400];
    memset(text, 'a', sizeof(text));
    memcpy(text + 65, "@b.cn", 6);
    assert_false(email_valid(text));
    memset(text, 'a', sizeof(text));
    text[1] = '@';
    for (size_t i = 10; i < 300; i += 10)
        text[i] = '.';
    memcpy(text + 300, ".cn", 4);
    assert_false(email_valid(text));
}

static void makes_identity_numbers_canonical(void **state)
{
    (void)state;
    assert_string_equal(identity_canonical(arena, " 1101 0519 4912\t3100 2x\n"), "11010519491231002X");
    assert_string_equal(identity_canonical(arena, "９１３５０１００Ｍ０００１００ｙ４３"), "91350100M000100Y43");
    assert_string_equal(identity_canonical(arena, "\u300012\u00a03\ufeff4\u200b5"), "12345");
    assert_string_equal(identity_canonical(arena, "军字第1号"), "军字第1号");
    assert_string_equal(identity_canonical(arena, ""), "");
}

static void cuts_the_country_off_mobiles(void **state)
{
    (void)state;
    static const char *const same[] = {"13800138000",     "+8613800138000", "+86 138 0013 8000",
                                       "008613800138000", "8613800138000",  "１３８００１３８０００",
                                       " 13800138000\n"};
    for (size_t i = 0; i < ARRAY_SIZE(same); i++)
        assert_string_equal(mobile_canonical(arena, same[i]), "13800138000");
    assert_string_equal(mobile_canonical(arena, "86138001380"), "86138001380");
}

static void masks_so_that_owners_still_recognise_it(void **state)
{
    (void)state;
    assert_string_equal(mask_name(arena, "胡军"), "胡*");
    assert_string_equal(mask_name(arena, "欧阳娜娜"), "欧**");
    assert_string_equal(mask_id(arena, "440106198501010023"), "440***********0023");
    assert_string_equal(mask_mobile(arena, "13800138000"), "138****8000");
    assert_string_equal(mask_email(arena, "hujun@x.com"), "h***@x.com");
    assert_string_equal(mask_address(arena, "广东省佛山市南海区桂城街道"), "广东省佛山市***");
}

static void hides_at_least_half_of_short_texts(void **state)
{
    (void)state;
    assert_string_equal(mask_name(arena, "胡"), "*");
    assert_string_equal(mask_name(arena, ""), "");
    assert_string_equal(mask_id(arena, "E1234567"), "E******7");
    assert_string_equal(mask_id(arena, "E1"), "E*");
    assert_string_equal(mask_id(arena, ""), "");
    assert_string_equal(mask_mobile(arena, "123456"), "1****6");
    assert_string_equal(mask_email(arena, "h@x.com"), "***@x.com");
    assert_string_equal(mask_email(arena, "nonsense"), "n*******");
    assert_string_equal(mask_address(arena, "佛山市"), "佛***");
    assert_string_equal(mask_address(arena, ""), "");
}

static void cuts_no_character_in_two_when_it_masks(void **state)
{
    (void)state;
    assert_string_equal(mask_mobile(arena, "13꼘028074"), "1*******4"); /* eleven bytes */
    assert_string_equal(mask_mobile(arena, "138001380é"), "1********é");
    assert_string_equal(mask_account(arena, "账户一二三四五六"), "****三四五六");
    assert_string_equal(mask_account(arena, "账户一二三"), "****");
    assert_string_equal(mask_account(arena, "6222026874"), "****6874");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(accepts_resident_ids_of_the_standard),
        TEST(refuses_every_single_wrong_digit),
        TEST(refuses_resident_ids_that_are_not),
        TEST(refuses_dates_that_are_not_and_regions_that_are_not),
        TEST(refuses_births_in_the_future_of_beijing),
        TEST(counts_whole_years),
        TEST(accepts_social_credit_codes),
        TEST(refuses_social_credit_codes_with_a_wrong_digit),
        TEST(checks_organisation_codes),
        TEST(takes_taxpayer_numbers_of_four_lengths),
        TEST(checks_bank_codes_by_mod_11_10),
        TEST(takes_mobiles_of_the_mainland),
        TEST(takes_plain_mail_addresses),
        TEST(refuses_endless_mail_addresses),
        TEST(makes_identity_numbers_canonical),
        TEST(cuts_the_country_off_mobiles),
        TEST(masks_so_that_owners_still_recognise_it),
        TEST(cuts_no_character_in_two_when_it_masks),
        TEST(hides_at_least_half_of_short_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
