/* Mail that comes by the e-mail channel: what becomes of it. */
#include "channel_kit.h"

#include "channel/mime.h"

#define SETTINGS                                                                                                 \
    "{\"token\":\"T0ken\",\"address\":\"Help@Shop.example\",\"display_name\":\"靴の店\",\"smtp_user\":\"u\"," \
    "\"smtp_password\":\"p\",\"smtp_tls\":true,\"trust_auth_results\":\"mx.shop.example\"}"

static struct arena *arena;
static struct channel_account *account;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    account = test_account(arena, &CHANNEL_EMAIL, SETTINGS);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static bool verifies(const char *authorization)
{
    struct error err = {0};
    struct web_request request = test_post(arena, "x", 1, authorization ? "authorization" : NULL, authorization, NULL);
    return CHANNEL_EMAIL.verify(account, &request, &err);
}

static void test_token(void **state)
{
    (void)state;
    assert_true(verifies("Bearer T0ken"));
    assert_true(verifies("bearer T0ken"));
    assert_false(verifies("Bearer t0ken"));
    assert_false(verifies("Bearer T0ken2"));
    assert_false(verifies("Bearer "));
    assert_false(verifies("Basic T0ken"));
    assert_false(verifies(""));
    assert_false(verifies(NULL));
    account = test_account(arena, &CHANNEL_EMAIL, "{\"address\":\"a@b.example\"}");
    assert_false(verifies("Bearer "));
    assert_false(verifies("Bearer (null)"));
}

static struct inbound_list parse_bytes(const char *raw, size_t n)
{
    struct web_request request = test_post(arena, raw, n, NULL);
    return test_parse(arena, account, &request);
}

static struct inbound_list parse(const char *raw)
{
    return parse_bytes(raw, strlen(raw));
}

static const struct inbound *only(const struct inbound_list *list)
{
    assert_null(list->problem);
    assert_int_equal(list->n, 1);
    return &list->items[0];
}

static void test_a_mail_becomes_an_entry(void **state)
{
    (void)state;
    size_t n;
    const char *raw = test_data(arena, "email/plain.eml", &n);
    struct inbound_list list = parse_bytes(raw, n);
    const struct inbound *item = only(&list);
    assert_int_equal(item->type, INBOUND_ENTRY);
    assert_int_equal(item->kind, ENTRY_MESSAGE);
    assert_int_equal(item->direction, DIRECTION_IN);
    assert_int_equal(item->from.kind, IDENTITY_EMAIL);
    assert_int_equal(item->from.space, 0);
    assert_string_equal(item->from.value, "ann@example.com");
    assert_string_equal(item->from.name, "Ann Example");
    assert_int_equal(item->from.proof, PROOF_CLAIMED);
    assert_string_equal(item->external_id, "<CAF=abc123@mail.gmail.com>");
    assert_true(item->occurred_at == 1794821400000LL);
    assert_int_equal(item->references.n, 4);
    assert_string_equal(((const char **)item->references.items)[0], "<3@shop.example>");
    assert_string_equal(test_payload(arena, item, "from"), "Ann Example <Ann@Example.com>");
    assert_string_equal(test_payload(arena, item, "to"), "[\"Shop, The <help@shop.example>\",\"second@shop.example\"]");
    assert_string_equal(test_payload(arena, item, "reply_to"), "reply@example.com");
    assert_string_equal(test_payload(arena, item, "message_id"), "<CAF=abc123@mail.gmail.com>");
    assert_string_equal(test_payload(arena, item, "in_reply_to"), "<3@shop.example>");
    assert_string_equal(test_payload(arena, item, "auto"), "false");
    assert_string_equal(test_payload(arena, item, "auth"), "none");
    assert_null(test_payload(arena, item, "quote_at"));
}

static void test_the_quotation_is_marked(void **state)
{
    (void)state;
    struct inbound_list list = parse("From: a@b.example\nMessage-ID: <1@x>\nContent-Type: text/plain; "
                                     "charset=utf-8\n\nありがとう\n\n2026年11月16日(月) "
                                     "10:00 靴の店 <help@shop.example>:\n> どうぞ\n");
    const struct inbound *item = only(&list);
    const char *at = test_payload(arena, item, "quote_at");
    assert_non_null(at);
    assert_memory_equal(item->text + atoi(at), "2026年", strlen("2026年"));
}

/* HTML alone, whose program marks no quotation: the line that introduces it is enough. */
static void test_the_quotation_is_marked_in_html(void **state)
{
    (void)state;
    struct inbound_list list =
        parse("From: a@b.example\nMessage-ID: <1@x>\nSubject: Re: Boots\nContent-Type: text/html; charset=utf-8\n\n"
              "<div>The red ones.</div><div><br></div><div>On Tue, Nov 17, 2026 at 9:15 AM, Shop&nbsp;&lt;<a "
              "href=\"mailto:help@shop.example\">help@shop.example</a>&gt; wrote:<br></div><div>Which ones?</div>\n");
    const struct inbound *item = only(&list);
    const char *at = test_payload(arena, item, "quote_at");
    assert_non_null(at);
    assert_memory_equal(item->text + atoi(at), "On Tue", strlen("On Tue"));
}

/* What is passed on is the content: its own history alone is folded. */
static void test_a_forwarded_mail(void **state)
{
    (void)state;
    struct inbound_list list =
        parse("From: bob@partner.example\nMessage-ID: <1@x>\nSubject: Fwd: Boots\nReferences: <0@x>\n\nFor you.\n\n"
              "---------- Forwarded message ---------\nFrom: Ann Sommer <Ann@Customer.example>\n"
              "Date: Tue, Nov 17, 2026 at 9:15 AM\nSubject: Boots\nTo: <bob@partner.example>\n\nAre they warm?\n\n"
              "On Mon, Nov 16, 2026 at 8:00 AM Bob <bob@partner.example> wrote:\n> Boots?\n");
    const struct inbound *item = only(&list);
    assert_string_equal(item->from.value, "bob@partner.example");
    assert_string_equal(test_payload(arena, item, "forwarded_from"),
                        "{\"name\":\"Ann Sommer\",\"address\":\"ann@customer.example\",\"subject\":\"Boots\","
                        "\"date\":\"Tue, Nov 17, 2026 at 9:15 AM\"}");
    const char *at = test_payload(arena, item, "quote_at");
    assert_non_null(at);
    assert_memory_equal(item->text + atoi(at), "On Mon", strlen("On Mon"));
}

#define ATTACHED_MAIL(from)                            \
    "--b\nContent-Type: message/rfc822\n\nFrom: " from \
    "\nSubject: Boots\nDate: Tue, 17 Nov 2026 09:15:00 +0100\n\nWarm?\n"
#define WITH_MAILS(subject, mails)                                    \
    "From: bob@partner.example\nMessage-ID: <1@x>\nSubject: " subject \
    "\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nFor you.\n" mails "--b--\n"

static void test_a_mail_forwarded_as_a_file(void **state)
{
    (void)state;
    struct inbound_list list = parse(WITH_MAILS("Fwd: Boots", ATTACHED_MAIL("Ann <ann@customer.example>")));
    assert_string_equal(test_payload(arena, only(&list), "forwarded_from"),
                        "{\"name\":\"Ann\",\"address\":\"ann@customer.example\",\"subject\":\"Boots\","
                        "\"date\":\"Tue, 17 Nov 2026 09:15:00 +0100\"}");
    list = parse(WITH_MAILS("As proof", ATTACHED_MAIL("Ann <ann@customer.example>")));
    assert_null(test_payload(arena, only(&list), "forwarded_from"));
    list = parse(WITH_MAILS("Fwd: Both", ATTACHED_MAIL("Ann <a@c.example>") ATTACHED_MAIL("Mia <m@c.example>")));
    assert_null(test_payload(arena, only(&list), "forwarded_from"));
    list = parse(WITH_MAILS("Fwd: Boots", "--b\nContent-Type: message/rfc822\n\n\n"));
    assert_null(test_payload(arena, only(&list), "forwarded_from"));
}

static void test_a_mail_without_an_id_or_a_date(void **state)
{
    (void)state;
    static const char RAW[] = "From: a@b.example\n\nhello\n";
    struct inbound_list first = parse(RAW), second = parse(RAW), other = parse("From: a@b.example\n\nhello!\n");
    const struct inbound *item = only(&first);
    assert_memory_equal(item->external_id, "sha256:", 7);
    assert_int_equal(strlen(item->external_id), 7 + 64);
    assert_string_equal(item->external_id, second.items[0].external_id);
    assert_string_not_equal(item->external_id, other.items[0].external_id);
    assert_true(item->occurred_at == RECEIVED_AT);
}

/* Two channels of ours, or the same one by two addresses. */
static void test_a_mail_without_an_id_is_the_same_by_any_way(void **state)
{
    (void)state;
#define RAW_MAIL "From: a@b.example\r\n\r\nhello\r\n"
    static const char *const WAYS[] = {
        RAW_MAIL,
        "Return-Path: <a@b.example>\r\nDelivered-To: help@shop.example\r\n" RAW_MAIL,
        "delivered-to: orders@shop.example\r\nDelivered-To: x@shop.example\r\nReturn-path: <>\r\n" RAW_MAIL,
    };
    struct inbound_list first = parse(WAYS[0]);
    for (size_t i = 1; i < COUNT_OF(WAYS); i++) {
        struct inbound_list list = parse(WAYS[i]);
        assert_string_equal(only(&list)->external_id, only(&first)->external_id);
    }
    struct inbound_list other = parse("X-Delivered-To: x@shop.example\r\n" RAW_MAIL);
    assert_string_not_equal(only(&other)->external_id, only(&first)->external_id);
#undef RAW_MAIL
}

static void test_a_very_long_id(void **state)
{
    (void)state;
    char id[700];
    memset(id, 'a', sizeof(id));
    id[699] = '\0';
    struct inbound_list list =
        parse(arena_printf(arena, "From: a@b.example\nMessage-ID: <%s@x>\nIn-Reply-To: <%s@x>\n\nx\n", id, id));
    const struct inbound *item = only(&list);
    assert_memory_equal(item->external_id, "sha256:", 7);
    assert_string_equal(((const char **)item->references.items)[0], item->external_id); /* both the same way */
}

static void test_dates(void **state)
{
    (void)state;
    static const struct {
        const char *headers;
        int64_t at;
    } CASES[] = {
        {"Date: Mon, 16 Nov 2026 09:30:00 +0000\n", 1794821400000LL},
        {"Date: Thu, 01 Jan 1970 00:00:00 +0000\n", RECEIVED_AT},
        {"Date: Fri, 01 Jan 2038 00:00:00 +0000\n", RECEIVED_AT},
        {"Date: Sat, 99 Foo 20266 77:88:99 +9999\n", RECEIVED_AT},
        {"Date: \n", RECEIVED_AT},
        {"Date: Mon, 16 Nov 2020 09:30:00 +0000\n", 1605519000000LL}, /* an old mail that is handed over now */
        /* a clock that is years behind: what a server saw counts */
        {"Received: by x; Mon, 16 Nov 2026 09:30:05 +0000\nDate: Mon, 16 Nov 2020 09:30:00 +0000\n", 1794821405000LL},
        {"Received: by x; Mon, 16 Nov 2026 09:30:05 +0000\n", 1794821405000LL},
        /* … hours behind, or held up */
        {"Received: by x; Mon, 16 Nov 2026 09:30:05 +0000\nDate: Sun, 15 Nov 2026 09:30:00 +0000\n", 1794821405000LL},
        {"Received: by x; Mon, 16 Nov 2026 09:30:05 +0000\nDate: Mon, 16 Nov 2026 00:30:00 +0000\n", 1794821405000LL},
        {"Received: by x; Mon, 16 Nov 2026 09:30:05 +0000\nDate: Mon, 16 Nov 2026 09:50:00 +0000\n", 1794821405000LL},
        {"Received: by x; Mon, 16 Nov 2026 09:30:05 +0000\nDate: Mon, 16 Nov 2026 09:25:00 +0000\n", 1794821100000LL},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct inbound_list list = parse(arena_printf(arena, "From: a@b.example\n%s\nx\n", CASES[i].headers));
        if (only(&list)->occurred_at != CASES[i].at)
            fail_msg("case %zu: %lld", i, (long long)list.items[0].occurred_at);
    }
}

static void test_proof(void **state)
{
    (void)state;
    static const struct {
        const char *results;
        enum proof proof;
        const char *auth;
    } CASES[] = {
        {"mx.shop.example; dmarc=pass header.from=b.example", PROOF_PROVEN, "pass"},
        {"mx.shop.example; dkim=pass header.d=b.example", PROOF_PROVEN, "pass"},
        {"mx.shop.example; dmarc=fail header.from=b.example", PROOF_CLAIMED, "fail"},
        {"mx.evil.example; dmarc=pass header.from=b.example", PROOF_CLAIMED, "none"},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        const char *raw = arena_printf(arena, "Authentication-Results: %s\nFrom: a@b.example\n\nx\n", CASES[i].results);
        account = test_account(arena, &CHANNEL_EMAIL, SETTINGS);
        struct inbound_list list = parse(raw);
        assert_int_equal(only(&list)->from.proof, CASES[i].proof);
        bool failed = strcmp(CASES[i].auth, "fail") == 0; /* it is not filed under the address, which is only a claim */
        assert_int_equal(list.items[0].from.kind, failed ? IDENTITY_UNVERIFIED_EMAIL : IDENTITY_EMAIL);
        assert_int_equal(list.items[0].n_also, failed);
        assert_int_equal(list.items[0].also[0].proof, failed ? PROOF_CLAIMED : PROOF_ANONYMOUS);
        assert_string_equal(test_payload(arena, &list.items[0], "auth"), CASES[i].auth);
        account = test_account(arena, &CHANNEL_EMAIL, "{\"address\":\"help@shop.example\"}"); /* trusts nobody */
        list = parse(raw);
        assert_int_equal(only(&list)->from.proof, PROOF_CLAIMED);
    }
}

static void test_our_own_mail_is_nobodys(void **state)
{
    (void)state;
    assert_int_equal(parse("From: Shop <HELP@shop.example>\nTo: a@b.example\n\nx\n").n, 0);
    assert_int_equal(parse("From: help@shop.example\nReply-To: help@shop.example\n\nx\n").n, 0);
    /* a form on our own site */
    struct inbound_list list =
        parse("From: help@shop.example\nReply-To: Ann <ann@b.example>\nTo: help@shop.example\n\nx\n");
    assert_string_equal(only(&list)->from.value, "ann@b.example");
    assert_int_equal(list.items[0].from.proof, PROOF_CLAIMED);
}

static void test_what_we_write_elsewhere_is_an_answer(void **state)
{
    (void)state;
#define FROM_US \
    "Authentication-Results: mx.shop.example; dmarc=pass header.from=shop.example\nFrom: Ada <help@shop.example>\n"
    account = test_account(arena, &CHANNEL_EMAIL,
                           "{\"address\":\"help@shop.example\",\"aliases\":\"info@shop.example\","
                           "\"trust_auth_results\":\"mx.shop.example\"}");
    struct inbound_list list = parse(FROM_US "To: info@shop.example, Ann <ann@b.example>\nCc: help@shop.example\n"
                                             "Message-ID: <3F2504E0-4F89-41D3-9A0C-0305E82C3301@shop.example>\n\nx\n");
    assert_int_equal(list.n, 1);
    assert_int_equal(list.items[0].direction, DIRECTION_OUT);
    assert_int_equal(list.items[0].delivery, DELIVERY_SENT);
    assert_string_equal(list.items[0].from.value, "ann@b.example");
    assert_string_equal(list.items[0].from.name, "Ann");
    assert_string_equal(list.items[0].author_name, "Ada");
    /* what has left here comes back, as by a copy */
    assert_int_equal(
        parse(FROM_US "To: ann@b.example\nMessage-ID: <0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f@shop.example>\n\nx\n").n,
        0);
    assert_int_equal(parse(FROM_US "To: help+1@shop.example\n\nx\n").n, 0);
    /* anybody may write our address there */
    assert_int_equal(parse("From: help@shop.example\nTo: ann@b.example\n\nx\n").n, 0);
#undef FROM_US
}

static void test_a_mail_from_nowhere_is_kept(void **state)
{
    (void)state;
    struct inbound_list list = parse("Subject: x\n\nwho am I\n");
    assert_int_equal(only(&list)->from.kind, IDENTITY_EXTERNAL);
    assert_int_equal(list.items[0].from.space, SPACE_OF_ACCOUNT);
    assert_int_equal(list.items[0].from.proof, PROOF_ANONYMOUS);
    list = parse("Sender: s@b.example\n\nx\n");
    assert_string_equal(only(&list)->from.value, "s@b.example");
    list = parse("From: nonsense\nReturn-Path: <r@b.example>\n\nx\n");
    assert_string_equal(only(&list)->from.value, "r@b.example");
}

static void test_a_bounce_is_a_receipt(void **state)
{
    (void)state;
    size_t n;
    char *raw = test_data(arena, "email/bounce.eml", &n);
    struct inbound_list list = parse_bytes(raw, n);
    const struct inbound *item = only(&list);
    assert_int_equal(item->type, INBOUND_RECEIPT);
    assert_int_equal(item->delivery, DELIVERY_FAILED);
    assert_string_equal(item->external_id, "<0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f@shop.example>");
    assert_string_equal(item->from.value, "nobody@example.com");
    assert_non_null(strstr(item->error, "User unknown"));

    char *action = strstr(raw, "Action: failed"); /* nothing that changes the answer, but a person may read it */
    memcpy(action, "Action: relayd", 14);
    struct inbound_list other = parse_bytes(raw, n);
    assert_int_equal(only(&other)->type, INBOUND_ENTRY);
    assert_true(other.items[0].by_program);
}

static const struct inbound *receipt(const char *name)
{
    size_t n;
    const char *raw = test_data(arena, name, &n);
    struct inbound_list list = parse_bytes(raw, n);
    const struct inbound *item = only(&list);
    assert_int_equal(item->type, INBOUND_RECEIPT);
    assert_string_equal(item->external_id, "<0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f@shop.example>");
    assert_int_equal(item->entry_id.b[0], 0x01);
    return item;
}

static void test_a_late_mail_leaves_a_trace(void **state)
{
    (void)state;
    const struct inbound *item = receipt("email/delayed.eml");
    assert_int_equal(item->delivery, DELIVERY_NONE);
    assert_non_null(strstr(item->error, "\"mail_delayed\",\"params\":{\"recipient\":\"slow@example.com\""));
    item = receipt("email/exim-delayed.eml");
    assert_int_equal(item->delivery, DELIVERY_NONE);
}

static void test_a_bounce_in_a_servers_own_words(void **state)
{
    static const struct {
        const char *file, *recipient, *reason;
    } CASES[] = {
        {"email/exim.eml", "gone@gone.example", "all relevant MX records point to non-existent hosts"},
        {"email/qmail.eml", "gone@gone.example", "Sorry, no mailbox here by that name. (#5.1.1)"},
        {"email/exchange.eml", "gone@gone.example", "The e-mail account does not exist"},
        {"email/postfix-plain.eml", "gone@gone.example", "550 5.1.1 no such person"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        const struct inbound *item = receipt(CASES[i].file);
        assert_int_equal(item->delivery, DELIVERY_FAILED);
        assert_string_equal(item->from.value, CASES[i].recipient);
        if (!strstr(item->error, CASES[i].reason))
            fail_msg("%s: %s", CASES[i].file, item->error);
    }
}

static void test_a_bounce_of_what_we_never_sent_is_an_entry(void **state)
{
    (void)state;
    const struct inbound *otherwise = receipt("email/exim.eml")->or_entry;
    assert_int_equal(otherwise->type, INBOUND_ENTRY);
    assert_true(otherwise->by_program);
    assert_string_equal(otherwise->from.value, "gone@gone.example"); /* and not the mail server */
    assert_non_null(strstr(otherwise->text, "could not be delivered"));
    struct inbound_list list = parse("From: MAILER-DAEMON@mx.example\nReturn-Path: <>\n\nsomething went wrong\n");
    assert_int_equal(only(&list)->type, INBOUND_ENTRY); /* what no program can read, a person can */
    assert_true(list.items[0].by_program);
    assert_string_equal(test_payload(arena, &list.items[0], "auto"), "true");
}

static void test_a_person_may_send_a_bounce_on(void **state)
{
    (void)state;
    size_t n;
    char *bounce = test_data(arena, "email/bounce.eml", &n);
    const char *parts = strstr(bounce, "\n\n"), *boundary = strstr(bounce, "boundary=");
    assert_non_null(boundary);
    struct inbound_list list =
        parse(arena_printf(arena, "From: Ann <ann@b.example>\nSubject: look\nContent-Type: multipart/mixed; %.*s\n%s",
                           (int)strcspn(boundary, "\r\n"), boundary, parts));
    assert_int_equal(only(&list)->type, INBOUND_ENTRY);
    assert_false(list.items[0].by_program);
    assert_string_equal(list.items[0].from.value, "ann@b.example");
    assert_true(list.items[0].attachments.n > 0);
    list = parse("From: Ann <postmaster@b.example>\nSubject: Re: shoes\nIn-Reply-To: <1@shop.example>\n\nthank you\n");
    assert_int_equal(only(&list)->type, INBOUND_ENTRY); /* whoever has such an address may write as well */
    assert_false(list.items[0].by_program);
}

static void test_an_automatic_reply_is_told_apart(void **state)
{
    static const struct {
        const char *headers;
        bool by_program;
    } CASES[] = {
        {"Auto-Submitted: auto-replied\n", true},
        {"Auto-Submitted: auto-replied (vacation)\nReturn-Path: <>\nIn-Reply-To: <1@shop.example>\n", true},
        {"X-Autoreply: yes\n", true},
        {"Precedence: auto_reply\n", true},
        {"Auto-Submitted: auto-generated\n", false}, /* a form: somebody waits */
        {"Precedence: bulk\n", false},
        {"", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct inbound_list list = parse(arena_printf(arena, "From: a@b.example\n%s\nx\n", CASES[i].headers));
        assert_int_equal(only(&list)->type, INBOUND_ENTRY);
        if (list.items[0].by_program != CASES[i].by_program)
            fail_msg("%s", CASES[i].headers);
    }
}

static void test_the_customer_of_a_form_stands_in_reply_to(void **state)
{
    static const struct {
        const char *headers, *from;
    } CASES[] = {
        {"From: mailer-42@forms.example\nReply-To: Ann <ann@home.example>\n", "ann@home.example"},
        {"From: no-reply@builder.example\nReply-To: ann@home.example\n", "ann@home.example"},
        {"From: form-submission@builder.example\nReply-To: ann@home.example\n", "ann@home.example"},
        {"From: WordPress <wordpress@shop.example>\nReply-To: ann@home.example\n", "ann@home.example"},
        {"From: info@shop.example\nReply-To: ann@home.example\n", "ann@home.example"},
        {"From: no-reply@builder.example\nReply-To: support-noreply@builder.example\n", "no-reply@builder.example"},
        {"From: no-reply@builder.example\nReply-To: help@shop.example\n", "no-reply@builder.example"},
        {"From: no-reply@builder.example\n", "no-reply@builder.example"},
        /* people answer from elsewhere, too */
        {"From: ann@work.example\nReply-To: ann@home.example\n", "ann@work.example"},
        {"From: eva@shop.example\nReply-To: max@shop.example\n", "eva@shop.example"},
        {"From: ann@home.example\nReply-To: list@lists.example\nList-Id: <list.lists.example>\n", "ann@home.example"},
        {"From: noreply@lists.example\nReply-To: list@lists.example\nList-Post: <x>\n", "noreply@lists.example"},
        {"From: formann@home.example\nReply-To: x@work.example\n", "formann@home.example"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct inbound_list list = parse(arena_printf(arena, "%s\nx\n", CASES[i].headers));
        if (strcmp(only(&list)->from.value, CASES[i].from) != 0)
            fail_msg("%s: %s", CASES[i].headers, list.items[0].from.value);
    }
    /* what somebody typed is never proven, whoever signed the mail */
    struct inbound_list list = parse("Authentication-Results: mx.shop.example; dmarc=pass header.from=b.example\n"
                                     "From: noreply@b.example\nReply-To: ann@home.example\n\nx\n");
    assert_int_equal(only(&list)->from.proof, PROOF_CLAIMED);
    list = parse("Authentication-Results: mx.shop.example; dmarc=fail header.from=b.example\n"
                 "From: noreply@b.example\nReply-To: ann@home.example\n\nx\n");
    assert_int_equal(only(&list)->from.kind, IDENTITY_UNVERIFIED_EMAIL);
    account = test_account(arena, &CHANNEL_EMAIL, "{\"address\":\"shoe.shop@gmail.com\"}");
    list = parse("From: ann@gmail.com\nReply-To: ann@home.example\n\nx\n"); /* no colleague of the shop's */
    assert_string_equal(only(&list)->from.value, "ann@gmail.com");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_token, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_mail_becomes_an_entry, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_quotation_is_marked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_quotation_is_marked_in_html, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_forwarded_mail, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_mail_forwarded_as_a_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_mail_without_an_id_or_a_date, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_mail_without_an_id_is_the_same_by_any_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_very_long_id, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_dates, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_proof, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_our_own_mail_is_nobodys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_we_write_elsewhere_is_an_answer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_mail_from_nowhere_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_bounce_is_a_receipt, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_late_mail_leaves_a_trace, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_bounce_in_a_servers_own_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_bounce_of_what_we_never_sent_is_an_entry, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_person_may_send_a_bounce_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_automatic_reply_is_told_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_customer_of_a_form_stands_in_reply_to, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("email", tests, NULL, NULL);
}
