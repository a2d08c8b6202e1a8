/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/application_form.h"

#include "documents/sheet.h"

#define TITLE         "数字证书续期申请表"
#define MARGIN        48.0
#define CONTENT       (SHEET_WIDTH - 2 * MARGIN)
#define QR_SIDE       78.0
#define HEAD_HEIGHT   96.0
#define LABEL_WIDTH   84.0
#define PADDING       5.0
#define PADDING_LEAST 1.0
#define FONT_SIZE     10.5
#define SECTION_SIZE  11.0
#define SMALL_SIZE    8.5
#define SIGN_HEIGHT   128.0
#define SCALE_STEP    0.05
#define SCALE_LEAST   0.4 /* smaller is not readable in print: from there on texts are cut */

/* One line of the table: a section's heading (no label), one field, or two side by side. */
struct line {
    const char *label, *text, *label2, *text2;
};

#define LINES_MAX 32

struct table {
    struct line lines[LINES_MAX];
    size_t count;
    double scale;      /* of the fonts */
    double height_max; /* of a line; 0: no limit */
};

static void add(struct table *table, const char *label, const char *text, const char *label2, const char *text2)
{
    table->lines[table->count++] = (struct line){label, text, label2, text2};
}

static bool absent(const char *text)
{
    return text == NULL || text[0] == '\0';
}

static void add_organisation(struct table *table, const struct form_organisation *organisation)
{
    if (absent(organisation->name))
        return;
    add(table, NULL, "机构信息", NULL, NULL);
    add(table, "企业名称", organisation->name, NULL, NULL);
    add(table, "证件类型", organisation->id_type, "证件号码", organisation->id_number);
    if (!absent(organisation->address))
        add(table, "单位地址", organisation->address, NULL, NULL);
}

static void add_legal_person(struct table *table, const struct form_person *person)
{
    if (absent(person->name))
        return;
    add(table, NULL, "法人信息", NULL, NULL);
    add(table, "法人姓名", person->name, "移动电话", person->mobile);
    add(table, "证件类型", person->id_type, "证件号码", person->id_number);
}

static void add_account(struct table *table, const struct form_account *account)
{
    if (absent(account->name))
        return;
    add(table, NULL, "金融认证信息", NULL, NULL);
    add(table, "基本户名称", account->name, NULL, NULL);
    add(table, "基本户开户行", account->bank_name, NULL, NULL);
    add(table, "基本户账号", account->number, "联行号", account->bank_code);
}

static void fill(struct table *table, const struct application_form *form)
{
    const struct form_person *agent = &form->agent, *recipient = &form->recipient;
    add(table, NULL, "证书信息", NULL, NULL);
    add(table, "平台", form->platform, NULL, NULL);
    add(table, "证书主题", form->subject, NULL, NULL);
    add(table, "证书序列号", form->certificate_serial, NULL, NULL);
    add(table, "现有效期至", form->old_not_after, "续期时间", form->term);
    add(table, "新有效期至", form->not_after, "费用", form->fee);
    add_organisation(table, &form->organisation);
    add_legal_person(table, &form->legal_person);
    add_account(table, &form->basic_account);
    add(table, NULL, "经办人信息", NULL, NULL);
    add(table, "姓名", agent->name, "证件类型", agent->id_type);
    add(table, "证件号码", agent->id_number, "手机号码", agent->mobile);
    add(table, "电子邮箱", agent->email, NULL, NULL);
    add(table, "地址", agent->address, NULL, NULL);
    add(table, NULL, "收件人信息", NULL, NULL);
    add(table, "姓名", recipient->name, "手机号码", recipient->mobile);
    add(table, "地址", recipient->address, NULL, NULL);
    add(table, NULL, "声明", NULL, NULL);
}

/* Above and below a text: what can be spared before the font is. */
static double padding(const struct table *table)
{
    double scaled = PADDING * table->scale * table->scale * table->scale;
    return scaled < PADDING_LEAST ? PADDING_LEAST : scaled;
}

/* -- the table --------------------------------------------------------------------------------------------------- */

static struct sheet_text text_of(const struct table *table, const char *text, double width)
{
    double room = table->height_max > 0 ? table->height_max - 2 * padding(table) : 0;
    return (struct sheet_text){
        .text = text, .size = FONT_SIZE * table->scale, .width = width - 2 * PADDING, .height_max = room};
}

static double value_width(const struct line *line)
{
    return (line->label2 != NULL ? CONTENT / 2 : CONTENT) - LABEL_WIDTH;
}

static struct sheet_text heading_of(const struct table *table, const struct line *line)
{
    struct sheet_text heading = text_of(table, line->text, CONTENT);
    heading.size = SECTION_SIZE * table->scale;
    heading.bold = true;
    return heading;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static double line_height(struct sheet *sheet, const struct table *table, const struct line *line)
{
    if (line->label == NULL) {
        struct sheet_text heading = heading_of(table, line);
        return sheet_text_height(sheet, &heading) + 2 * padding(table);
    }
    struct sheet_text label = text_of(table, line->label, LABEL_WIDTH);
    struct sheet_text value = text_of(table, line->text, value_width(line));
    double height = larger(sheet_text_height(sheet, &label), sheet_text_height(sheet, &value));
    if (line->label2 != NULL) {
        struct sheet_text value2 = text_of(table, line->text2, value_width(line));
        height = larger(height, sheet_text_height(sheet, &value2));
    }
    height += 2 * padding(table);
    return table->height_max > 0 && height > table->height_max ? table->height_max : height;
}

static double table_height(struct sheet *sheet, const struct table *table)
{
    double height = 0;
    for (size_t i = 0; i < table->count; i++)
        height += line_height(sheet, table, &table->lines[i]);
    return height;
}

/* Smaller until it fits; at the least readable size every line gets its share of the page. */
static void fit(struct sheet *sheet, struct table *table, double room)
{
    for (table->scale = 1; table->scale >= SCALE_LEAST; table->scale -= SCALE_STEP)
        if (table_height(sheet, table) <= room)
            return;
    table->scale = SCALE_LEAST;
    table->height_max = room / (double)table->count;
}

static void draw_field(struct sheet *sheet, const struct table *table, const char *label, const char *value, double x,
                       double y, double width, double height)
{
    struct sheet_text name = text_of(table, label, LABEL_WIDTH), text = text_of(table, value, width - LABEL_WIDTH);
    name.height_max = text.height_max = height - padding(table);
    sheet_draw_box(sheet, x, y, LABEL_WIDTH, height);
    sheet_draw_box(sheet, x + LABEL_WIDTH, y, width - LABEL_WIDTH, height);
    sheet_draw_text(sheet, &name, x + PADDING, y + padding(table));
    sheet_draw_text(sheet, &text, x + LABEL_WIDTH + PADDING, y + padding(table));
}

static double draw_line(struct sheet *sheet, const struct table *table, const struct line *line, double y)
{
    double height = line_height(sheet, table, line);
    if (line->label == NULL) {
        struct sheet_text heading = heading_of(table, line);
        sheet_draw_box(sheet, MARGIN, y, CONTENT, height);
        sheet_draw_text(sheet, &heading, MARGIN + PADDING, y + padding(table));
    } else if (line->label2 == NULL) {
        draw_field(sheet, table, line->label, line->text, MARGIN, y, CONTENT, height);
    } else {
        draw_field(sheet, table, line->label, line->text, MARGIN, y, CONTENT / 2, height);
        draw_field(sheet, table, line->label2, line->text2, MARGIN + CONTENT / 2, y, CONTENT / 2, height);
    }
    return y + height;
}

/* -- the rest of the page ---------------------------------------------------------------------------------------- */

static enum err draw_head(struct sheet *sheet, const struct application_form *form)
{
    double width = CONTENT - QR_SIDE;
    struct sheet_text title = {.text = TITLE, .size = 22, .bold = true, .width = width};
    struct sheet_text number = {.text = form->renewal_no, .size = 13, .width = width - 70, .height_max = 20};
    struct sheet_text label = {.text = "业务单号：", .size = 13, .width = 70};
    struct sheet_text time = {.text = form->submitted_at, .size = 10, .width = width - 70, .height_max = 16};
    struct sheet_text time_label = {.text = "申请时间：", .size = 10, .width = 70};
    struct sheet_text edition = {.text = form->edition, .size = 10, .width = width - 70, .height_max = 16};
    struct sheet_text edition_label = {.text = "表单版本：", .size = 10, .width = 70};
    sheet_draw_text(sheet, &title, MARGIN, MARGIN);
    sheet_draw_text(sheet, &label, MARGIN, MARGIN + 42);
    sheet_draw_text(sheet, &number, MARGIN + 70, MARGIN + 42);
    sheet_draw_text(sheet, &time_label, MARGIN, MARGIN + 65);
    sheet_draw_text(sheet, &time, MARGIN + 70, MARGIN + 65);
    sheet_draw_text(sheet, &edition_label, MARGIN, MARGIN + 79);
    sheet_draw_text(sheet, &edition, MARGIN + 70, MARGIN + 79);
    return sheet_draw_qr(sheet, form->renewal_no, MARGIN + width, MARGIN, QR_SIDE);
}

static const char declaration[] =
    "本单位及经办人声明：以上内容真实、准确、完整，并已阅读、理解和同意《电子认证服务协议》；经办人已获本单位授权办理"
    "本次数字证书续期。如因提供的信息不真实造成损失，由本单位承担相应责任。";

static double draw_declaration(struct sheet *sheet, double y)
{
    struct sheet_text text = {.text = declaration, .size = 10, .width = CONTENT - 2 * PADDING};
    double height = sheet_text_height(sheet, &text) + 2 * PADDING;
    sheet_draw_box(sheet, MARGIN, y, CONTENT, height);
    sheet_draw_text(sheet, &text, MARGIN + PADDING, y + PADDING);
    return y + height;
}

static void draw_place(struct sheet *sheet, const char *what, const char *hint, double x, double y)
{
    double width = CONTENT / 2;
    struct sheet_text label = {.text = what, .size = 11, .bold = true, .width = width - 2 * PADDING};
    struct sheet_text small = {.text = hint, .size = SMALL_SIZE, .width = width - 2 * PADDING};
    struct sheet_text date = {
        .text = "日期：            年        月        日", .size = 11, .width = width - 2 * PADDING};
    sheet_draw_box(sheet, x, y, width, SIGN_HEIGHT);
    sheet_draw_text(sheet, &label, x + PADDING, y + PADDING);
    sheet_draw_text(sheet, &small, x + PADDING, y + PADDING + 18);
    sheet_draw_text(sheet, &date, x + PADDING, y + SIGN_HEIGHT - 24);
}

static void draw_foot(struct sheet *sheet, const struct application_form *form, double y)
{
    struct sheet_text note = {.text = "请打印本表，由经办人手写签字并加盖单位公章（红印鲜章），扫描后上传。涂改无效。",
                              .size = SMALL_SIZE,
                              .width = CONTENT};
    struct sheet_text company = {.text = form->company, .size = SMALL_SIZE, .width = CONTENT, .height_max = 14};
    sheet_draw_text(sheet, &note, MARGIN, y + 8);
    sheet_draw_text(sheet, &company, MARGIN, y + 22);
}

static enum err draw(struct sheet *sheet, const struct application_form *form)
{
    struct table table = {.scale = 1};
    TRY(draw_head(sheet, form));
    fill(&table, form);
    struct sheet_text measured = {.text = declaration, .size = 10, .width = CONTENT - 2 * PADDING};
    double below = sheet_text_height(sheet, &measured) + 2 * PADDING + SIGN_HEIGHT + 40;
    fit(sheet, &table, SHEET_HEIGHT - 2 * MARGIN - HEAD_HEIGHT - below);
    double y = MARGIN + HEAD_HEIGHT;
    for (size_t i = 0; i < table.count; i++)
        y = draw_line(sheet, &table, &table.lines[i], y);
    y = draw_declaration(sheet, y);
    draw_place(sheet, "经办人签字", "（手写签名）", MARGIN, y);
    draw_place(sheet, "单位公章", "（加盖实体公章）", MARGIN + CONTENT / 2, y);
    draw_foot(sheet, form, y + SIGN_HEIGHT);
    return OK;
}

enum err application_form_pdf(struct arena *arena, const struct application_form *form, struct bytes *pdf)
{
    struct sheet sheet;
    sheet_open(&sheet, TITLE, form->submitted_at);
    enum err err = draw(&sheet, form);
    if (err == OK)
        err = sheet_finish(&sheet, arena, pdf);
    sheet_close(&sheet);
    return err;
}
