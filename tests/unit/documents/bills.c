/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/documents/bills.h"

#include <iconv.h>
#include <zip.h>
#include <zlib.h>

struct bytes bill_gbk(struct arena *arena, const char *text)
{
    size_t left = strlen(text), room = left * 2 + 1, space = room;
    char *out = arena_alloc(arena, room), *to = out, *from = arena_text(arena, text);
    iconv_t converter = iconv_open("GBK", "UTF-8");
    assert_true(iconv(converter, &from, &left, &to, &space) != (size_t)-1);
    iconv_close(converter);
    return (struct bytes){(const uint8_t *)out, (size_t)(to - out)};
}

struct bytes bill_zip_of(struct arena *arena, const struct bill_member *members, size_t count)
{
    zip_error_t error;
    zip_source_t *memory = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *zip = zip_open_from_source(memory, ZIP_CREATE | ZIP_TRUNCATE, &error);
    zip_stat_t stat;
    assert_non_null(zip);
    zip_source_keep(memory);
    for (size_t i = 0; i < count; i++)
        assert_true(zip_file_add(zip, members[i].name,
                                 zip_source_buffer(zip, members[i].text.data, members[i].text.size, 0),
                                 ZIP_FL_ENC_RAW) >= 0);
    assert_int_equal(zip_close(zip), 0);
    assert_int_equal(zip_source_open(memory), 0);
    assert_int_equal(zip_source_stat(memory, &stat), 0);
    uint8_t *data = arena_alloc(arena, stat.size);
    assert_int_equal(zip_source_read(memory, data, stat.size), (zip_int64_t)stat.size);
    zip_source_close(memory);
    zip_source_free(memory);
    return (struct bytes){data, stat.size};
}

struct bytes bill_pack(struct arena *arena, struct bytes text, int window)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)text.data, .avail_in = (uInt)text.size};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&stream, text.size);
    uint8_t *data = arena_alloc(arena, room);
    stream.next_out = data;
    stream.avail_out = (uInt)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return (struct bytes){data, room - stream.avail_out};
}

const char *bill_zm(struct arena *arena, const char *query_id, const char *order_id, const char *type,
                    long long amount_fen, long long fee_fen, const char *original)
{
    char settled = strcmp(type, "01") == 0 ? 'C' : 'D';
    return arena_format(
        arena,
        "S56 88022900    00049993    190624 1120112203 622609******0048    %012lld 4899 07 %-21s 01 %-32s %2s %6s %10s "
        "D%012lld %c%012lld 0001 %15s %-2s %2s 000201 %2s %4s %32s %1s %-21s 802310048993424 %1s 000000000000000 %32s "
        "000000000000  C%012lld 01080209 %32s %13s 000000000000  000000000000 %2s 7 %32s %98s\r\n",
        amount_fen, query_id, order_id, "", "", "", fee_fen, settled,
        strcmp(type, "01") == 0 ? amount_fen - fee_fen : amount_fen + fee_fen, "", type, "", "", "", "", "", original,
        "", "", amount_fen - fee_fen, "", "", "", "", "");
}

const char *bill_rd(struct arena *arena, const char *day, long long count, long long credit_fen, long long debit_fen,
                    long long fee_fen)
{
    long long net = credit_fen - debit_fen - fee_fen;
    return arena_format(arena,
                        "中国银联全渠道商户交易汇总表\r\n商户代码:802310048993424   清算币种:人民币\r\n"
                        "收单机构:88022900   清算日期:%s\r\n"
                        "总计   %lld   %lld.%02lld   %lld.%02lld   %lld.%02lld   0.00   %s%lld.%02lld\r\n",
                        day, count, debit_fen / 100, debit_fen % 100, credit_fen / 100, credit_fen % 100, fee_fen / 100,
                        fee_fen % 100, net < 0 ? "" : "0.00   ", (net < 0 ? -net : net) / 100,
                        (net < 0 ? -net : net) % 100);
}

struct bytes bill_unionpay_zip(struct arena *arena, const char *rows, const char *disputes, const char *summary)
{
    const struct bill_member members[] = {
        {"INN26112088ZM_802310048993424", bytes_of_text(rows)},
        {"RD201026112001_802310048993424", bill_gbk(arena, summary)},
        {"INN26112088ZME_802310048993424", bytes_of_text(disputes == NULL ? "" : disputes)},
    };
    return bill_zip_of(arena, members, disputes == NULL ? 2 : 3);
}

struct bytes bill_alipay_zip(struct arena *arena, const char *rows, const char *notes, const char *summary)
{
    static const char head[] =
        "#支付宝业务明细查询\r\n#账号：[20881234567890120156]\r\n#起始日期：[2026年11月20日 00:00:00]   "
        "终止日期：[2026年11月21日 00:00:00]\r\n#-----业务明细列表----\r\n"
        "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,"
        "订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,"
        "券名称,"
        "商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注\r\n";
    static const char summed[] =
        "#支付宝业务汇总查询\r\n#账号：[20881234567890120156]\r\n"
        "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,"
        "卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）\r\n";
    struct bytes detail = bill_gbk(arena, arena_format(arena, "%s%s%s", head, rows, notes));
    struct bytes total = bill_gbk(arena, arena_format(arena, "%s%s", summed, summary));
    const char *name = arena_text_n(arena, (const char *)bill_gbk(arena, "20881234567890120156_20261120_业务明细").data,
                                    bill_gbk(arena, "20881234567890120156_20261120_业务明细").size);
    const struct bill_member members[] = {
        {arena_format(arena, "%s.csv", name), detail},
        {arena_format(arena, "%s(%s).csv", name,
                      arena_text_n(arena, (const char *)bill_gbk(arena, "汇总").data, bill_gbk(arena, "汇总").size)),
         total},
    };
    return bill_zip_of(arena, members, 2);
}
