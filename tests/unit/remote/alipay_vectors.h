/* SPDX-License-Identifier: Apache-2.0 */
/* The texts that the official alipay-sdk 4.14.0 (npm) signs and verifies for these orders and this notice. No key is
 * kept here: with RSA PKCS#1 v1.5 (deterministic, RFC 8017 8.2.1) a signature that verifies over the same text is the
 * same signature. */
#pragma once

/* What the SDK signs for a page payment. */
static const struct {
    const char *biz_content, *signed_text;
} page_pay_vectors[] __attribute__((unused)) = {
    {"{\"out_trade_no\":\"2026112113040501000000000101\",\"product_code\":\"FAST_INSTANT_TRADE_PAY\",\"total_amount\":"
     "\"88.80\",\"subject\":\"深圳耗材平台 数字证书续期 12个月\",\"time_expire\":\"2026-11-21 14:34:05\"}",
     "app_id=2021000000000001&biz_content={\"out_trade_no\":\"2026112113040501000000000101\",\"product_code\":\"FAST_"
     "INSTANT_TRADE_PAY\",\"total_amount\":\"88.80\",\"subject\":\"深圳耗材平台 数字证书续期 "
     "12个月\",\"time_expire\":\"2026-11-21 "
     "14:34:05\"}&charset=utf-8&format=JSON&method=alipay.trade.page.pay&notify_url=https://renew.example.cn/notify/"
     "alipay&return_url=https://renew.example.cn/renewals/"
     "01202611210000001?from=alipay&x=1&sign_type=RSA2&timestamp=2026-11-21 13:04:05&version=1.0"},
    {"{\"out_trade_no\":\"0123456789abcdEF\",\"product_code\":\"FAST_INSTANT_TRADE_PAY\",\"total_amount\":\"0.01\","
     "\"subject\":\"quote \\\" backslash \\\\ <b> 😀\",\"time_expire\":\"2027-01-01 01:29:59\"}",
     "app_id=2021000000000001&biz_content={\"out_trade_no\":\"0123456789abcdEF\",\"product_code\":\"FAST_INSTANT_TRADE_"
     "PAY\",\"total_amount\":\"0.01\",\"subject\":\"quote \\\" backslash \\\\ <b> 😀\",\"time_expire\":\"2027-01-01 "
     "01:29:59\"}&charset=utf-8&format=JSON&method=alipay.trade.page.pay&notify_url=https://a.example/notify/"
     "alipay&return_url=https://a.example/r&sign_type=RSA2&timestamp=2026-12-31 23:59:59&version=1.0"},
    {"{\"out_trade_no\":\"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345\",\"product_code\":\"FAST_INSTANT_TRADE_PAY\",\"total_"
     "amount\":\"100000000.00\",\"subject\":\"a b c d\",\"time_expire\":\"2028-02-29 00:00:01\"}",
     "app_id=2021000000000001&biz_content={\"out_trade_no\":\"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345\",\"product_code\":"
     "\"FAST_INSTANT_TRADE_PAY\",\"total_amount\":\"100000000.00\",\"subject\":\"a b c "
     "d\",\"time_expire\":\"2028-02-29 "
     "00:00:01\"}&charset=utf-8&format=JSON&method=alipay.trade.page.pay&notify_url=http://127.0.0.1:8080/notify/"
     "alipay&return_url=http://127.0.0.1:8080/r&sign_type=RSA2&timestamp=2028-02-29 00:00:00&version=1.0"},
};

/* A notice as posted, without its sign, and the text that the SDK's checkNotifySignV2 verifies for it. */
static const char notice_posted[] __attribute__((unused)) =
    "gmt_create=2026-11-21+13%3A05%3A00&charset=utf-8&gmt_payment=2026-11-21+13%3A05%3A09&notify_time=2026-11-21+13%"
    "3A05%3A10&subject=%E6%95%B0%E5%AD%97%E8%AF%81%E4%B9%A6%E7%BB%AD%E6%9C%9F+12%E4%B8%AA%E6%9C%88+%2B+100%25&buyer_id="
    "2088102177846882&passback_params=&invoice_amount=88.80&version=1.0&notify_id=2026112101222130510046881000000001&"
    "fund_bill_list=%5B%7B%22amount%22%3A%2288.80%22%2C%22fundChannel%22%3A%22ALIPAYACCOUNT%22%7D%5D&notify_type=trade_"
    "status_sync&out_trade_no=2026112113040501000000000101&total_amount=88.80&trade_status=TRADE_SUCCESS&trade_no="
    "2026112122001446880500000001&auth_app_id=2021000000000001&receipt_amount=88.80&point_amount=0.00&buyer_pay_amount="
    "88.80&app_id=2021000000000001&seller_id=2088000000000001&sign_type=RSA2";
static const char notice_signed_text[] __attribute__((
    unused)) = "app_id=2021000000000001&auth_app_id=2021000000000001&buyer_id=2088102177846882&buyer_pay_amount=88.80&"
               "charset=utf-8&fund_bill_list=[{\"amount\":\"88.80\",\"fundChannel\":\"ALIPAYACCOUNT\"}]&gmt_create="
               "2026-11-21 13:05:00&gmt_payment=2026-11-21 "
               "13:05:09&invoice_amount=88.80&notify_id=2026112101222130510046881000000001&notify_time=2026-11-21 "
               "13:05:10&notify_type=trade_status_sync&out_trade_no=2026112113040501000000000101&passback_params=&"
               "point_amount=0.00&receipt_amount=88.80&seller_id=2088000000000001&subject=数字证书续期 12个月 + "
               "100%&total_amount=88.80&trade_no=2026112122001446880500000001&trade_status=TRADE_SUCCESS&version=1.0";
