#include "arena_kit.h"
#include "channel/attach.h"
#include "channel/mime.h"
#include "channel_kit.h"

#include "base/text.h"

static struct mime_mail parse(const char *raw)
{
    struct mime_mail mail;
    mime_parse(raw, strlen(raw), arena, &mail);
    assert_non_null(mail.text);
    return mail;
}

static struct mime_mail parse_file(const char *name)
{
    size_t n;
    const char *raw = test_data(arena, arena_printf(arena, "email/%s", name), &n);
    struct mime_mail mail;
    mime_parse(raw, n, arena, &mail);
    return mail;
}

static const struct attachment *attachment(const struct mime_mail *mail, size_t i)
{
    assert_true(i < mail->attachments.n);
    return (const struct attachment *)mail->attachments.items + i;
}

static const char *reference(const struct mime_mail *mail, size_t i)
{
    assert_true(i < mail->references.n);
    return ((const char **)mail->references.items)[i];
}

static const struct mime_address *address(const struct list *list, size_t i)
{
    assert_true(i < list->n);
    return (const struct mime_address *)list->items + i;
}

static void test_a_plain_mail(void **state)
{
    (void)state;
    struct mime_mail mail = parse_file("plain.eml");
    assert_string_equal(mail.message_id, "<CAF=abc123@mail.gmail.com>");
    assert_string_equal(mail.from.name, "Ann Example");
    assert_string_equal(mail.from.address, "Ann@Example.com");
    assert_int_equal(mail.to.n, 2);
    assert_string_equal(address(&mail.to, 0)->name, "Shop, The");
    assert_string_equal(address(&mail.to, 0)->address, "help@shop.example");
    assert_string_equal(address(&mail.to, 1)->address, "second@shop.example");
    assert_null(address(&mail.to, 1)->name);
    assert_int_equal(mail.cc.n, 2); /* a group made flat */
    assert_string_equal(address(&mail.cc, 1)->address, "c2@example.com");
    assert_string_equal(mail.reply_to.address, "reply@example.com");
    assert_string_equal(mail.subject, "Where is my order #1029? A long subject that is folded");
    assert_true(mail.date == 1794821400000LL);
    assert_int_equal(mail.references.n, 4);
    assert_string_equal(reference(&mail, 0), "<3@shop.example>");
    assert_string_equal(reference(&mail, 1), "<3@shop.example>");
    assert_string_equal(reference(&mail, 2), "<2@example.com>");
    assert_string_equal(reference(&mail, 3), "<1@shop.example>");
    assert_string_equal(mail.text, "Hello,\n\nwhere is it?\n\nAnn\n");
    assert_null(mail.html);
    assert_false(mail.automatic);
    assert_false(mail.null_sender);
    assert_int_equal(mail.attachments.n, 0);
}

static void test_japanese(void **state)
{
    (void)state;
    struct mime_mail jis = parse_file("iso-2022-jp.eml");
    assert_string_equal(jis.from.name, "髙橋①郎");
    assert_string_equal(jis.from.address, "takahashi@example.jp");
    assert_string_equal(jis.subject, "注文①の件:とても長い件名なので二つの符号化語に分けられています");
    assert_string_equal(jis.text, "お世話になっております。\n①番の㈱商品はいつ届きますか？\nﾃｽﾄ");
    assert_string_equal(attachment(&jis, 0)->name, "見積書①.pdf");
    assert_string_equal(attachment(&jis, 0)->type, "application/pdf");
    assert_memory_equal(attachment(&jis, 0)->data, "%PDF-1.4", 8);
    assert_int_equal(attachment(&jis, 0)->size, 8);

    struct mime_mail sjis = parse_file("cp932-unlabelled.eml");
    assert_string_equal(sjis.from.name, "髙橋 太郎");
    assert_string_equal(sjis.subject, "ご注文について");
    assert_string_equal(sjis.text, "髙橋です。～①～\n");

    struct mime_mail euc = parse("From: a@b.jp\nSubject: =?EUC-JP?B?pLTD7cq4?=\n\nx\n");
    assert_string_equal(euc.subject, "ご注文");
    struct mime_mail raw = parse("From: \x1b$B;3ED\x1b(B <a..b.@docomo.ne.jp>\nSubject: \x1b$BCmJ8\x1b(B\n"
                                 "Content-Type: text/plain; charset=iso-2022-jp\n\n\x1b$BCmJ8\x1b(B\n");
    assert_string_equal(raw.from.name, "山田");
    assert_string_equal(raw.from.address, "a..b.@docomo.ne.jp");
    assert_string_equal(raw.subject, "注文");
    assert_string_equal(raw.text, "注文\n");
}

static void test_header_texts(void **state)
{
    (void)state;
    static const char *const CASES[][2] = {
        {"plain", "plain"},
        {" =?utf-8?Q?a_b=3Dc?= d", "a b=c d"},
        {"=?utf-8?B?44GC44?= =?utf-8?B?GE?=", "あい"}, /* a character over two words */
        {"=?utf-8?b?44GC?=\r\n =?UTF-8?q?=E3=81=84?=", "あい"},
        {"=?iso-8859-1*en?Q?Andr=E9?= =?utf-8?B?44GC?=", "Andréあ"},
        {"a =?utf-8?Q?b?= c =?utf-8?Q?d?= e", "a b c d e"},
        {"=?utf-8?X?abc?=", "=?utf-8?X?abc?="},
        {"=?utf-8?Q?abc", "=?utf-8?Q?abc"},
        {"=?", "=?"},
        {"=?utf-8?Q?"
         "?=",
         ""},
        {"=?utf-8?Q?a=0D=0AX-Evil:_1?=", "a X-Evil: 1"},
        {"caf\xe9", "café"},
        {"tab\there\r\n\tfolded", "tab here folded"},
        {"=?x-nonsense?B?aGVsbG8=?=", "hello"},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        const char *text = mime_header_text(arena, CASES[i][0]);
        assert_string_equal(text ? text : "", CASES[i][1]);
    }
    assert_null(mime_header_text(arena, NULL));
}

static void test_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *value, *name, *address;
    } CASES[] = {
        {"a@b.example", NULL, "a@b.example"},
        {"Ann <a@b.example>", "Ann", "a@b.example"},
        {"\"Ann, B. \\\"C\\\"\" <a@b.example>", "Ann, B. \"C\"", "a@b.example"},
        {"a@b.example (Ann)", "Ann", "a@b.example"},
        {"=?utf-8?B?44GC?= <a@b.example>", "あ", "a@b.example"},
        {"\"=?utf-8?B?44GC?=\" <a@b.example>", "あ", "a@b.example"},
        {"=?utf-8?Q?Ann=2C_Bob_=3Cx=40y.example=3E?= <a@b.example>", "Ann, Bob <x@y.example>", "a@b.example"},
        {"山田 <a@b.example>", "山田", "a@b.example"},
        {"Ann a@b.example", NULL, "a@b.example"},
        {"\"ann b\"@b.example", NULL, "\"ann b\"@b.example"},
        {"Ann <ann@[192.0.2.1]>", "Ann", "ann@[192.0.2.1]"},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct list list = mime_addresses(arena, CASES[i].value);
        assert_true(list.n >= 1);
        const struct mime_address *found = address(&list, list.n - 1);
        assert_string_equal(found->address, CASES[i].address);
        if (CASES[i].name)
            assert_string_equal(found->name, CASES[i].name);
    }
    static const char *const UNCLOSED[] = {"(",  "\"",   "<",     "<\"",    "<\\\"", "(\"<",   ",a",
                                           ":;", "a@b,", "\\\"(", "a@b(x)", "( ",    "<\\\">", "=?"};
    for (size_t i = 0; i < COUNT_OF(UNCLOSED); i++) { /* in linear time, or the tests are stopped */
        AUTO_BUF struct buf long_one = {0};
        while (long_one.len < MIME_HEADER_MAX)
            buf_puts(&long_one, UNCLOSED[i]);
        assert_true(mime_addresses(arena, long_one.data).n <= MIME_ADDRESSES_MAX);
        mime_ids(arena, long_one.data);
        mime_param(arena, long_one.data, "name");
    }
    assert_int_equal(mime_addresses(arena, "").n, 0);
    assert_int_equal(mime_addresses(arena, NULL).n, 0);
    assert_int_equal(mime_addresses(arena, "undisclosed-recipients:;").n, 0);
    struct list daemon = mime_addresses(arena, "MAILER-DAEMON (Mail Delivery System)");
    assert_true(daemon.n <= 1);
    AUTO_BUF struct buf many = {0};
    for (int i = 0; i < 5000; i++)
        buf_printf(&many, "a%d@b.example, ", i);
    assert_int_equal(mime_addresses(arena, many.data).n, MIME_ADDRESSES_MAX);
}

static void test_ids_and_dates(void **state)
{
    (void)state;
    struct list ids = mime_ids(arena, "junk <a@b> <c @ d>\r\n <> <e@f <g@h>");
    assert_int_equal(ids.n, 3);
    assert_string_equal(((const char **)ids.items)[0], "<a@b>");
    assert_string_equal(((const char **)ids.items)[1], "<c@d>");
    assert_string_equal(((const char **)ids.items)[2], "<g@h>");
    assert_string_equal(((const char **)mime_ids(arena, "bare@id").items)[0], "<bare@id>");
    assert_string_equal(((const char **)mime_ids(arena, " 00020 ").items)[0], "<00020>");
    assert_int_equal(mime_ids(arena, "your message of Monday").n, 0);
    int64_t at = 7;
    assert_true(mime_date("Mon, 16 Nov 2026 18:30:00 +0900", &at) && at == 1794821400000LL);
    assert_true(mime_date("16 Nov 2026 09:30 GMT", &at) && at == 1794821400000LL);
    at = 7;
    assert_false(mime_date("sometime", &at));
    assert_false(mime_date("", &at));
    assert_false(mime_date(NULL, &at));
    assert_true(at == 7);
}

static void test_alternatives_and_related(void **state)
{
    (void)state;
    struct mime_mail mail = parse_file("alternative.eml");
    assert_string_equal(mail.text, "Gr\xc3\xbc\xc3\x9f"
                                   "e, siehe Bild.\nListenfu\xc3\x9fzeile");
    assert_non_null(strstr(mail.html, "<b>Grüße</b>"));
    assert_non_null(strstr(mail.html, "Listenfußzeile")); /* what stands beside the alternative is in both forms */
    assert_int_equal(mail.attachments.n, 3);
    assert_string_equal(attachment(&mail, 0)->cid, "img1@example.com");
    assert_true(attachment(&mail, 0)->is_inline);
    assert_string_equal(attachment(&mail, 0)->name, "attachment.png");
    assert_string_equal(attachment(&mail, 1)->name, "Rechnung für Ann.pdf"); /* RFC 2231, in two pieces */
    assert_false(attachment(&mail, 1)->is_inline);
    assert_string_equal(attachment(&mail, 2)->type, "message/rfc822");
    assert_string_equal(attachment(&mail, 2)->name, "Forwarded.eml");
    assert_non_null(strstr(attachment(&mail, 2)->data, "Inner text"));
    assert_null(mail.report.action);
}

static void test_html_alone(void **state)
{
    (void)state;
    struct mime_mail mail =
        parse("From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n<p>One</p><p>Two &amp; 三</p>\n");
    assert_string_equal(mail.text, "One\n\nTwo & 三");
    assert_string_equal(mail.html, "<p>One</p><p>Two &amp; 三</p>\n");
}

static void test_flowed(void **state)
{
    (void)state;
    struct mime_mail mail =
        parse("Content-Type: text/plain; format=flowed\n\nThis goes \non here.\n\n> quoted \n> text\n"
              " From space\n-- \nAnn\n");
    assert_string_equal(mail.text, "This goes on here.\n\n> quoted text\nFrom space\n-- \nAnn\n");
    mail = parse("Content-Type: text/plain; format=flowed; delsp=yes; charset=utf-8\n\n日本 \n語\n");
    assert_string_equal(mail.text, "日本語\n");
}

static void test_odd_mails(void **state)
{
    (void)state;
    struct mime_mail mail =
        parse("From ann@example.com Mon Nov 16 10:00:00 2026\r\nFrom: a@b.example\r\n\r\nno newline");
    assert_string_equal(mail.from.address, "a@b.example");
    assert_string_equal(mail.text, "no newline");
    assert_null(mail.message_id);
    assert_true(mail.date == 0);

    mail = parse("");
    assert_string_equal(mail.text, "");
    assert_null(mail.from.address);
    mail = parse("\n\njust text\n");
    assert_non_null(strstr(mail.text, "just text"));
    mail = parse("Content-Type: multipart/mixed\n\nno boundary\n");
    assert_non_null(strstr(mail.text, "no boundary"));
    mail = parse("Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nnever closed\n");
    assert_non_null(strstr(mail.text, "never closed"));
    mail = parse("Content-Type: nonsense\n\ntext all the same\n");
    assert_int_equal(mail.attachments.n + (strstr(mail.text, "same") != NULL), 1);
    mail = parse("Content-Transfer-Encoding: base64\n\n!!!! not base64\n");
    assert_non_null(mail.text);
    mail = parse("Message-ID: no brackets here\nMessage-ID: <second@x>\n\n");
    assert_string_equal(mail.message_id, "<no brackets here>");
    mail = parse("Auto-Submitted: auto-replied\nReturn-Path: <>\n\n");
    assert_true(mail.automatic && mail.null_sender);
    mail = parse("Auto-Submitted: no\nPrecedence: normal\n\n");
    assert_false(mail.automatic);
    mail = parse("List-Id: <x.example>\n\n");
    assert_true(mail.automatic);

    struct mime_mail nul;
    mime_parse("From: a@b.c\nSubject: a\0b\n\nx\0y\n", 31, arena, &nul);
    assert_string_equal(nul.text, "xy\n");
}

static void test_bounds(void **state)
{
    (void)state;
    AUTO_BUF struct buf deep = {0};
    for (int i = 0; i < 3000; i++)
        buf_printf(&deep, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
    buf_puts(&deep, "Content-Type: text/plain\n\nbottom\n");
    struct mime_mail mail = parse(deep.data);
    assert_true(mail.cut);

    AUTO_BUF struct buf wide = {0};
    buf_puts(&wide, "Content-Type: multipart/mixed; boundary=b\n\n");
    for (int i = 0; i < 3000; i++)
        buf_puts(&wide, "--b\nContent-Type: image/png\n\nx\n");
    mail = parse(wide.data);
    assert_true(mail.cut);
    assert_true(mail.attachments.n <= MIME_PARTS_MAX);

    AUTO_BUF struct buf big = {0};
    buf_puts(&big, "Subject: ");
    for (int i = 0; i < 300000; i++)
        buf_puts(&big, "=?utf-8?Q?x?= ");
    buf_puts(&big, "\nReferences: ");
    for (int i = 0; i < 30000; i++)
        buf_printf(&big, "<%d@x> ", i);
    buf_puts(&big, "\n\n");
    for (int i = 0; i < 300000; i++)
        buf_puts(&big, "注文 ");
    mail = parse(big.data);
    assert_true(strlen(mail.subject) <= SUBJECT_MAX);
    assert_true(mail.references.n <= MIME_REFERENCES_MAX);
    assert_true(strlen(mail.text) <= MIME_TEXT_MAX);
    assert_true(utf8_valid(mail.text, strlen(mail.text)));
    assert_true(mail.cut);
}

static void test_attachment_names(void **state)
{
    (void)state;
    static const char *const CASES[][2] = {
        {"../../etc/passwd", "passwd"},
        {"C:\\Users\\a\\b.doc", "b.doc"},
        {"a\nb\tc.txt", "a_b_c.txt"},
        {"invoice\xe2\x80\xaegpj.exe", "invoice_gpj.exe"},
        {"\xff.pdf", "\xef\xbf\xbd.pdf"},
        {"", "attachment.pdf"},
        {"/", "_"},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct attachment at = attach(arena, CASES[i][0], "Application/PDF", "<c@d>", false, "x", 1);
        assert_string_equal(at.name, CASES[i][1]);
        assert_string_equal(at.type, "application/pdf");
        assert_string_equal(at.cid, "c@d");
    }
    assert_string_equal(attach(arena, NULL, "text/html\r\nX: y", NULL, false, "", 0).type, "application/octet-stream");
}

/* An id goes into an address as it is: none that could name another one is taken. */
static void test_files_at_a_provider(void **state)
{
    (void)state;
    static const char *const NO_IDS[] = {NULL, "", "../me", "1?fields=x", "1%2f2", "1 2", "a.b", "\xe3\x81\x82"};
    struct list files = {0};
    for (size_t i = 0; i < COUNT_OF(NO_IDS); i++)
        assert_null(attach_remote(arena, &files, NO_IDS[i], "a.jpg", "image/jpeg"));
    assert_int_equal(files.n, 0);
    struct attachment *file = attach_remote(arena, &files, "Ab_1-9", "../cup.jpg", NULL);
    assert_string_equal(file->remote, "Ab_1-9");
    assert_string_equal(file->name, "cup.jpg");
    assert_string_equal(file->type, "application/octet-stream");
    assert_int_equal(files.n, 1);
}

static void test_reports(void **state)
{
    (void)state;
    struct mime_mail mail = parse_file("bounce.eml");
    assert_true(mail.null_sender);
    assert_string_equal(mail.report.action, "failed");
    assert_string_equal(mail.report.message_id, "<0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f@shop.example>");
    assert_string_equal(mail.report.recipient, "nobody@example.com");
    assert_string_equal(mail.report.reason,
                        "5.1.1 550 5.1.1 <nobody@example.com>: Recipient address rejected: User unknown");
}

static void auth_is(const char *header, enum mime_auth expected)
{
    struct mime_mail mail =
        parse(arena_printf(arena, "Authentication-Results: %s\nFrom: Ann <ann@mail.example.com>\n\n", header));
    if (mime_verdict_of(&mail, "mx.shop.example").auth != expected)
        fail_msg("%s", header);
}

static void test_authentication(void **state)
{
    (void)state;
    auth_is("mx.shop.example; dmarc=pass header.from=mail.example.com", MIME_AUTH_PASS);
    auth_is("mx.shop.example 1; spf=pass smtp.mailfrom=x;\n dmarc=pass (p=none) header.from=mail.example.com",
            MIME_AUTH_PASS);
    auth_is("MX.shop.example; dkim=pass header.d=example.com", MIME_AUTH_PASS);
    auth_is("mx.shop.example; dkim=pass header.i=@mail.example.com", MIME_AUTH_PASS);
    auth_is("mx.shop.example; dmarc=fail header.from=mail.example.com; dkim=pass header.d=example.com", MIME_AUTH_FAIL);
    auth_is("mx.shop.example; dkim=pass header.d=evil.example", MIME_AUTH_NONE);
    auth_is("mx.shop.example; dkim=pass header.d=sub.mail.example.com", MIME_AUTH_NONE);
    auth_is("mx.shop.example; dkim=pass header.d=com", MIME_AUTH_NONE);
    auth_is("mx.shop.example; dkim=pass header.d=ample.com", MIME_AUTH_NONE);
    auth_is("mx.shop.example; dkim=fail header.d=example.com", MIME_AUTH_NONE);
    auth_is("mx.shop.example; dmarc=pass header.from=evil.example", MIME_AUTH_NONE);
    auth_is("mx.shop.example; dmarc=pass", MIME_AUTH_NONE); /* of whom? */
    auth_is("mx.shop.example; dmarc=fail", MIME_AUTH_FAIL);
    auth_is("mx.shop.example; spf=fail (dmarc=pass; dmarc=pass) smtp.mailfrom=\"; dmarc=pass ;\"@x", MIME_AUTH_NONE);
    auth_is("mx.shop.example; spf=fail reason=\"a\\\"; dmarc=pass\"", MIME_AUTH_NONE);
    auth_is("evil.example; dmarc=pass header.from=mail.example.com", MIME_AUTH_NONE);
    auth_is("mx.shop.example; none", MIME_AUTH_NONE);
    auth_is("mx.shop.example", MIME_AUTH_NONE);
    auth_is("(((", MIME_AUTH_NONE);
    /* ours stands on top; what a stranger wrote below does not count */
    auth_is(
        "mx.shop.example; dmarc=fail header.from=mail.example.com\nAuthentication-Results: mx.shop.example; dmarc=pass",
        MIME_AUTH_FAIL);
    struct mime_mail mail = parse("Authentication-Results: ; dmarc=pass\nFrom: a@b.example\n\n");
    assert_int_equal(mime_verdict_of(&mail, "").auth, MIME_AUTH_NONE);
}

static struct mime_mail round_trip(const struct mime_draft *draft, const char **ret_raw)
{
    size_t n;
    struct mime_mail mail;
    const char *raw = mime_build(draft, arena, &n);
    for (size_t i = 0; i < n; i++)
        if (raw[i] == '\n' && (i == 0 || raw[i - 1] != '\r'))
            fail_msg("a bare LF at byte %zu of\n%s", i, raw);
    for (const char *p = raw, *end; (end = strstr(p, "\r\n")) != NULL; p = end + 2)
        assert_true(end - p <= 998);
    for (size_t i = 0; i < n; i++)
        assert_false(raw[i] & 0x80);
    mime_parse(raw, n, arena, &mail);
    *ret_raw = raw;
    return mail;
}

static void test_what_is_built_reads_back(void **state)
{
    (void)state;
    static const char *const TEXTS[] = {
        "Hello,\n\nit is on its way.\n.\n..\nFrom here\n",
        "こんにちは。\nご注文は発送済みです。①～髙\n",
        "Grüße\n\nschöne Zeilen, die sehr lang sind und nicht umgebrochen werden, weil Empfänger das selbst besser "
        "können.\n",
        "one line of ascii that is longer than seventy-eight characters and must not be broken anywhere, please, thank "
        "you.\n",
        "trailing space \nand = sign\n",
    };
    static const char PNG[] = "\x89PNG\r\n\x1a\n\0\0\0";
    struct attachment files[] = {
        {.name = "見積書①.pdf", .type = "application/pdf", .size = sizeof(PNG), .data = PNG},
        {.name = "mail.eml", .type = "message/rfc822", .size = 5, .data = "a: b\n"},
    };
    struct mime_address ann = {"Ann Ünlü", "ann@example.com"};
    for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
        const char *raw;
        struct mime_draft draft = {
            .from = {"株式会社 Shop, \"The\"", "help@shop.example"},
            .to = {&ann, 1},
            .subject =
                "Re: ご注文 #1029 の件: a very long subject that certainly has to be folded somewhere, über alles",
            .date = 1794821400000LL,
            .message_id = "<m1@shop.example>",
            .in_reply_to = "<q1@example.com>",
            .references = "<q0@example.com> <q1@example.com>",
            .text = TEXTS[i],
            .attachments = {files, i % 2 ? 2 : 0},
        };
        struct mime_mail mail = round_trip(&draft, &raw);
        assert_string_equal(mail.from.name, draft.from.name);
        assert_string_equal(mail.from.address, draft.from.address);
        assert_string_equal(address(&mail.to, 0)->name, ann.name);
        assert_string_equal(mail.subject, draft.subject);
        assert_string_equal(mail.message_id, draft.message_id);
        assert_true(mail.date == draft.date);
        assert_int_equal(mail.references.n, 3);
        assert_string_equal(mail.text, TEXTS[i]);
        assert_non_null(strstr(raw, "MIME-Version: 1.0\r\n"));
        assert_int_equal(mail.attachments.n, draft.attachments.n);
        if (draft.attachments.n) {
            assert_string_equal(attachment(&mail, 0)->name, "見積書①.pdf");
            assert_int_equal(attachment(&mail, 0)->size, sizeof(PNG));
            assert_memory_equal(attachment(&mail, 0)->data, PNG, sizeof(PNG));
            assert_memory_equal(attachment(&mail, 1)->data, "a: b\n", 5);
        }
    }
}

/* In order; else the text has not all of them. */
static bool in_order(const char *text, const char *const *pieces)
{
    for (; *pieces; pieces++) {
        text = strstr(text, *pieces);
        if (!text)
            return false;
        text += strlen(*pieces);
    }
    return true;
}

/* What the text shows stands with its HTML, the others stand around both. */
static void test_pictures_stand_in_the_html(void **state)
{
    (void)state;
    static const char *const AROUND[] = {"multipart/mixed",    "multipart/alternative",
                                         "text/plain",         "multipart/related",
                                         "type=\"text/html\"", "text/html",
                                         "image/png",          "<a.1>",
                                         "application/pdf",    NULL};
    static const char *const ALONE[] = {
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png", NULL};
    struct mime_address ann = {"Ann", "ann@example.com"};
    struct attachment files[] = {
        {.name = "bill.pdf", .type = "application/pdf", .cid = "b.2", .size = 1, .data = "b"},
        {.name = "shot.png", .type = "image/png", .cid = "a.1", .is_inline = true, .size = 1, .data = "a"},
    };
    struct mime_draft draft = {.from = {"Shop", "help@shop.example"},
                               .to = {&ann, 1},
                               .subject = "Tea",
                               .message_id = "<m1@shop.example>",
                               .text = "[image: shot.png]",
                               .html = "<p><img src=\"cid:a.1\" alt=\"shot.png\"></p>",
                               .attachments = {files, 2}};
    const char *raw;
    struct mime_mail mail = round_trip(&draft, &raw);
    assert_true(in_order(raw, AROUND));
    assert_int_equal(mail.attachments.n, 2);
    assert_string_equal(attachment(&mail, 0)->cid, "a.1");
    assert_true(attachment(&mail, 0)->is_inline);
    assert_false(attachment(&mail, 1)->is_inline);
    assert_null(attachment(&mail, 1)->cid);
    draft.attachments = (struct list){&files[1], 1};
    mail = round_trip(&draft, &raw);
    assert_true(in_order(raw, ALONE));
    assert_null(strstr(raw, "multipart/mixed"));
    draft.html = NULL; /* nothing shows it */
    mail = round_trip(&draft, &raw);
    assert_null(strstr(raw, "multipart/related"));
    assert_null(strstr(raw, "Content-Id"));
    assert_non_null(strstr(raw, "Content-Disposition: attachment"));
    assert_false(attachment(&mail, 0)->is_inline);
}

static void test_nothing_can_be_smuggled_into_the_headers(void **state)
{
    (void)state;
    static const char EVIL[] = "x\r\nBcc: victim@example.com\r\n\r\nbody";
    const char *raw;
    struct attachment file = {.name = EVIL, .type = "text/plain", .cid = EVIL, .size = 1, .data = "x"};
    struct mime_address ann = {EVIL, "ann@example.com"};
    struct mime_draft draft = {
        .from = {EVIL, "help@shop.example"},
        .to = {&ann, 1},
        .subject = EVIL,
        .date = 1794821400000LL,
        .message_id = EVIL,
        .in_reply_to = "<a\r\nBcc: victim@example.com@b>",
        .references = EVIL,
        .text = "fine",
        .attachments = {&file, 1},
    };
    struct mime_mail mail = round_trip(&draft, &raw);
    if (strstr(raw, "\nBcc:"))
        fail_msg("%s", raw);
    assert_string_equal(mail.text, "fine\n");
    assert_int_equal(mail.attachments.n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_pictures_stand_in_the_html, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_plain_mail, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_japanese, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_header_texts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_addresses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ids_and_dates, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_alternatives_and_related, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_html_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_flowed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_odd_mails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bounds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_attachment_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_files_at_a_provider, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reports, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_authentication, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_built_reads_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nothing_can_be_smuggled_into_the_headers, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("mime", tests, NULL, NULL);
}
