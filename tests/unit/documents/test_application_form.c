/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/application_form.h"

#include "unit/documents/pictures.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#define TOLD_MAX (4 * 1024 * 1024)

static struct application_form ordinary(void)
{
    return (struct application_form){
        .renewal_no = "01202611210000846",
        .platform = "广东省药品交易、医用耗材系统",
        .company = "广东省电子商务认证有限公司",
        .subject = "C=CN, ST=广东省, L=佛山市, O=佛山市测试医疗器械有限公司, OU=采购部, CN=胡经办",
        .certificate_serial = "6a3f0c1d2e4b5a69788796a5b4c3d2e1",
        .old_not_after = "2026-10-17 23:59:59",
        .term = "12个月",
        .fee = "100.00 元",
        .not_after = "2027-11-21 14:49:48",
        .submitted_at = "2026-11-21 14:49:48",
        .edition = "3f2a9c1b4d5e，第2次更正后",
        .agent = {"胡经办", "居民身份证", "11010519491231002X", "13800138000", "agent@example.com",
                  "广东省佛山市禅城区科技路1号测试大厦8楼801室"},
        .recipient = {.name = "胡收件", .mobile = "13900139000", .address = "广东省佛山市禅城区科技路1号"},
    };
}

static struct bytes make(const struct application_form *form)
{
    struct bytes pdf;
    assert_int_equal(application_form_pdf(arena, form, &pdf), OK);
    return pdf;
}

/* What Poppler's tools say about it. */
static const char *told(struct bytes pdf, const char *command, const char *after)
{
    char path[] = "/tmp/xuqi-form-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, pdf.data, pdf.size), pdf.size);
    close(file);
    FILE *pipe = popen(arena_format(arena, "%s %s %s", command, path, after), "r");
    char *text = arena_alloc(arena, TOLD_MAX + 1);
    size_t size = fread(text, 1, TOLD_MAX, pipe);
    text[size] = '\0';
    assert_int_equal(pclose(pipe), 0);
    unlink(path);
    return text;
}

static const char *without_breaks(const char *text)
{
    char *plain = arena_text(arena, text), *to = plain;
    for (const char *from = plain; *from != '\0'; from++)
        if (*from != '\n' && *from != ' ' && *from != '\f')
            *to++ = *from;
    *to = '\0';
    return plain;
}

static void assert_says(const char *text, const char *expected)
{
    if (strstr(text, expected) == NULL)
        fail_msg("%s is not in: %s", expected, text);
}

static void is_one_a4_page(void **state)
{
    (void)state;
    struct application_form form = ordinary();
    const char *info = told(make(&form), "LC_ALL=C pdfinfo", "");
    assert_says(info, "Pages:           1\n");
    assert_says(info, "(A4)");
    assert_says(info, "数字证书续期申请表");
    assert_says(info, "JavaScript:      no");
}

static void says_everything_that_was_applied_for(void **state)
{
    (void)state;
    struct application_form form = ordinary();
    const char *text = without_breaks(told(make(&form), "pdftotext -layout", "-"));
    const char *const expected[] = {"数字证书续期申请表",
                                    "01202611210000846",
                                    "广东省药品交易、医用耗材系统",
                                    "O=佛山市测试医疗器械有限公司",
                                    "12个月",
                                    "100.00元",
                                    "2027-11-2114:49:48",
                                    "表单版本：3f2a9c1b4d5e，第2次更正后",
                                    "胡经办",
                                    "居民身份证",
                                    "11010519491231002X",
                                    "13800138000",
                                    "agent@example.com",
                                    "测试大厦8楼801室",
                                    "胡收件",
                                    "13900139000",
                                    "经办人签字",
                                    "单位公章",
                                    "日期",
                                    "声明"};
    for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
        assert_says(text, expected[i]);
}

static const char *repeated(const char *piece, size_t times)
{
    const char *text = "";
    for (size_t i = 0; i < times; i++)
        text = arena_format(arena, "%s%s", text, piece);
    return text;
}

/* Poppler's boxes of all words lie on the page, inside its margins. */
static void assert_inside(struct bytes pdf)
{
    const char *words = told(pdf, "pdftotext -bbox", "-");
    size_t count = 0;
    double left, top, right, bottom;
    for (const char *word = strstr(words, "<word "); word != NULL; word = strstr(word + 1, "<word ")) {
        assert_int_equal(
            sscanf(word, "<word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\"", &left, &top, &right, &bottom), 4);
        assert_true(left >= 40 && top >= 40 && right <= 596 - 40 && bottom <= 842 - 20);
        count++;
    }
    assert_true(count > 20);
}

static struct application_form with_all_blocks(void)
{
    struct application_form form = ordinary();
    form.organisation = (struct form_organisation){"佛山市测试医疗器械有限公司", "统一社会信用代码",
                                                   "9144030071526726XG", "广东省佛山市南海区桂城街道2号"};
    form.legal_person = (struct form_person){
        .name = "胡法人", .id_type = "居民身份证", .id_number = "440106198501010023", .mobile = "13700137000"};
    form.basic_account = (struct form_account){"佛山市测试医疗器械有限公司", "7443900182600096874",
                                               "中信银行广州花园支行", "302100011000"};
    return form;
}

static void shows_organisation_legal_person_and_account_where_there_are(void **state)
{
    (void)state;
    struct application_form form = with_all_blocks();
    struct bytes pdf = make(&form);
    assert_says(told(pdf, "LC_ALL=C pdfinfo", ""), "Pages:           1\n");
    assert_inside(pdf);
    const char *text = without_breaks(told(pdf, "pdftotext -layout", "-"));
    static const char *const expected[] = {
        "机构信息",     "9144030071526726XG",  "桂城街道2号",          "法人信息",
        "胡法人",       "440106198501010023",  "13700137000",          "金融认证信息",
        "302100011000", "7443900182600096874", "中信银行广州花园支行", "经办人签字"};
    for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
        assert_says(text, expected[i]);
    form = ordinary();
    text = without_breaks(told(make(&form), "pdftotext -layout", "-"));
    assert_null(strstr(text, "机构信息"));
    assert_null(strstr(text, "法人信息"));
    assert_null(strstr(text, "金融认证信息"));
}

static void the_same_form_makes_the_same_bytes(void **state)
{
    (void)state;
    struct application_form form = ordinary();
    struct bytes one = make(&form), other = make(&form);
    assert_int_equal(one.size, other.size);
    assert_memory_equal(one.data, other.data, one.size);
}

static size_t ink(const char *name)
{
    struct application_form form = ordinary();
    form.agent.name = name;
    const char *pixels = told(make(&form), "pdftoppm -gray -r 50", "| tail -c +16 | tr -d '\\377' | tr '\\000' x");
    return strlen(pixels);
}

/* A font of which only a part is embedded may lose glyphs that the text still has. */
static void every_glyph_is_to_be_seen(void **state)
{
    (void)state;
    size_t none = ink("");
    static const char *const names[] = {"如如如", "丶丶丶", "龘龘龘", "欧阳鑫", "张三丰", "ABC"};
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        assert_true(ink(names[i]) > none + 5);
}

static void texts_are_never_markup(void **state)
{
    (void)state;
    struct application_form form = ordinary();
    form.agent.name = "<b>胡</b>&amp;<span size='99999'>";
    const char *text = without_breaks(told(make(&form), "pdftotext -layout", "-"));
    assert_says(text, "<b>胡</b>&amp;<span");
}

static void long_texts_wrap_and_shrink_and_stay_on_the_page(void **state)
{
    (void)state;
    struct application_form form = ordinary();
    form.agent.address = form.recipient.address = repeated("广东省佛山市禅城区", 22);
    form.subject = repeated("OU=没有空格的很长的部门名称,", 20);
    form.agent.email = repeated("abcdefgh", 30);
    struct bytes pdf = make(&form);
    assert_says(told(pdf, "LC_ALL=C pdfinfo", ""), "Pages:           1\n");
    assert_inside(pdf);
    const char *text = without_breaks(told(pdf, "pdftotext -layout", "-"));
    assert_says(text, "经办人签字");
}

/* Every field as long as the form takes it: application_field.c. */
static void the_longest_that_is_taken_stays_on_the_page(void **state)
{
    (void)state;
    struct application_form form = with_all_blocks();
    const char *name = repeated("龘", 50), *company = repeated("很长公司", 25), *address = repeated("佛山市区", 50);
    form.subject = arena_format(arena, "C=CN, O=%s, CN=%s", repeated("很长公司", 16), repeated("很长公司", 16));
    form.agent = (struct form_person){name,
                                      "台湾居民来往大陆通行证",
                                      repeated("W", 20),
                                      "13800138000",
                                      arena_format(arena, "%s@example.com", repeated("abcdefgh", 30)),
                                      address};
    form.recipient = form.agent;
    form.legal_person = form.agent;
    form.organisation = (struct form_organisation){company, "统一社会信用代码", repeated("W", 30), address};
    form.basic_account = (struct form_account){company, repeated("8", 32), company, "302100011000"};
    struct bytes pdf = make(&form);
    assert_says(told(pdf, "LC_ALL=C pdfinfo", ""), "Pages:           1\n");
    assert_inside(pdf);
    const char *text = without_breaks(told(pdf, "pdftotext -layout", "-"));
    assert_says(text, "经办人签字");
    assert_says(text, repeated("8", 32));
    assert_says(text, company);
}

static void absurd_texts_are_cut_and_stay_on_the_page(void **state)
{
    (void)state;
    struct application_form form = ordinary();
    const char *absurd = repeated("很长", 2000);
    form.platform = form.subject = form.certificate_serial = form.term = form.fee = form.company = absurd;
    form.agent = (struct form_person){
        absurd, absurd, absurd, absurd, repeated("W", 5000), "\n\n\n\t\xe2\x80\xae\xf0\x9f\x98\x80 عربى"};
    form.recipient = form.legal_person = form.agent;
    form.organisation = (struct form_organisation){absurd, absurd, absurd, absurd};
    form.basic_account = (struct form_account){absurd, absurd, absurd, absurd};
    struct bytes pdf = make(&form);
    assert_says(told(pdf, "LC_ALL=C pdfinfo", ""), "Pages:           1\n");
    assert_inside(pdf);
    assert_says(without_breaks(told(pdf, "pdftotext -layout", "-")), "经办人签字");
}

static void empty_texts_are_fine(void **state)
{
    (void)state;
    static const struct form_person nobody = {"", "", "", "", "", ""};
    struct application_form form = {.renewal_no = "01202611210000846", .platform = "", .company = "", .subject = ""};
    form.certificate_serial = form.old_not_after = form.term = form.fee = form.not_after = form.submitted_at =
        form.edition = "";
    form.agent = form.recipient = form.legal_person = nobody;
    form.organisation = (struct form_organisation){"", "", "", ""};
    form.basic_account = (struct form_account){"", "", "", ""};
    assert_says(told(make(&form), "LC_ALL=C pdfinfo", ""), "Pages:           1\n");
}

/* As in the thread pool: each thread its own form, the bytes as ever. */
static void *make_in_thread(void *context)
{
    struct bytes *pdf = context;
    struct arena *own = arena_new();
    struct application_form form = ordinary();
    struct bytes made;
    if (application_form_pdf(own, &form, &made) == OK) {
        uint8_t *copy = malloc(made.size);
        memcpy(copy, made.data, made.size);
        *pdf = (struct bytes){copy, made.size};
    }
    arena_free(own);
    return NULL;
}

static void threads_make_the_same_at_once(void **state)
{
    (void)state;
    struct application_form form = ordinary();
    struct bytes expected = make(&form), made[4] = {{0}};
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, make_in_thread, &made[i]), 0);
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(made[i].size, expected.size);
        assert_memory_equal(made[i].data, expected.data, expected.size);
        free((void *)(uintptr_t)made[i].data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(is_one_a4_page),
        TEST(says_everything_that_was_applied_for),
        TEST(shows_organisation_legal_person_and_account_where_there_are),
        TEST(the_same_form_makes_the_same_bytes),
        TEST(every_glyph_is_to_be_seen),
        TEST(texts_are_never_markup),
        TEST(long_texts_wrap_and_shrink_and_stay_on_the_page),
        TEST(the_longest_that_is_taken_stays_on_the_page),
        TEST(absurd_texts_are_cut_and_stay_on_the_page),
        TEST(empty_texts_are_fine),
        TEST(threads_make_the_same_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
